package io.verbena.testkit.bufferpool;

import io.verbena.device.SoftIwarpProvider;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.StagingBuffer;
import io.verbena.testkit.DevicePair;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * Gives one buffer of a queue pair that sends to another one, behind its back: on its loop, when the next segment stands in its
 * buffer and nothing has been written yet.
 */
final class BufferThief implements StackEvents {
    private static final int NOBODY = -1;

    /** Which buffer. */
    enum Loot {
        /** That in which the segment was framed: the arena, or the marker body if there are markers. */
        FRAMED_IN,
        /** The other: the arena, if there are markers. */
        OTHER
    }

    private AdapterBufferPool pool;
    private Loot loot;
    private int to;
    private volatile int victim = NOBODY;
    private volatile int stolen;

    /** Lies in wait for the next segment of {@code from}. */
    void lieInWait(DevicePair pair, Loot what, int from, int receiver) {
        pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
        loot = what;
        to = receiver;
        victim = from;
    }

    /** Returns how many buffers it has given away. */
    int stolen() {
        return stolen;
    }

    @Override
    public void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int segmentOctets) {
        if (direction == Direction.SENT && queuePairNumber == victim) {
            victim = NOBODY;
            stolen = (int) pool.owned(queuePairNumber).stream()
                    .filter(each -> wanted(each, lent))
                    .filter(each -> pool.handOver(each, queuePairNumber, to))
                    .count();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the same buffer, whatever is in it
    private boolean wanted(StagingBuffer buffer, ByteBuffer framedIn) {
        return buffer.octets().capacity() == pool.bufferOctets()
                && (buffer.octets() == framedIn) == (loot == Loot.FRAMED_IN);
    }
}
