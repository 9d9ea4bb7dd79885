package io.verbena.rdmap.wire;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The RDMAP messages, each row with everything that depends on the opcode alone (RFC 5040 section 4.3, RFC 7306 section
 * 4.1).
 */
public enum RdmapOpcode {
    RDMA_WRITE(0x0, RdmapQueue.NONE, 0, "WRITE", Trait.TAGGED, Trait.SPLITTABLE),
    READ_REQUEST(0x1, RdmapQueue.READ_REQUEST, ReadRequestHeader.OCTETS, "READ_REQUEST"),
    READ_RESPONSE(0x2, RdmapQueue.NONE, 0, "READ_RESPONSE", Trait.TAGGED, Trait.SPLITTABLE),
    SEND(0x3, RdmapQueue.SEND, 0, "SEND", Trait.SPLITTABLE),
    SEND_INVALIDATE(0x4, RdmapQueue.SEND, 0, "SEND_INV", Trait.SPLITTABLE, Trait.INVALIDATES),
    SEND_SOLICITED(0x5, RdmapQueue.SEND, 0, "SEND_SE", Trait.SPLITTABLE, Trait.SOLICITED),
    SEND_SOLICITED_INVALIDATE(
            0x6, RdmapQueue.SEND, 0, "SEND_SE_INV", Trait.SPLITTABLE, Trait.SOLICITED, Trait.INVALIDATES),
    TERMINATE(0x7, RdmapQueue.TERMINATE, TerminateMessage.CONTROL_OCTETS, "TERMINATE"),
    IMMEDIATE(0x8, RdmapQueue.SEND, ImmediateData.OCTETS, "IMMEDIATE"),
    IMMEDIATE_SOLICITED(0x9, RdmapQueue.SEND, ImmediateData.OCTETS, "IMMEDIATE_SE", Trait.SOLICITED),
    ATOMIC_REQUEST(0xA, RdmapQueue.READ_REQUEST, AtomicRequestHeader.OCTETS, "ATOMIC_REQUEST"),
    ATOMIC_RESPONSE(0xB, RdmapQueue.ATOMIC_RESPONSE, AtomicResponseHeader.OCTETS, "ATOMIC_RESPONSE");

    /** Yes-or-no facts about a message. */
    private enum Trait {
        TAGGED,
        SPLITTABLE,
        SOLICITED,
        INVALIDATES
    }

    private static final RdmapOpcode[] BY_VALUE = new RdmapOpcode[RdmapControl.OPCODE_MASK + 1];

    static {
        for (RdmapOpcode opcode : values()) {
            BY_VALUE[opcode.value] = opcode;
        }
    }

    private final int value;
    private final int queueNumber;
    private final int headerOctets;
    private final String shortName;
    private final boolean tagged;
    private final boolean splittable;
    private final boolean solicited;
    private final boolean invalidates;

    RdmapOpcode(int value, int queueNumber, int headerOctets, String shortName, Trait... traits) {
        this.value = value;
        this.queueNumber = queueNumber;
        this.headerOctets = headerOctets;
        this.shortName = shortName;
        Set<Trait> set = EnumSet.noneOf(Trait.class);
        set.addAll(List.of(traits));
        this.tagged = set.contains(Trait.TAGGED);
        this.splittable = set.contains(Trait.SPLITTABLE);
        this.solicited = set.contains(Trait.SOLICITED);
        this.invalidates = set.contains(Trait.INVALIDATES);
    }

    /**
     * Finds the row of an opcode.
     *
     * @param value the four opcode bits; higher bits are not looked at
     * @return the row, or null if the value is not assigned, which the caller has to turn into a violation
     */
    public static RdmapOpcode of(int value) {
        return BY_VALUE[value & RdmapControl.OPCODE_MASK];
    }

    public int value() {
        return value;
    }

    public boolean tagged() {
        return tagged;
    }

    /**
     * Queue of the message.
     *
     * @return one of {@link RdmapQueue}; {@link RdmapQueue#NONE} for a tagged message
     */
    public int queueNumber() {
        return queueNumber;
    }

    /**
     * Octets of the RDMAP header behind the DDP header; for a Terminate those that are always there.
     *
     * @return 0 if the payload of the application follows directly
     */
    public int headerOctets() {
        return headerOctets;
    }

    /**
     * Tells whether the message may be cut into several segments.
     *
     * @return false if its first segment has to be its last
     */
    public boolean splittable() {
        return splittable;
    }

    /**
     * Tells whether the message is a request that ends with a Response of the peer.
     *
     * @return true for Read Requests and Atomic Requests
     */
    public boolean asksForResponse() {
        return queueNumber == RdmapQueue.READ_REQUEST;
    }

    public boolean solicited() {
        return solicited;
    }

    /**
     * Tells whether the message carries an STag to be invalidated in the word reserved for RDMAP.
     *
     * @return true for the two invalidating Sends
     */
    public boolean invalidates() {
        return invalidates;
    }

    /**
     * Name for one-line displays.
     *
     * @return capitals without blanks
     */
    public String shortName() {
        return shortName;
    }
}
