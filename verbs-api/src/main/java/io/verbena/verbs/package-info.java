/**
 * The verbs: what applications compile against. Memory is registered in a {@link io.verbena.verbs.ProtectionDomain},
 * requests are posted to a {@link io.verbena.verbs.QueuePair}, their outcomes are polled from a
 * {@link io.verbena.verbs.CompletionQueue}.
 *
 * <p>This package holds interfaces, values and reusable requests only; a {@link io.verbena.verbs.spi.VerbsProvider} makes
 * the objects. Names and rules are those of the RDMA verbs literature; libibverbs users will find their way.
 *
 * <p>Start reading at {@link io.verbena.verbs.Device}.
 */
package io.verbena.verbs;
