package io.verbena.benchmarks.raw;

/** A stream's receiver returns one octet for every so many, so that its sender can know when all has arrived. */
public final class Acknowledged {
    /** Octets behind each of which one octet comes back; a divisor of every region. */
    public static final int EVERY_OCTETS = 4 << 20;

    private Acknowledged() {}
}
