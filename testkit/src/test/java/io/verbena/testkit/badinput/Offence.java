package io.verbena.testkit.badinput;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import java.util.Arrays;

/**
 * One segment that breaks a rule, in a well-formed FPDU, and what it gets (the tables of RFC 5040 figures 9 and 10 and RFC
 * 5041 section 7.2). The victim has four receives of 64 octets posted.
 */
enum Offence {
    DDP_VERSION_2_TAGGED(1, 1, 0x04, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.DDP_VERSION) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withDdpControl(0xC2);
        }
    },
    DDP_VERSION_0_TAGGED(1, 1, 0x04, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.DDP_VERSION) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withDdpControl(0xC0);
        }
    },
    DDP_VERSION_2_UNTAGGED(1, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.DDP_VERSION) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withDdpControl(0x42);
        }
    },
    RDMAP_VERSION_2_TAGGED(0, 2, 0x05, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.RDMAP_VERSION) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withRdmapControl(0x80);
        }
    },
    RDMAP_VERSION_0_UNTAGGED(0, 2, 0x05, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.RDMAP_VERSION) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withRdmapControl(0x03);
        }
    },
    UNKNOWN_OPCODE_TAGGED(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withRdmapControl(0x4C);
        }
    },
    UNKNOWN_OPCODE_UNTAGGED(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withRdmapControl(0x4F);
        }
    },
    READ_REQUEST_OF_RDMAP_VERSION_2(0, 2, 0x05, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.RDMAP_VERSION) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 1, 16).withRdmapControl(0x81);
        }
    },
    READ_REQUEST_OF_AN_UNKNOWN_OPCODE(0, 2, 0x06, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 1, 16).withRdmapControl(0x4D);
        }
    },
    WRITE_THAT_IS_UNTAGGED(1, 0, 0x00, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withRdmapControl(0x40);
        }
    },
    SEND_THAT_IS_TAGGED(1, 0, 0x00, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.OPCODE) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withRdmapControl(0x43);
        }
    },
    QUEUE_THAT_DOES_NOT_EXIST(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withQueue(7);
        }
    },
    SEND_ON_THE_QUEUE_OF_READS(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withQueue(1);
        }
    },
    READ_REQUEST_ON_THE_QUEUE_OF_SENDS(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 1, 16).withQueue(0);
        }
    },
    MSN_THAT_SKIPS_A_MESSAGE(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.send(2, HexVectors.pattern(16));
        }
    },
    MSN_OF_THE_PAST(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.send(0, HexVectors.pattern(16));
        }
    },
    MSN_FAR_AHEAD(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.send(0x7000_0000, HexVectors.pattern(16));
        }
    },
    MSN_OF_A_READ_REQUEST_THAT_SKIPS(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 2, 16);
        }
    },
    MSN_OF_A_READ_REQUEST_OF_THE_PAST(1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 0, 16);
        }
    },
    MSN_OF_A_READ_REQUEST_BEHIND_THE_LAST_SLOT(
            1, 2, 0x03, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_SEQUENCE) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 17, 16);
        }
    },
    OFFSET_THAT_DOES_NOT_BEGIN_AT_ZERO(1, 2, 0x04, AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_OFFSET) {
        @Override
        RawSegment segment(Victim victim) {
            return send(16).withOffset(4);
        }
    },
    STAG_UNKNOWN(1, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withStag(victim.granted().stag() ^ 0x5555_5500);
        }
    },
    STAG_ZERO(1, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withStag(0);
        }
    },
    STAG_OF_ANOTHER_INSTANCE(1, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.TAG_INSTANCE) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, 0, 16).withStag(victim.granted().stag() ^ 1);
        }
    },
    STAG_THAT_WAS_DEREGISTERED(1, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID) {
        @Override
        RawSegment segment(Victim victim) {
            victim.granted().close();
            return write(victim, 0, 16);
        }
    },
    STAG_OF_ANOTHER_DOMAIN(1, 1, 0x02, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.PROTECTION_DOMAIN) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.write(victim.foreign().stag(), victim.foreign().startAddress(), HexVectors.pattern(16));
        }
    },
    WRITE_WITHOUT_THE_RIGHT(1, 1, 0x02, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ACCESS_RIGHT) {
        @Override
        RawSegment segment(Victim victim) {
            var readOnly = victim.registerAgain(AccessFlag.REMOTE_READ);
            return RawSegment.write(readOnly.stag(), readOnly.startAddress(), HexVectors.pattern(16));
        }
    },
    WRITE_BEHIND_THE_END(1, 1, 0x01, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.BASE_AND_BOUNDS) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, Victim.GRANTED_OCTETS - 15, 16);
        }
    },
    WRITE_BEFORE_THE_START(1, 1, 0x01, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.BASE_AND_BOUNDS) {
        @Override
        RawSegment segment(Victim victim) {
            return write(victim, -1, 16);
        }
    },
    WRITE_THAT_WRAPS(1, 1, 0x03, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ADDRESS_WRAP) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.write(victim.granted().stag(), -8, HexVectors.pattern(16));
        }
    },
    READ_RESPONSE_THAT_NOBODY_ASKED_FOR(1, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.READ_RESPONSE) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.readResponse(victim.granted().stag(), victim.at(0), HexVectors.pattern(16));
        }
    },
    READ_REQUEST_THAT_IS_NOT_LAST(0, 2, 0x07, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(Victim victim) {
            return read(victim, 1, 16).withoutLast();
        }
    },
    READ_REQUEST_THAT_IS_TOO_LONG(1, 0, 0x00, AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH) {
        @Override
        RawSegment segment(Victim victim) {
            RawSegment right = read(victim, 1, 16);
            return right.withPayload(Arrays.copyOf(right.payload(), right.payload().length + 4));
        }
    },
    TERMINATE_ON_THE_QUEUE_OF_SENDS(1, 2, 0x01, AsyncEvent.Kind.REMOTE_OPERATION, FailedCheck.QUEUE_NUMBER) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.terminate(0, 0, 0).withQueue(0);
        }
    },
    READ_SOURCE_UNKNOWN(0, 1, 0x00, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.readRequest(1, 1, 0, 16, victim.granted().stag() ^ 0x5555_5500, victim.at(0));
        }
    },
    READ_SOURCE_BEHIND_THE_END(0, 1, 0x01, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.BASE_AND_BOUNDS) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.readRequest(1, 1, 0, 16, victim.granted().stag(), victim.at(Victim.GRANTED_OCTETS - 15));
        }
    },
    READ_SOURCE_WITHOUT_THE_RIGHT(0, 1, 0x02, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ACCESS_RIGHT) {
        @Override
        RawSegment segment(Victim victim) {
            var writeOnly = victim.end().register(64, AccessFlag.REMOTE_WRITE);
            return RawSegment.readRequest(1, 1, 0, 16, writeOnly.stag(), writeOnly.startAddress());
        }
    },
    READ_SOURCE_OF_ANOTHER_DOMAIN(0, 1, 0x03, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.PROTECTION_DOMAIN) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.readRequest(
                    1, 1, 0, 16, victim.foreign().stag(), victim.foreign().startAddress());
        }
    },
    READ_SOURCE_THAT_WRAPS(0, 1, 0x04, AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ADDRESS_WRAP) {
        @Override
        RawSegment segment(Victim victim) {
            return RawSegment.readRequest(1, 1, 0, 16, victim.granted().stag(), -8);
        }
    };

    private final Answer answer;

    Offence(int layer, int errorType, int errorCode, AsyncEvent.Kind kind, FailedCheck check) {
        answer = new Answer(layer, errorType, errorCode, kind, check);
    }

    /** Prepares the victim and returns the segment. */
    abstract RawSegment segment(Victim victim);

    /** Returns what has to come of it. */
    Answer answer() {
        return answer;
    }

    private static RawSegment write(Victim victim, long offset, int length) {
        return RawSegment.write(victim.granted().stag(), victim.at(offset), HexVectors.pattern(length));
    }

    private static RawSegment send(int length) {
        return RawSegment.send(1, HexVectors.pattern(length));
    }

    private static RawSegment read(Victim victim, int msn, int length) {
        return RawSegment.readRequest(msn, 1, 0, length, victim.granted().stag(), victim.at(0));
    }
}
