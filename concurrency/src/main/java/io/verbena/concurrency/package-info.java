/**
 * Races between two or three threads, run millions of times by jcstress. Each class is one race and names every outcome that
 * is legal; any other fails the run. What the outcomes mean for users is in {@code docs/queues.md}.
 *
 * <p>jcstress makes the threads: one for each {@code @Actor}; the {@code @Arbiter} comes after all of them. Run them with
 * {@code concurrency/run}. Start reading at {@link io.verbena.concurrency.PostAndServe}.
 */
package io.verbena.concurrency;
