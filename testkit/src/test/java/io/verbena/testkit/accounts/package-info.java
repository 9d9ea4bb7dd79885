/**
 * A seeded simulation of hundreds of queue pairs that share receive queues and completion queues, compared with a model after
 * every step: who may draw a receive, what completes and in which order, and who holds what.
 *
 * <p>Walks ({@link io.verbena.testkit.accounts.AccountsWalk}) take random steps on two devices of a simulated network. A
 * listener ({@link io.verbena.testkit.accounts.Witness}) takes every segment that arrives to the model, which decides on its
 * own what has to become of the message before the adapter does. Start at {@link io.verbena.testkit.accounts.ModelQueue}: the
 * rules of a shared receive queue, in plain Java.
 */
package io.verbena.testkit.accounts;
