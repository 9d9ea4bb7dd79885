package io.verbena.queue;

/**
 * What the device learns from a shared receive queue. Thread rule: called on the loop where it happens, outside all locks; do
 * not block.
 */
public interface SharedReceivesOwner {
    /** Fewer receives wait than the watermark, which is disarmed now. */
    void onLow(int waiting, int lowWatermark);

    /** A queue pair holds more receives than was armed for it; disarmed now. */
    void onHeld(int queuePairNumber, int held);

    /**
     * A message was dropped.
     *
     * @param first whether the one before it to this queue pair was admitted
     */
    void onDropped(int queuePairNumber, long lengthOctets, boolean first);
}
