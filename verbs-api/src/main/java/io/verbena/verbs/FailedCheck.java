package io.verbena.verbs;

/** Which check refused something. Each says so in plain words. */
public enum FailedCheck {
    /** No valid entry stands behind the STag. */
    ENTRY_VALID("no valid memory stands behind the STag"),
    /** The entry is of a type that is not allowed for this use. */
    ENTRY_TYPE("the STag names memory of a kind that is not allowed here"),
    /** The entry belongs to another protection domain. */
    PROTECTION_DOMAIN("the memory belongs to another protection domain"),
    /** The window is bound to another queue pair. */
    QUEUE_PAIR_ASSOCIATION("the memory window belongs to another queue pair"),
    /** The low eight bits of the STag differ from the entry's: a stale STag. */
    TAG_INSTANCE("the STag is stale: its key differs from the entry's"),
    /** The octets are not inside the memory. */
    BASE_AND_BOUNDS("the octets are not inside the registered memory"),
    /** Address plus length passes 2^64. */
    ADDRESS_WRAP("address plus length passes 2^64"),
    /** The right is missing. */
    ACCESS_RIGHT("the memory does not have the right"),
    /** The queue pair does not allow this kind of inbound access. */
    QUEUE_PAIR_ACCESS("the queue pair does not allow this kind of inbound access"),
    /** A request names more octets than a message can carry. */
    REQUEST_LENGTH("the request is longer than a message can be"),
    /** A message is longer than the receive it met. */
    MESSAGE_TOO_LONG("the message is longer than the posted receive"),
    /** A message met no posted receive. */
    NO_RECEIVE_POSTED("no receive was posted for the message"),
    /** The queue pair holds as many receives of its shared receive queue as it may. */
    RECEIVE_LIMIT("the queue pair holds as many receives of its shared receive queue as it may"),
    /** The message sequence number is not the expected one. */
    MESSAGE_SEQUENCE("the message sequence number is not in the valid range"),
    /** The message offset is not the expected one. */
    MESSAGE_OFFSET("the message offset does not continue the message"),
    /** The queue number does not exist or does not fit the message. */
    QUEUE_NUMBER("the queue number does not fit the message"),
    /** A segment has a length that its kind cannot have. */
    SEGMENT_LENGTH("the segment has a length that its kind cannot have"),
    /** The DDP version is not 1. */
    DDP_VERSION("the DDP version is not 1"),
    /** The RDMAP version is not 1. */
    RDMAP_VERSION("the RDMAP version is not 1"),
    /** The opcode is not known or not expected. */
    OPCODE("the RDMAP opcode is unknown or not expected"),
    /** A Read Response does not fit an outstanding Read. */
    READ_RESPONSE("the Read Response does not fit an outstanding Read"),
    /** More Read and Atomic Requests are outstanding than were agreed. */
    INBOUND_READ_DEPTH("more Read or Atomic Requests are outstanding than were agreed (IRD)"),
    /** A Read or atomic operation was posted although none may be outstanding. */
    OUTBOUND_READ_DEPTH("no Read or atomic operation may be outstanding on this connection (ORD 0)"),
    /** The STag may not be invalidated by this peer or in this state. */
    INVALIDATE("the STag may not be invalidated"),
    /** The queue pair was not created with permission for fast registration. */
    FAST_REGISTER_NOT_ENABLED("the queue pair is not enabled for fast registration"),
    /** The queue pair was not created with permission to bind windows. */
    BIND_NOT_ENABLED("the queue pair is not enabled for binding windows"),
    /** A region or window that should be made valid is valid already. */
    ENTRY_NOT_INVALID("the region or window is valid already and has to be invalidated first"),
    /** A region that shares its translation entries cannot be changed. */
    ENTRY_SHARED("the region shares its memory with another and cannot be changed"),
    /** The page list has more pages than were reserved. */
    PAGE_LIST_ROOM("the page list is longer than the room reserved for it"),
    /** Remote rights were asked for, but the region was allocated without remote access. */
    REMOTE_ACCESS_NOT_RESERVED("the region was allocated without remote access"),
    /** The region does not allow windows to be bound to it. */
    WINDOW_BIND_RIGHT("the region does not allow windows to be bound to it"),
    /** Windows can be bound only to regions whose addresses do not begin at zero. */
    ZERO_BASED_REGION("a window cannot be bound to a zero-based region"),
    /** A window asks for a right whose local right the region lacks. */
    WINDOW_RIGHTS("the window asks for a right that the region does not have"),
    /** Windows are bound to the region. */
    WINDOWS_BOUND("windows are bound to the region"),
    /** One-touch memory was used by an earlier message. */
    ALREADY_TOUCHED("the memory was good for one message, which has used it"),
    /** The address of an atomic operation is not a multiple of 8. */
    ALIGNMENT("the address of an atomic operation is not a multiple of 8"),
    /** The code of an atomic operation is not known. */
    ATOMIC_OPERATION("the code of the atomic operation is not known"),
    /** An Atomic Response does not fit an outstanding atomic operation. */
    ATOMIC_RESPONSE("the Atomic Response does not fit an outstanding atomic operation"),
    /** The CRC of an FPDU is wrong. */
    CRC("the CRC of an FPDU is wrong"),
    /** A marker disagrees with the FPDU's length. */
    MARKER("an MPA marker disagrees with the FPDU's length"),
    /** The completion queue was full. */
    COMPLETION_QUEUE_OVERFLOW("the completion queue was full"),
    /** The peer closed while something was outstanding. */
    CLOSED_WHILE_BUSY("the peer closed the connection while work was outstanding"),
    /** Something arrived or was to be done while closing. */
    BUSY_WHILE_CLOSING("work arrived while the connection was closing"),
    /** The connection was reset. */
    CONNECTION_RESET("the connection was reset by the peer"),
    /** The connection was lost. */
    CONNECTION_LOST("the connection was lost"),
    /** The peer sent a Terminate. */
    REMOTE_TERMINATE("the peer terminated the connection"),
    /** The application closed or aborted. */
    LOCAL_CLOSE("the queue pair was closed here"),
    /** The connection was closed in good order by the peer. */
    REMOTE_CLOSE("the peer closed the connection"),
    /** A staging buffer of the adapter was not the queue pair's, or not for what was to be moved through it. */
    STAGING_BUFFER("a staging buffer is not the queue pair's for that transfer"),
    /** The engine itself failed. */
    INTERNAL("the engine failed");

    private final String words;

    FailedCheck(String words) {
        this.words = words;
    }

    /** Returns the check's refusal in plain words. */
    public String words() {
        return words;
    }
}
