package io.verbena.verbs;

/**
 * What a {@link ReceiveLimits} knows of the queue pair whose limit it sets.
 *
 * @param queuePairNumber the queue pair
 * @param weight its weight ({@link QueuePairOptions#receiveWeight()})
 * @param held receives of the queue that it holds now
 * @param queuePairs queue pairs that use the queue, this one included
 * @param totalWeight sum of their weights
 * @param depth receives that the queue can hold
 */
public record ReceiveShare(int queuePairNumber, int weight, int held, int queuePairs, long totalWeight, int depth) {}
