package io.verbena.verbs.cm;

import io.verbena.verbs.PlacementMode;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What one end wishes for a connection. Immutable; {@code with...} methods return changed copies.
 *
 * <p>Defaults: revision 2 with exchange of Read depths, CRC on, no markers, client-server, validated placement, no private
 * data, 10 seconds.
 */
public final class ConnectionParameters {
    /** The most private data in octets (RFC 5044 section 7.1.1). */
    public static final int MAX_PRIVATE_DATA_OCTETS = 512;

    /** The most private data in octets when Read depths are exchanged: four octets less (RFC 6581 section 9). */
    public static final int MAX_ENHANCED_PRIVATE_DATA_OCTETS = 508;

    /** A Read depth that means: as the queue pair was created. */
    public static final int DEPTH_OF_QUEUE_PAIR = -1;

    /** A Read depth that means: not negotiated, left to the applications (wire value 0x3FFF). */
    public static final int DEPTH_NOT_NEGOTIATED = 0x3FFF;

    private static final ConnectionParameters DEFAULTS = new ConnectionParameters(new Values());

    private final Values values;

    private ConnectionParameters(Values values) {
        this.values = values;
    }

    /** Returns the defaults. */
    public static ConnectionParameters defaults() {
        return DEFAULTS;
    }

    /**
     * Returns a copy with private data for the peer.
     *
     * @param octets 0 to 512 octets (508 with revision 2); copied
     */
    public ConnectionParameters withPrivateData(byte[] octets) {
        if (octets.length > MAX_PRIVATE_DATA_OCTETS) {
            throw new IllegalArgumentException(
                    "private data of " + octets.length + " octets exceeds " + MAX_PRIVATE_DATA_OCTETS);
        }
        Values next = new Values(values);
        next.privateData = octets.clone();
        return new ConnectionParameters(next);
    }

    /** Returns a copy that asks for CRC or does not; it is on if either end asks (RFC 5044 section 7.1). */
    public ConnectionParameters withCrc(boolean wanted) {
        Values next = new Values(values);
        next.crc = wanted;
        return new ConnectionParameters(next);
    }

    /** Returns a copy that asks the peer to put markers into what it sends. Towards Linux siw this fails. */
    public ConnectionParameters withMarkers(boolean wanted) {
        Values next = new Values(values);
        next.markers = wanted;
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy that connects with this MPA revision.
     *
     * @param number 1 (RFC 5044) or 2 (RFC 6581: exchange of Read depths, peer-to-peer)
     */
    public ConnectionParameters withRevision(int number) {
        if (number != 1 && number != 2) {
            throw new IllegalArgumentException("MPA revision " + number + " must be 1 or 2");
        }
        Values next = new Values(values);
        next.revision = number;
        return new ConnectionParameters(next);
    }

    /** Returns a copy that tries once more with revision 1 if the peer closes without an answer to revision 2. */
    public ConnectionParameters withFallback(boolean allowed) {
        Values next = new Values(values);
        next.fallback = allowed;
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy that asks for the peer-to-peer model: this end sends one of {@code kinds} first, so that either
     * application may send first.
     *
     * @param kinds what this end can send, at least one; needs revision 2
     */
    public ConnectionParameters withPeerToPeer(ReadyToReceive... kinds) {
        Values next = new Values(values);
        Set<ReadyToReceive> set = EnumSet.noneOf(ReadyToReceive.class);
        Collections.addAll(set, kinds);
        if (set.isEmpty()) {
            throw new IllegalArgumentException(
                    "the peer-to-peer model needs at least one kind of ready-to-receive message");
        }
        next.readyToReceive = Collections.unmodifiableSet(set);
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy that wishes these Read depths instead of those the queue pair was created with.
     *
     * @param inbound IRD, 0 to the queue pair's, {@link #DEPTH_OF_QUEUE_PAIR} or {@link #DEPTH_NOT_NEGOTIATED}
     * @param outbound ORD, likewise
     */
    public ConnectionParameters withReadDepths(int inbound, int outbound) {
        Values next = new Values(values);
        next.inboundReadDepth = requireDepth("inbound", inbound);
        next.outboundReadDepth = requireDepth("outbound", outbound);
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy with a placement mode for what arrives at this end.
     *
     * <p>{@link PlacementMode#VALIDATED} and {@link PlacementMode#EAGER} say what is done while CRC is in force; without CRC
     * placement is always direct. {@link PlacementMode#DIRECT} means that this end does not ask for CRC, whatever
     * {@link #withCrc} says; if the peer asks for it all the same, this end validates.
     */
    public ConnectionParameters withPlacement(PlacementMode mode) {
        Values next = new Values(values);
        next.placement = Objects.requireNonNull(mode, "mode");
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy with a deadline for the whole of connecting, or for the peer's ready-to-receive message after a
     * peer-to-peer connection was accepted; above zero.
     */
    public ConnectionParameters withDeadline(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("deadline " + longest + " must be above zero");
        }
        Values next = new Values(values);
        next.deadline = longest;
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy in which the initiator waits so long after the peer's reply before its first FPDU. Zero by default; 20
     * milliseconds help against a start-up race of Linux siw's answering side.
     */
    public ConnectionParameters withFirstMessageDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("first message delay " + delay + " must not be negative");
        }
        Values next = new Values(values);
        next.firstMessageDelay = delay;
        return new ConnectionParameters(next);
    }

    /**
     * Returns a copy in which a client-server initiator opens with a zero-length Write of its own, so that the other
     * application may send first also where the peer-to-peer model is not known (state machines 3.1).
     */
    public ConnectionParameters withOpeningWrite(boolean yes) {
        Values next = new Values(values);
        next.openingWrite = yes;
        return new ConnectionParameters(next);
    }

    /** Returns a copy with other socket options (for the accepting end they are the listener's). */
    public ConnectionParameters withSocket(SocketOptions options) {
        Values next = new Values(values);
        next.socket = Objects.requireNonNull(options, "options");
        return new ConnectionParameters(next);
    }

    /** Returns a copy of the private data. */
    public byte[] privateData() {
        return values.privateData.clone();
    }

    /** Returns whether CRC is asked for, unless {@link #placement()} is direct. */
    public boolean crc() {
        return values.crc;
    }

    /** Returns whether markers are asked for. */
    public boolean markers() {
        return values.markers;
    }

    /** Returns the MPA revision to connect with. */
    public int revision() {
        return values.revision;
    }

    /** Returns whether revision 1 is tried after revision 2. */
    public boolean fallback() {
        return values.fallback;
    }

    /** Returns whether the peer-to-peer model is asked for. */
    public boolean peerToPeer() {
        return !values.readyToReceive.isEmpty();
    }

    /** Returns the kinds of ready-to-receive message this end can send; empty for client-server. */
    public Set<ReadyToReceive> readyToReceive() {
        return values.readyToReceive;
    }

    /** Returns the wished IRD. */
    public int inboundReadDepth() {
        return values.inboundReadDepth;
    }

    /** Returns the wished ORD. */
    public int outboundReadDepth() {
        return values.outboundReadDepth;
    }

    /** Returns the wished placement mode; {@link Connection.Agreement#placement()} says what came of it. */
    public PlacementMode placement() {
        return values.placement;
    }

    /** Returns the deadline. */
    public Duration deadline() {
        return values.deadline;
    }

    /** Returns the initiator's wait before its first FPDU. */
    public Duration firstMessageDelay() {
        return values.firstMessageDelay;
    }

    /** Returns whether a client-server initiator opens with a zero-length Write. */
    public boolean openingWrite() {
        return values.openingWrite;
    }

    /** Returns the socket options. */
    public SocketOptions socket() {
        return values.socket;
    }

    private static int requireDepth(String name, int depth) {
        if (depth < DEPTH_OF_QUEUE_PAIR || depth > DEPTH_NOT_NEGOTIATED) {
            throw new IllegalArgumentException(name + " Read depth " + depth + " must be 0 to 16382, "
                    + "DEPTH_OF_QUEUE_PAIR or DEPTH_NOT_NEGOTIATED");
        }
        return depth;
    }

    private static final class Values {
        private byte[] privateData = {};
        private boolean crc = true;
        private boolean markers;
        private int revision = 2;
        private boolean fallback;
        private Set<ReadyToReceive> readyToReceive = Set.of();
        private int inboundReadDepth = DEPTH_OF_QUEUE_PAIR;
        private int outboundReadDepth = DEPTH_OF_QUEUE_PAIR;
        private PlacementMode placement = PlacementMode.VALIDATED;
        private Duration deadline = Duration.ofSeconds(10);
        private Duration firstMessageDelay = Duration.ZERO;
        private boolean openingWrite;
        private SocketOptions socket = SocketOptions.defaults();

        Values() {}

        Values(Values from) {
            privateData = from.privateData;
            crc = from.crc;
            markers = from.markers;
            revision = from.revision;
            fallback = from.fallback;
            readyToReceive = from.readyToReceive;
            inboundReadDepth = from.inboundReadDepth;
            outboundReadDepth = from.outboundReadDepth;
            placement = from.placement;
            deadline = from.deadline;
            firstMessageDelay = from.firstMessageDelay;
            openingWrite = from.openingWrite;
            socket = from.socket;
        }
    }
}
