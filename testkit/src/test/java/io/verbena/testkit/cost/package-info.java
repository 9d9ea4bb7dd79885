/**
 * What operations cost that is not time: heap octets, copies, system calls. {@code docs/performance.md} states each number, and
 * {@link io.verbena.testkit.cost.OperationCostTest} compares.
 *
 * <p>Devices run over TCP with a layer between that counts what passes ({@link io.verbena.testkit.cost.CountingTransport}).
 */
package io.verbena.testkit.cost;
