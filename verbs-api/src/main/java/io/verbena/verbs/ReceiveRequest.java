package io.verbena.verbs;

/**
 * A request for a receive queue: an id and the registered memory that the next message may use. Copied into a slot when
 * posted, reusable at once after. An empty list is valid for messages without octets.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class ReceiveRequest {
    private long workRequestId;
    private final ScatterGatherList memory = new ScatterGatherList();

    /** Begins a new request with this id, forgetting everything before. */
    public ReceiveRequest receive(long id) {
        workRequestId = id;
        memory.clear();
        return this;
    }

    /**
     * Adds {@code length} octets of {@code region} from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if they are not inside the region
     */
    public ReceiveRequest local(MemoryRegion region, long offset, long length) {
        memory.add(region, offset, length);
        return this;
    }

    /** Adds a piece of local memory; STag and range are checked when a message uses it (VRB-PR-06). */
    public ReceiveRequest local(int stag, long address, long length) {
        memory.add(stag, address, length);
        return this;
    }

    /** Adds a piece of local memory. */
    public ReceiveRequest local(ScatterGatherElement element) {
        memory.add(element.stag(), element.address(), element.lengthOctets());
        return this;
    }

    /** Returns the id. */
    public long id() {
        return workRequestId;
    }

    /** Returns the memory. */
    public ScatterGatherList memory() {
        return memory;
    }
}
