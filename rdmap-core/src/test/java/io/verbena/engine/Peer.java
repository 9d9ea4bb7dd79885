package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.rdmap.wire.AtomicOperation;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.AtomicResponseHeader;
import io.verbena.rdmap.wire.ImmediateData;
import io.verbena.rdmap.wire.RdmapControl;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The other end of a connection with CRC and without markers: writes frames and reads those it gets. */
final class Peer {
    private Peer() {}

    /** A segment that was received. */
    record Frame(boolean last, RdmapOpcode opcode, int stag, long address, int sequence, int offset, byte[] payload) {
        /** Returns what its Terminate says, as in {@code 1/2/05}. */
        String triple() {
            return terminate().reason().triple();
        }

        TerminateMessage terminate() {
            return new TerminateMessage().wrap(ByteBuffer.wrap(payload), 0, payload.length);
        }

        ReadRequestHeader readRequest() {
            return new ReadRequestHeader().wrap(ByteBuffer.wrap(payload), 0);
        }

        AtomicRequestHeader atomicRequest() {
            return new AtomicRequestHeader().wrap(ByteBuffer.wrap(payload), 0);
        }

        AtomicResponseHeader atomicResponse() {
            return new AtomicResponseHeader().wrap(ByteBuffer.wrap(payload), 0);
        }

        /** Returns the Read Request that its Terminate brings back. */
        ReadRequestHeader returnedReadRequest() {
            TerminateMessage message = terminate();
            assertThat(message.hasRdmapHeader()).isTrue();
            return new ReadRequestHeader().wrap(ByteBuffer.wrap(payload), message.rdmapHeaderOffset());
        }
    }

    static byte[] fpdu(ByteBuffer segment) {
        int length = segment.capacity();
        ByteBuffer fpdu = ByteBuffer.allocate(FpduLayout.fpduOctets(length));
        FpduLayout.putUlpduLength(fpdu, 0, length);
        fpdu.put(FpduLayout.ULPDU, segment, 0, length);
        new FpduCrc().seal(fpdu, 0);
        return fpdu.array();
    }

    static ByteBuffer untagged(
            RdmapOpcode opcode, int sequence, int offset, boolean last, int word, ByteBuffer payload) {
        ByteBuffer segment = ByteBuffer.allocate(UntaggedHeader.OCTETS + payload.capacity());
        new UntaggedHeader()
                .wrap(segment, 0)
                .control(DdpControl.encode(false, last))
                .ulpControl(RdmapControl.encode(opcode))
                .ulpWord(word)
                .queueNumber(opcode.queueNumber())
                .messageSequenceNumber(sequence)
                .messageOffset(offset);
        return segment.put(UntaggedHeader.OCTETS, payload, 0, payload.capacity());
    }

    static ByteBuffer tagged(RdmapOpcode opcode, int stag, long address, boolean last, int payload) {
        ByteBuffer segment = ByteBuffer.allocate(TaggedHeader.OCTETS + payload);
        new TaggedHeader()
                .wrap(segment, 0)
                .control(DdpControl.encode(true, last))
                .ulpControl(RdmapControl.encode(opcode))
                .stag(stag)
                .taggedOffset(address);
        for (int i = 0; i < payload; i++) {
            segment.put(TaggedHeader.OCTETS + i, octet(i));
        }
        return segment;
    }

    /** The octet at index {@code i} of every payload a peer sends. */
    static byte octet(int i) {
        return (byte) (i * 5 + 1);
    }

    static ByteBuffer pattern(int octets) {
        ByteBuffer pattern = ByteBuffer.allocate(octets);
        for (int i = 0; i < octets; i++) {
            pattern.put(i, octet(i));
        }
        return pattern;
    }

    static byte[] send(int sequence, int octets) {
        return fpdu(untagged(RdmapOpcode.SEND, sequence, 0, true, 0, pattern(octets)));
    }

    static byte[] sendSegment(int sequence, int offset, boolean last, int octets) {
        return fpdu(untagged(RdmapOpcode.SEND, sequence, offset, last, 0, pattern(octets)));
    }

    static byte[] sendInvalidate(int sequence, int octets, int stag) {
        return fpdu(untagged(RdmapOpcode.SEND_INVALIDATE, sequence, 0, true, stag, pattern(octets)));
    }

    static byte[] write(int stag, long address, int octets) {
        return fpdu(tagged(RdmapOpcode.RDMA_WRITE, stag, address, true, octets));
    }

    static byte[] readResponse(int stag, long address, boolean last, int octets) {
        return fpdu(tagged(RdmapOpcode.READ_RESPONSE, stag, address, last, octets));
    }

    static byte[] readRequest(int sequence, int sourceStag, long sourceAddress, long octets) {
        ByteBuffer header = ByteBuffer.allocate(ReadRequestHeader.OCTETS);
        new ReadRequestHeader()
                .wrap(header, 0)
                .sinkStag(0x5151)
                .sinkTaggedOffset(0x1000)
                .readSize(octets)
                .sourceStag(sourceStag)
                .sourceTaggedOffset(sourceAddress);
        return fpdu(untagged(RdmapOpcode.READ_REQUEST, sequence, 0, true, 0, header));
    }

    static byte[] immediate(int sequence, long data) {
        ByteBuffer octets = ByteBuffer.allocate(ImmediateData.OCTETS);
        ImmediateData.write(octets, 0, data);
        return fpdu(untagged(RdmapOpcode.IMMEDIATE, sequence, 0, true, 0, octets));
    }

    /** An Atomic Request that adds {@code addend}; its identifier is 0x700 above its MSN. */
    static byte[] fetchAdd(int sequence, int stag, long address, long addend) {
        ByteBuffer header = ByteBuffer.allocate(AtomicRequestHeader.OCTETS);
        new AtomicRequestHeader()
                .wrap(header, 0)
                .operation(AtomicOperation.FETCH_ADD)
                .requestIdentifier(0x700 + sequence)
                .remoteStag(stag)
                .remoteTaggedOffset(address)
                .addOrSwapData(addend)
                .compareMask(AtomicRequestHeader.UNUSED_COMPARE_MASK);
        return fpdu(untagged(RdmapOpcode.ATOMIC_REQUEST, sequence, 0, true, 0, header));
    }

    static byte[] atomicResponse(int sequence, int identifier, long value) {
        return fpdu(untagged(RdmapOpcode.ATOMIC_RESPONSE, sequence, 0, true, 0, atomicResponse(identifier, value)));
    }

    private static ByteBuffer atomicResponse(int identifier, long value) {
        ByteBuffer header = ByteBuffer.allocate(AtomicResponseHeader.OCTETS);
        new AtomicResponseHeader()
                .wrap(header, 0)
                .originalRequestIdentifier(identifier)
                .originalRemoteData(value);
        return header;
    }

    static byte[] terminate(TerminateReason reason) {
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.CONTROL_OCTETS);
        TerminateMessage.encode(message, 0, reason);
        return fpdu(untagged(RdmapOpcode.TERMINATE, 1, 0, true, 0, message));
    }

    /** Reads the frames of {@code stream}; the last one may be there in part and is left out then. */
    static List<Frame> frames(byte[] stream) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer octets = ByteBuffer.wrap(stream);
        int at = 0;
        while (stream.length - at >= 2) {
            int ulpdu = FpduLayout.ulpduLength(octets, at);
            int total = FpduLayout.fpduOctets(ulpdu);
            if (stream.length - at < total) {
                break;
            }
            assertThat(new FpduCrc().verify(octets, at))
                    .as("CRC of frame %d", frames.size())
                    .isTrue();
            frames.add(frame(octets, at + FpduLayout.ULPDU, ulpdu));
            at += total;
        }
        return frames;
    }

    private static Frame frame(ByteBuffer octets, int at, int length) {
        int control = octets.get(at);
        boolean last = DdpControl.isLast(control);
        byte[] all = Arrays.copyOfRange(octets.array(), at, at + length);
        byte[] payload = Arrays.copyOfRange(all, DdpControl.headerOctets(control), length);
        if (DdpControl.isTagged(control)) {
            TaggedHeader header = new TaggedHeader().wrap(octets, at);
            return new Frame(
                    last,
                    RdmapControl.opcode(header.ulpControl()),
                    header.stag(),
                    header.taggedOffset(),
                    0,
                    0,
                    payload);
        }
        UntaggedHeader header = new UntaggedHeader().wrap(octets, at);
        return new Frame(
                last,
                RdmapControl.opcode(header.ulpControl()),
                header.ulpWord(),
                0,
                header.messageSequenceNumber(),
                header.messageOffset(),
                payload);
    }
}
