package io.verbena.verbs.async;

import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message that arrived in a buffer of a {@link ReceivePool}. It has to be released (or closed): only then can its buffer
 * take another message.
 *
 * <p>Thread rule: any thread, one at a time. Ownership: the octets are lent until {@link #release()}.
 */
public final class ReceivedMessage implements AutoCloseable {
    private final ReceivePool pool;
    private final int slot;
    private final BufferLease lease;
    private final ByteBuffer octets;
    private final WorkCompletion completion;
    private final AtomicBoolean released = new AtomicBoolean();

    ReceivedMessage(ReceivePool pool, int slot, BufferLease lease, ByteBuffer octets, WorkCompletion completion) {
        this.pool = pool;
        this.slot = slot;
        this.lease = lease;
        this.octets = octets;
        this.completion = completion;
    }

    /** Returns the message: position 0, limit its length. A view of registered memory, lent until {@link #release()}. */
    public ByteBuffer octets() {
        if (released.get()) {
            throw new IllegalStateException("the message was released: its buffer may hold another by now");
        }
        return octets;
    }

    /** Returns its length in octets; 0 for Immediate Data. */
    public long lengthOctets() {
        return completion.lengthOctets();
    }

    /** Returns whether it was sent with Solicited Event. */
    public boolean solicited() {
        return completion.solicited();
    }

    /** Returns whether it invalidated an STag here. */
    public boolean invalidated() {
        return completion.invalidated();
    }

    /** Returns the STag that it invalidated, if {@link #invalidated()}. */
    public int invalidatedStag() {
        return completion.invalidatedStag();
    }

    /** Returns whether it is Immediate Data: 8 octets that are not in the buffer, which it used up nonetheless. */
    public boolean hasImmediate() {
        return completion.hasImmediate();
    }

    /** Returns the 8 octets of Immediate Data as a big-endian number, if {@link #hasImmediate()}. */
    public long immediateData() {
        return completion.immediateData();
    }

    /** Gives the buffer back to the pool, which posts it again. Idempotent; never blocks for long. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            pool.onReleased(slot, lease);
        }
    }

    /** Same as {@link #release()}. */
    @Override
    public void close() {
        release();
    }

    @Override
    public String toString() {
        return hasImmediate()
                ? "Immediate Data 0x" + Long.toHexString(immediateData())
                : "message of " + lengthOctets() + " octets";
    }
}
