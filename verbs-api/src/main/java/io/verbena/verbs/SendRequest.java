package io.verbena.verbs;

import java.nio.ByteBuffer;

/**
 * A request for the send queue, filled by the application and copied into a slot when posted; reusable at once after
 * posting, so a steady program needs one and allocates nothing.
 *
 * <p>Begin with one of the operation methods, which forget everything before; then add the local memory and modifiers:
 *
 * <pre>{@code
 * request.write(remote).id(7).local(region, 0, 4096);
 * queuePair.postSend(request).orThrow();
 * }</pre>
 *
 * <p>Thread rule: one thread at a time.
 */
public final class SendRequest {
    /** The longest message in octets: 2^32 - 1 (RFC 5041 section 1.2). */
    public static final long MAX_MESSAGE_OCTETS = 0xFFFF_FFFFL;

    private SendOperation operation = SendOperation.SEND;
    private long workRequestId;
    private boolean signaled = true;
    private boolean readFence;
    private int remoteStag;
    private long remoteAddress;
    private int invalidateStag;
    private ByteBuffer inlineData;
    private boolean localFence;
    private PreparedAccess prepared;
    private long data;
    private long dataMask;
    private long compare;
    private long compareMask;
    private final ScatterGatherList memory = new ScatterGatherList();

    /** Begins a Send. */
    public SendRequest send() {
        return begin(SendOperation.SEND);
    }

    /** Begins a Send with Solicited Event. */
    public SendRequest sendSolicited() {
        return begin(SendOperation.SEND_SOLICITED);
    }

    /** Begins a Send with Invalidate: the peer invalidates its {@code stag} before its receive completes. */
    public SendRequest sendInvalidate(int stag) {
        begin(SendOperation.SEND_INVALIDATE);
        invalidateStag = stag;
        return this;
    }

    /** Begins a Send with Solicited Event and Invalidate. */
    public SendRequest sendSolicitedInvalidate(int stag) {
        begin(SendOperation.SEND_SOLICITED_INVALIDATE);
        invalidateStag = stag;
        return this;
    }

    /** Begins an RDMA Write to the peer's memory at {@code remote}; its length is that of the local memory. */
    public SendRequest write(RemoteRegion remote) {
        return write(remote.stag(), remote.address());
    }

    /** Begins an RDMA Write to the peer's memory at {@code stag}, {@code address}. */
    public SendRequest write(int stag, long address) {
        return begin(SendOperation.WRITE).remote(stag, address);
    }

    /** Begins an RDMA Read from the peer's memory at {@code remote} into one piece of local memory, whose length counts. */
    public SendRequest read(RemoteRegion remote) {
        return read(remote.stag(), remote.address());
    }

    /** Begins an RDMA Read from the peer's memory at {@code stag}, {@code address}. */
    public SendRequest read(int stag, long address) {
        return begin(SendOperation.READ).remote(stag, address);
    }

    /** Begins an RDMA Read after which the sink's STag is invalidated here. */
    public SendRequest readLocalInvalidate(int stag, long address) {
        return begin(SendOperation.READ_LOCAL_INVALIDATE).remote(stag, address);
    }

    /**
     * Begins Immediate Data (RFC 7306 section 6): uses up a receive of the peer, whose completion carries the 8 octets of
     * {@code value}, big-endian.
     */
    public SendRequest immediate(long value) {
        begin(SendOperation.IMMEDIATE);
        data = value;
        return this;
    }

    /** Begins Immediate Data with Solicited Event. */
    public SendRequest immediateSolicited(long value) {
        begin(SendOperation.IMMEDIATE_SOLICITED);
        data = value;
        return this;
    }

    /**
     * Begins an atomic addition to 8 octets of the peer's memory; the value before comes into the request's one piece of local
     * memory, 8 octets long, in this machine's byte order.
     *
     * @param address a multiple of 8; the peer checks that, since it alone knows what its addresses stand for (RFC 7306 section
     *     5.2.1)
     */
    public SendRequest fetchAdd(int stag, long address, long addend) {
        return fetchAdd(stag, address, addend, 0);
    }

    /** Begins an atomic addition by fields: a one bit in {@code mask} marks the top bit of a field (RFC 7306 section 5.1.1). */
    public SendRequest fetchAdd(int stag, long address, long addend, long mask) {
        begin(SendOperation.FETCH_ADD).remote(stag, address);
        data = addend;
        dataMask = mask;
        compareMask = -1L;
        return this;
    }

    /** Begins an atomic compare-and-swap on 8 octets of the peer's memory; the value before comes back as for a FetchAdd. */
    public SendRequest compareSwap(int stag, long address, long expected, long replacement) {
        return compareSwap(stag, address, expected, -1L, replacement, -1L);
    }

    /**
     * Begins an atomic compare-and-swap: if the bits in {@code expectedMask} are equal, those in {@code replacementMask} are
     * replaced (RFC 7306 section 5.1.2).
     */
    public SendRequest compareSwap(
            int stag, long address, long expected, long expectedMask, long replacement, long replacementMask) {
        begin(SendOperation.COMPARE_SWAP).remote(stag, address);
        data = replacement;
        dataMask = replacementMask;
        compare = expected;
        compareMask = expectedMask;
        return this;
    }

    /** Begins an atomic swap: a compare-and-swap that compares no bit. */
    public SendRequest swap(int stag, long address, long replacement) {
        return compareSwap(stag, address, 0, 0, replacement, -1L);
    }

    /**
     * Begins a fast registration. Requests behind it on this send queue may use its STag. Like every memory operation it sends
     * nothing and takes effect when its turn comes, whatever the wire does: before the peer's first message, and while earlier
     * requests are still under way.
     */
    public SendRequest fastRegister(FastRegistration registration) {
        begin(SendOperation.FAST_REGISTER);
        prepared = registration;
        return this;
    }

    /**
     * Begins the binding of a window. Requests behind it on this send queue may tell its STag to the peer. A window of
     * {@link WindowType#QUEUE_PAIR} is bound for this connection only: it becomes invalid when the connection ends.
     */
    public SendRequest bindWindow(WindowBinding binding) {
        begin(SendOperation.BIND_WINDOW);
        prepared = binding;
        return this;
    }

    /**
     * Begins a local invalidate of the region or window with this STag. It succeeds if that is invalid already, and is refused
     * if the region is shared or windows are bound to it, and if the STag is another's: of another protection domain, or a
     * window that another queue pair has bound.
     *
     * <p>It takes effect when its turn comes, although earlier requests may still be under way: without a
     * {@linkplain #localFence fence} an earlier request that uses the memory fails, and with it the connection.
     */
    public SendRequest localInvalidate(int stag) {
        begin(SendOperation.LOCAL_INVALIDATE);
        invalidateStag = stag;
        return this;
    }

    /** Sets the id that the completion carries back; 0 after an operation method. */
    public SendRequest id(long id) {
        workRequestId = id;
        return this;
    }

    /** Sets whether success yields a completion (true after an operation method); failure always does. */
    public SendRequest signaled(boolean yes) {
        signaled = yes;
        return this;
    }

    /** Makes it (and all behind it) wait until the earlier Reads and atomic operations of this send queue are complete. */
    public SendRequest readFence(boolean yes) {
        readFence = yes;
        return this;
    }

    /**
     * Makes a local invalidate (and all behind it) wait until all earlier requests of this send queue are complete. Ignored for
     * other operations (VRB-PS-06).
     */
    public SendRequest localFence(boolean yes) {
        localFence = yes;
        return this;
    }

    /**
     * Makes a Send of any kind, a Write or Immediate Data first do what {@link #fastRegister} or {@link #bindWindow} does, as one
     * request with one completion: expose memory and tell the peer in one go (SYS-MEM-14). The message may use the STag, and
     * carry it. If the registration fails nothing is sent, the completion names the check, and the queue pair's
     * {@link RegistrationFailurePolicy} applies. If it is the message that fails, the memory stays registered.
     */
    public SendRequest exposing(PreparedAccess access) {
        prepared = access;
        return this;
    }

    /**
     * Adds {@code length} octets of {@code region} from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if they are not inside the region
     */
    public SendRequest local(MemoryRegion region, long offset, long length) {
        memory.add(region, offset, length);
        return this;
    }

    /** Adds a piece of local memory; STag and range are checked when the request is processed, not here (SYS-MEM-08). */
    public SendRequest local(int stag, long address, long length) {
        memory.add(stag, address, length);
        return this;
    }

    /** Adds a piece of local memory. */
    public SendRequest local(ScatterGatherElement element) {
        memory.add(element.stag(), element.address(), element.lengthOctets());
        return this;
    }

    /**
     * Sends the remaining octets of {@code borrowed} instead of registered memory: they are copied while posting, and the
     * buffer (its position unchanged) is free when the post returns. For Sends and Writes only, at most
     * {@link QueuePairOptions#maxInlineOctets()}.
     */
    public SendRequest inline(ByteBuffer borrowed) {
        inlineData = borrowed;
        return this;
    }

    /** Returns the operation. */
    public SendOperation operation() {
        return operation;
    }

    /** Returns the id. */
    public long id() {
        return workRequestId;
    }

    /** Returns whether success yields a completion. */
    public boolean signaled() {
        return signaled;
    }

    /** Returns whether it waits for earlier Reads. */
    public boolean readFence() {
        return readFence;
    }

    /** Returns whether it waits for all earlier requests. */
    public boolean localFence() {
        return localFence;
    }

    /** Returns the registration or binding that it carries out, or null. */
    public PreparedAccess prepared() {
        return prepared;
    }

    /** Returns the addend or replacement of an atomic operation, or the Immediate Data. */
    public long data() {
        return data;
    }

    /** Returns the mask that goes with {@link #data()} of an atomic operation. */
    public long dataMask() {
        return dataMask;
    }

    /** Returns what an atomic operation compares with. */
    public long compare() {
        return compare;
    }

    /** Returns the bits that an atomic operation compares. */
    public long compareMask() {
        return compareMask;
    }

    /** Returns the STag at the peer, for Writes, Reads and atomic operations. */
    public int remoteStag() {
        return remoteStag;
    }

    /** Returns the address at the peer, for Writes, Reads and atomic operations. */
    public long remoteAddress() {
        return remoteAddress;
    }

    /** Returns the STag that the peer, or a local invalidate, shall invalidate. */
    public int invalidateStag() {
        return invalidateStag;
    }

    /** Returns the inline octets, or null. */
    public ByteBuffer inlineData() {
        return inlineData;
    }

    /** Returns the local memory. */
    public ScatterGatherList memory() {
        return memory;
    }

    private SendRequest begin(SendOperation next) {
        operation = next;
        workRequestId = 0;
        signaled = true;
        readFence = false;
        remoteStag = 0;
        remoteAddress = 0;
        invalidateStag = 0;
        inlineData = null;
        localFence = false;
        prepared = null;
        data = 0;
        dataMask = 0;
        compare = 0;
        compareMask = 0;
        memory.clear();
        return this;
    }

    private SendRequest remote(int stag, long address) {
        remoteStag = stag;
        remoteAddress = address;
        return this;
    }
}
