/**
 * Our end of {@code interop/memory-with-siw}: memory exposed to the Linux kernel's siw driver, and its memory used by us. The
 * other end is {@code interop/guest/memory-peer.c} in the virtual machine, which does what an {@link io.verbena.examples.siw.Order}
 * of ours says. Start reading at {@link io.verbena.examples.siw.MemoryWithSiw}; it is compiled by the script too, and uses
 * nothing that a user of the library does not have.
 */
package io.verbena.examples.siw;
