package io.verbena.testkit.badinput;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import java.util.Arrays;

/**
 * One segment of RFC 7306 that breaks a rule, and what it gets. The victim has four receives posted, and nothing outstanding.
 */
enum AtomicOffence {
    RESERVED_CODE(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.ATOMIC_OPERATION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, 0x1, 0);
        }
    },
    CODE_3(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.ATOMIC_OPERATION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, 0x3, 0);
        }
    },
    CODE_15(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.ATOMIC_OPERATION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, 0xF, 0);
        }
    },
    ADD_NOT_ALIGNED(0, 2, 0x07, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ALIGNMENT) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 4);
        }
    },
    SWAP_NOT_ALIGNED(0, 2, 0x07, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ALIGNMENT) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, COMPARE_SWAP, 1);
        }
    },
    STAG_UNKNOWN(0, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.atomicRequest(1, FETCH_ADD, 9, 0, target.startAddress(), 1, 0, 0, -1);
        }
    },
    OUT_OF_BOUNDS(0, 1, 0x01, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.BASE_AND_BOUNDS) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, target.lengthOctets());
        }
    },
    ADDRESS_WRAPS(0, 1, 0x04, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ADDRESS_WRAP) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.atomicRequest(1, FETCH_ADD, 9, target.stag(), -4, 1, 0, 0, -1);
        }
    },
    REQUEST_TOO_SHORT(1, 0, 0x00, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return resized(request(target, FETCH_ADD, 0), 51);
        }
    },
    REQUEST_WITHOUT_HEADER(1, 0, 0x00, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return resized(request(target, FETCH_ADD, 0), 0);
        }
    },
    REQUEST_TOO_LONG(1, 0, 0x00, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return resized(request(target, FETCH_ADD, 0), 53);
        }
    },
    REQUEST_NOT_LAST(0, 2, 0x07, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 0).withoutLast();
        }
    },
    REQUEST_ON_THE_QUEUE_OF_SENDS(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 0).withQueue(0);
        }
    },
    REQUEST_THAT_IS_TAGGED(1, 0, 0x00, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.write(target.stag(), target.startAddress(), HexVectors.pattern(52))
                    .withRdmapControl(0x4A);
        }
    },
    REQUEST_OF_ANOTHER_VERSION(0, 2, 0x05, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.RDMAP_VERSION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 0).withRdmapControl(0x0A);
        }
    },
    REQUEST_OF_ANOTHER_DDP_VERSION(1, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.DDP_VERSION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 0).withDdpControl(0x42);
        }
    },
    REQUEST_OF_THE_OPCODE_BEHIND_THE_LAST(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 0).withRdmapControl(0x4C);
        }
    },
    RESPONSE_OF_ANOTHER_VERSION(0, 2, 0x05, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.RDMAP_VERSION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.atomicResponse(1, 1, 5).withRdmapControl(0x8B);
        }
    },
    IMMEDIATE_OF_ANOTHER_VERSION(0, 2, 0x05, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.RDMAP_VERSION) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.immediate(1, 5).withRdmapControl(0x88);
        }
    },
    REQUEST_THAT_SKIPS_ONE(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.atomicRequest(2, FETCH_ADD, 9, target.stag(), target.startAddress(), 1, 0, 0, -1);
        }
    },
    REQUEST_BEHIND_ITS_BEGINNING(1, 2, 0x04, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_OFFSET) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return request(target, FETCH_ADD, 0).withOffset(8);
        }
    },
    RESPONSE_THAT_NOBODY_ASKED_FOR(1, 2, 0x02, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ATOMIC_RESPONSE) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.atomicResponse(1, 1, 5);
        }
    },
    RESPONSE_ON_THE_QUEUE_OF_REQUESTS(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.atomicResponse(1, 1, 5).withQueue(1);
        }
    },
    IMMEDIATE_NOT_LAST(0, 2, 0x07, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.immediate(1, 5).withoutLast();
        }
    },
    IMMEDIATE_ON_THE_QUEUE_OF_READS(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.immediate(1, 5).withQueue(1);
        }
    },
    IMMEDIATE_THAT_IS_TAGGED(1, 0, 0x00, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.write(target.stag(), target.startAddress(), HexVectors.pattern(8))
                    .withRdmapControl(0x48);
        }
    },
    IMMEDIATE_THAT_SKIPS_ONE(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(MemoryRegion target) {
            return RawSegment.immediate(2, 5);
        }
    };

    private static final int FETCH_ADD = 0x0;
    private static final int COMPARE_SWAP = 0x2;

    private final Answer answer;

    AtomicOffence(int layer, int errorType, int errorCode, AsyncEvent.Kind kind, FailedCheck check) {
        answer = new Answer(layer, errorType, errorCode, kind, check);
    }

    /** Returns the segment; {@code target} is memory that the peer may operate on. */
    abstract RawSegment segment(MemoryRegion target);

    /** Returns what has to come of it. */
    Answer answer() {
        return answer;
    }

    private static RawSegment request(MemoryRegion target, int code, long offset) {
        return RawSegment.atomicRequest(1, code, 9, target.stag(), target.startAddress() + offset, 1, -1, 0, 0);
    }

    private static RawSegment resized(RawSegment right, int octets) {
        return right.withPayload(Arrays.copyOf(right.payload(), octets));
    }
}
