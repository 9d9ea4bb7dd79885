/**
 * Our end of {@code interop/memory-with-siw} and {@code interop/operations-with-siw}: operations between us and the Linux kernel's
 * siw driver, by either. The other end is {@code interop/guest/order-peer.c} in the virtual machine, which is started for each
 * connection and does what an {@link io.verbena.examples.siw.Order} of ours says. Start reading at
 * {@link io.verbena.examples.siw.OperationsWithSiw}; it is compiled by the script too, and uses nothing that a user of the
 * library does not have.
 */
package io.verbena.examples.siw;
