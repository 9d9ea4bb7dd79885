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

    /** Messages to a queue pair are refused from now on: the first since one was admitted; it may not have come to its end. */
    void onRefusing(int queuePairNumber, int limit);

    /** A message was dropped, all of which has come. */
    void onDropped(int queuePairNumber, long lengthOctets);
}
