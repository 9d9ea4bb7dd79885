package io.verbena.benchmarks.row;

import io.verbena.verbs.PlacementMode;

/**
 * What the two ends of a row do.
 *
 * @param shape how operations follow each other
 * @param operation what moves the octets
 * @param messageOctets octets of a message, a divisor of the region
 * @param batch messages posted together, or flushed together
 * @param outstanding batches under way at once
 * @param placement how our receiving end places; {@link PlacementMode#DIRECT} means without CRC
 * @param progress who drives our devices
 */
public record Workload(
        Shape shape,
        Operation operation,
        int messageOctets,
        int batch,
        int outstanding,
        PlacementMode placement,
        Progress progress) {
    static Workload stream(Operation operation, int messageOctets, PlacementMode placement) {
        return new Workload(Shape.STREAM, operation, messageOctets, 1, 16, placement, Progress.DRIVEN_ASLEEP);
    }

    static Workload rate(Operation operation) {
        return new Workload(Shape.STREAM, operation, 64, 64, 4, PlacementMode.DIRECT, Progress.DRIVEN_ASLEEP);
    }

    static Workload ping(Operation operation, Progress progress) {
        return new Workload(Shape.PING, operation, 64, 1, 1, PlacementMode.DIRECT, progress);
    }

    static Workload special(Shape shape, Operation operation, int messageOctets, Progress progress) {
        return new Workload(shape, operation, messageOctets, 1, 4, PlacementMode.DIRECT, progress);
    }

    /** Returns whether messages are so small that their number counts and not their octets. */
    public boolean counted() {
        return messageOctets < 1024;
    }

    /** Returns a copy with another operation, size and placement. */
    public Workload with(Operation other, int octets, PlacementMode mode, Progress driver) {
        return new Workload(Shape.STREAM, other, octets, batch, outstanding, mode, driver);
    }
}
