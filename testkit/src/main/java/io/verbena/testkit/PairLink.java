package io.verbena.testkit;

/**
 * A connection of a {@link DevicePair}.
 *
 * @param client the end that connected
 * @param server the end that accepted
 */
public record PairLink(PairEnd client, PairEnd server) {}
