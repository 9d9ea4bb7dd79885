package io.verbena.testkit.bufferpool;

import io.verbena.device.SoftIwarpProvider;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.StagingBuffer;
import io.verbena.testkit.DevicePair;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * Gives one buffer of a queue pair that sends to another one, behind its back: on its loop, when the next segment stands in its
 * buffer and nothing has been written yet.
 */
final class BufferThief implements StackEvents {
    private static final int NOBODY = -1;
    private static final long MARK = 0x5EA15EA15EA15EA1L;

    /** Where it leaves marks: so far behind the begin of the segment, and so far behind its end. */
    private static final int MARK_OFFSET = 4096;

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
    private volatile ByteBuffer stolen;
    private int segment;
    private int behind;

    /** Lies in wait for the next segment of {@code from}. */
    void lieInWait(DevicePair pair, Loot what, int from, int receiver) {
        pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
        loot = what;
        to = receiver;
        victim = from;
    }

    /** Returns whether a buffer was given away, and nothing was moved into it since. */
    boolean untouched() {
        return stolen != null
                && (loot == Loot.OTHER
                        || (stolen.getLong(segment + MARK_OFFSET) == MARK
                                && stolen.getLong(behind + MARK_OFFSET) == MARK));
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
            segment = offset;
            behind = offset + segmentOctets;
            pool.owned(queuePairNumber).stream()
                    .filter(each -> wanted(each, lent))
                    .filter(each -> pool.handOver(each, queuePairNumber, to))
                    .forEach(each -> mark(each.octets()));
        }
    }

    /** It is the other's now, who writes to it. */
    private void mark(ByteBuffer octets) {
        if (loot == Loot.FRAMED_IN) {
            octets.putLong(segment + MARK_OFFSET, MARK).putLong(behind + MARK_OFFSET, MARK);
        }
        stolen = octets;
    }

    @SuppressWarnings("ReferenceEquality") // the same buffer, whatever is in it
    private boolean wanted(StagingBuffer buffer, ByteBuffer framedIn) {
        return buffer.octets().capacity() == pool.bufferOctets()
                && buffer.uses() != BufferUse.ARRIVING.bit()
                && (buffer.octets() == framedIn) == (loot == Loot.FRAMED_IN);
    }
}
