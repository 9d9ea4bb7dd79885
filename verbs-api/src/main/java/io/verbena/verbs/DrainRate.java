package io.verbena.verbs;

/**
 * How much of a shared receive queue a queue pair has used over the window of a {@link DrainMonitor}.
 *
 * @param queuePairNumber the queue pair
 * @param receives receives that completed for it in the window
 * @param perSecond the same for each second of the window
 * @param share its part of the receives of all queue pairs in the window, above 0 to 1
 */
public record DrainRate(int queuePairNumber, long receives, double perSecond, double share) {}
