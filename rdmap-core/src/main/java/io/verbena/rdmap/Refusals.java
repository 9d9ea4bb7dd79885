package io.verbena.rdmap;

import io.verbena.ddp.DdpError;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.WorkCompletionStatus;

/**
 * What a failed check means: for the peer (Terminate), for the request that it hit (completion status), for the application
 * (asynchronous event). Each table is a switch without default, so that a new check cannot be forgotten.
 */
final class Refusals {
    private Refusals() {}

    /** Returns the reason for a tagged segment that failed {@code check} (RFC 5041 section 7.2; wire formats W5). */
    static TerminateReason taggedSegment(FailedCheck check) {
        return switch (check) {
            case PROTECTION_DOMAIN, QUEUE_PAIR_ASSOCIATION, ACCESS_RIGHT, QUEUE_PAIR_ACCESS ->
                TerminateReason.DDP_TAGGED_STAG_NOT_ASSOCIATED;
            case BASE_AND_BOUNDS, READ_RESPONSE -> TerminateReason.DDP_TAGGED_BASE_OR_BOUNDS;
            case ADDRESS_WRAP -> TerminateReason.DDP_TAGGED_TO_WRAP;
            default -> TerminateReason.DDP_TAGGED_INVALID_STAG;
        };
    }

    /** Returns the reason for a Read Request whose source failed {@code check} (RFC 5040 figure 9). */
    static TerminateReason readSource(FailedCheck check) {
        return switch (check) {
            case BASE_AND_BOUNDS -> TerminateReason.RDMAP_PROTECTION_BASE_OR_BOUNDS;
            case ACCESS_RIGHT -> TerminateReason.RDMAP_PROTECTION_ACCESS_RIGHTS;
            case PROTECTION_DOMAIN, QUEUE_PAIR_ASSOCIATION -> TerminateReason.RDMAP_PROTECTION_STAG_NOT_ASSOCIATED;
            case ADDRESS_WRAP -> TerminateReason.RDMAP_PROTECTION_TO_WRAP;
            default -> TerminateReason.RDMAP_PROTECTION_INVALID_STAG;
        };
    }

    /** Returns the reason for an Atomic Request whose target failed {@code check} (RFC 7306 section 8.2; wire formats W14). */
    static TerminateReason atomicTarget(FailedCheck check) {
        return check == FailedCheck.ALIGNMENT ? TerminateReason.RDMAP_OPERATION_CATASTROPHIC_STREAM : readSource(check);
    }

    /** Returns the completion status of a request whose local memory failed {@code check} (SYS-MEM-08). */
    static WorkCompletionStatus localMemory(FailedCheck check) {
        return switch (check) {
            case BASE_AND_BOUNDS -> WorkCompletionStatus.LOCAL_BOUNDS;
            case ACCESS_RIGHT -> WorkCompletionStatus.LOCAL_ACCESS;
            case PROTECTION_DOMAIN, QUEUE_PAIR_ASSOCIATION -> WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN;
            case ADDRESS_WRAP -> WorkCompletionStatus.LOCAL_ADDRESS_WRAP;
            case FAST_REGISTER_NOT_ENABLED, BIND_NOT_ENABLED -> WorkCompletionStatus.NOT_ENABLED;
            case ENTRY_NOT_INVALID,
                    ENTRY_SHARED,
                    PAGE_LIST_ROOM,
                    REMOTE_ACCESS_NOT_RESERVED,
                    WINDOW_BIND_RIGHT,
                    ZERO_BASED_REGION,
                    WINDOW_RIGHTS,
                    WINDOWS_BOUND -> WorkCompletionStatus.MEMORY_MANAGEMENT;
            default -> WorkCompletionStatus.LOCAL_INVALID_STAG;
        };
    }

    /** Returns the completion status of the request that the peer's Terminate names. */
    static WorkCompletionStatus remote(TerminateReason reason) {
        if (reason == null) {
            return WorkCompletionStatus.REMOTE_OPERATION;
        }
        return switch (reason) {
            case RDMAP_PROTECTION_INVALID_STAG,
                    RDMAP_PROTECTION_BASE_OR_BOUNDS,
                    RDMAP_PROTECTION_ACCESS_RIGHTS,
                    RDMAP_PROTECTION_STAG_NOT_ASSOCIATED,
                    RDMAP_PROTECTION_TO_WRAP -> WorkCompletionStatus.REMOTE_ACCESS;
            case RDMAP_OPERATION_INVALID_VERSION,
                    RDMAP_OPERATION_UNEXPECTED_OPCODE,
                    RDMAP_OPERATION_CATASTROPHIC_STREAM,
                    DDP_UNTAGGED_INVALID_QUEUE_NUMBER,
                    DDP_UNTAGGED_NO_BUFFER,
                    DDP_UNTAGGED_SEQUENCE_RANGE,
                    DDP_UNTAGGED_INVALID_MESSAGE_OFFSET,
                    DDP_UNTAGGED_MESSAGE_TOO_LONG,
                    DDP_UNTAGGED_INVALID_VERSION -> WorkCompletionStatus.REMOTE_INVALID_REQUEST;
            default -> WorkCompletionStatus.REMOTE_OPERATION;
        };
    }

    /** Returns the check that DDP's own error stands for. */
    static FailedCheck check(DdpError error) {
        return switch (error) {
            case LOCAL_CATASTROPHIC -> FailedCheck.INTERNAL;
            case SEGMENT_TOO_SHORT -> FailedCheck.SEGMENT_LENGTH;
            case TAGGED_INVALID_STAG -> FailedCheck.ENTRY_VALID;
            case TAGGED_BASE_OR_BOUNDS -> FailedCheck.BASE_AND_BOUNDS;
            case TAGGED_STAG_NOT_ASSOCIATED -> FailedCheck.PROTECTION_DOMAIN;
            case TAGGED_ACCESS_RIGHTS -> FailedCheck.ACCESS_RIGHT;
            case TAGGED_OFFSET_WRAP -> FailedCheck.ADDRESS_WRAP;
            case TAGGED_INVALID_VERSION, UNTAGGED_INVALID_VERSION -> FailedCheck.DDP_VERSION;
            case UNTAGGED_INVALID_QUEUE_NUMBER -> FailedCheck.QUEUE_NUMBER;
            case UNTAGGED_NO_BUFFER -> FailedCheck.NO_RECEIVE_POSTED;
            case UNTAGGED_SEQUENCE_RANGE -> FailedCheck.MESSAGE_SEQUENCE;
            case UNTAGGED_INVALID_MESSAGE_OFFSET -> FailedCheck.MESSAGE_OFFSET;
            case UNTAGGED_MESSAGE_TOO_LONG -> FailedCheck.MESSAGE_TOO_LONG;
        };
    }

    /** Returns the asynchronous event that tells of a stream ended by the peer's fault (verbs, section 11). */
    static AsyncEvent.Kind event(FailedCheck check) {
        return switch (check) {
            case CRC, MARKER, SEGMENT_LENGTH -> AsyncEvent.Kind.STREAM_INTEGRITY;
            case ENTRY_VALID,
                    ENTRY_TYPE,
                    PROTECTION_DOMAIN,
                    QUEUE_PAIR_ASSOCIATION,
                    TAG_INSTANCE,
                    BASE_AND_BOUNDS,
                    ADDRESS_WRAP,
                    ACCESS_RIGHT,
                    QUEUE_PAIR_ACCESS,
                    READ_RESPONSE,
                    INVALIDATE,
                    ALREADY_TOUCHED,
                    ALIGNMENT,
                    ATOMIC_RESPONSE -> AsyncEvent.Kind.REMOTE_PROTECTION;
            case MESSAGE_TOO_LONG,
                    NO_RECEIVE_POSTED,
                    RECEIVE_LIMIT,
                    MESSAGE_SEQUENCE,
                    MESSAGE_OFFSET,
                    INBOUND_READ_DEPTH -> AsyncEvent.Kind.RECEIVE_QUEUE;
            case QUEUE_NUMBER, DDP_VERSION, RDMAP_VERSION, OPCODE, ATOMIC_OPERATION -> AsyncEvent.Kind.REMOTE_OPERATION;
            case COMPLETION_QUEUE_OVERFLOW -> AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW;
            case CLOSED_WHILE_BUSY -> AsyncEvent.Kind.BAD_PEER_CLOSE;
            case BUSY_WHILE_CLOSING -> AsyncEvent.Kind.BAD_CLOSE;
            case CONNECTION_RESET -> AsyncEvent.Kind.CONNECTION_RESET;
            case CONNECTION_LOST -> AsyncEvent.Kind.CONNECTION_LOST;
            case REMOTE_TERMINATE -> AsyncEvent.Kind.TERMINATE_RECEIVED;
            case REMOTE_CLOSE, LOCAL_CLOSE -> AsyncEvent.Kind.CLOSE_COMPLETE;
            case REQUEST_LENGTH,
                    OUTBOUND_READ_DEPTH,
                    INTERNAL,
                    STAGING_BUFFER,
                    FAST_REGISTER_NOT_ENABLED,
                    BIND_NOT_ENABLED,
                    ENTRY_NOT_INVALID,
                    ENTRY_SHARED,
                    PAGE_LIST_ROOM,
                    REMOTE_ACCESS_NOT_RESERVED,
                    WINDOW_BIND_RIGHT,
                    ZERO_BASED_REGION,
                    WINDOW_RIGHTS,
                    WINDOWS_BOUND -> AsyncEvent.Kind.QUEUE_PAIR_CATASTROPHIC;
        };
    }
}
