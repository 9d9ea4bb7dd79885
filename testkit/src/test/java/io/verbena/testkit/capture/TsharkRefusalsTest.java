package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.capture.decode.IwarpConversation;
import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.conformance.raw.RawTerminate;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.SystemDeadline;
import io.verbena.testkit.wireshark.SecondOpinion;
import io.verbena.testkit.wireshark.Tshark;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Terminates of each layer, which a raw peer provokes: tshark and our decoder read the same in them, and in what they refuse. */
@Tag("interop")
@Timeout(180)
class TsharkRefusalsTest {
    private static final int OPEN_OCTETS = 64;

    @TempDir
    private static Path folder;

    private static SecondOpinion opinion;

    /** What a raw peer may know. */
    private record Target(MemoryRegion open, MemoryRegion local, MemoryRegion foreign) {
        RawSegment write(int stag, long to) {
            return RawSegment.write(stag, to, new byte[16]);
        }

        RawSegment read(int stag, long from) {
            return RawSegment.readRequest(1, 0x1234, 0, 16, stag, from);
        }
    }

    /** One connection each, in this order, behind the one that every pair has. */
    private enum Refusal {
        MPA_CRC("2/0/02"),
        DDP_TAGGED_STAG("1/1/00"),
        DDP_TAGGED_BOUNDS("1/1/01"),
        DDP_TAGGED_FOREIGN("1/1/02"),
        DDP_TAGGED_WRAP("1/1/03"),
        DDP_TAGGED_VERSION("1/1/04"),
        DDP_UNTAGGED_QUEUE("1/2/01"),
        DDP_UNTAGGED_NO_BUFFER("1/2/02"),
        DDP_UNTAGGED_SEQUENCE("1/2/03"),
        DDP_UNTAGGED_OFFSET("1/2/04"),
        DDP_UNTAGGED_TOO_LONG("1/2/05"),
        DDP_UNTAGGED_VERSION("1/2/06"),
        RDMAP_STAG("0/1/00"),
        RDMAP_BOUNDS("0/1/01"),
        RDMAP_ACCESS("0/1/02"),
        RDMAP_FOREIGN("0/1/03"),
        RDMAP_WRAP("0/1/04"),
        RDMAP_INVALIDATE("0/2/09"),
        RDMAP_VERSION("0/2/05"),
        RDMAP_OPCODE("0/2/06");

        private final String triple;

        Refusal(String triple) {
            this.triple = triple;
        }

        RawSegment offender(Target target) {
            int stag = target.open().stag();
            long start = target.open().startAddress();
            RawSegment send = RawSegment.send(1, new byte[OPEN_OCTETS]);
            return switch (this) {
                case MPA_CRC -> target.write(stag, start);
                case DDP_TAGGED_STAG -> target.write(0x1234_5600, start);
                case DDP_TAGGED_BOUNDS -> target.write(stag, start + OPEN_OCTETS - 1);
                case DDP_TAGGED_FOREIGN -> target.write(target.foreign().stag(), start);
                case DDP_TAGGED_WRAP -> target.write(stag, -8);
                case DDP_TAGGED_VERSION -> target.write(stag, start).withDdpControl(0xC2);
                case DDP_UNTAGGED_QUEUE -> send.withQueue(7);
                case DDP_UNTAGGED_NO_BUFFER -> RawSegment.send(2, new byte[1]);
                case DDP_UNTAGGED_SEQUENCE -> RawSegment.send(77, new byte[1]);
                case DDP_UNTAGGED_OFFSET -> send.withOffset(3);
                case DDP_UNTAGGED_TOO_LONG -> RawSegment.send(1, new byte[OPEN_OCTETS + 1]);
                case DDP_UNTAGGED_VERSION -> send.withDdpControl(0x42);
                case RDMAP_STAG -> target.read(0x1234_5600, start);
                case RDMAP_BOUNDS -> target.read(stag, start + OPEN_OCTETS - 1);
                case RDMAP_ACCESS ->
                    target.read(target.local().stag(), target.local().startAddress());
                case RDMAP_FOREIGN ->
                    target.read(target.foreign().stag(), target.foreign().startAddress());
                case RDMAP_WRAP -> target.read(stag, -8);
                case RDMAP_INVALIDATE -> RawSegment.sendInvalidate(1, 0x1234_5600, new byte[4]);
                case RDMAP_VERSION -> send.withRdmapControl(0x83);
                case RDMAP_OPCODE -> send.withRdmapControl(0x4F);
            };
        }
    }

    @BeforeAll
    static void captureAndDissect() throws Exception {
        assumeTrue(Tshark.installed(), "tshark is not installed (Debian: apt-get install tshark)");
        Path file = folder.resolve("refusals.pcapng");
        PairOptions options = PairOptions.defaults()
                .withDevices(device -> device.name().equals("server") ? device.withCapture(file) : device);
        try (DevicePair pair = DevicePair.open(options);
                ProtectionDomain foreignDomain = pair.serverDevice().allocateProtectionDomain();
                MemoryRegion foreign = foreignDomain.register(
                        ByteBuffer.allocateDirect(OPEN_OCTETS), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)) {
            for (Refusal refusal : Refusal.values()) {
                provoke(refusal, pair, foreign);
            }
        }
        opinion = SecondOpinion.of(file);
    }

    private static void provoke(Refusal refusal, DevicePair pair, MemoryRegion foreign) throws Exception {
        PairEnd end = pair.newServerEnd();
        Target target = new Target(
                end.register(OPEN_OCTETS, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ),
                end.register(OPEN_OCTETS),
                foreign);
        end.postReceive(1, end.register(OPEN_OCTETS));
        try (RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            peer.sendRequest(RawStartup.request().withDepths(16, 16).withCrc(true));
            pair.listener()
                    .nextRequest(SystemDeadline.USUAL)
                    .accept(end.queuePair(), pair.options().serverParameters());
            peer.expectReply();
            // RFC 5044 section 7.1.2: before it has heard a good FPDU, a responder sends nothing.
            peer.sendFpdu(RawSegment.write(0, 0, new byte[0]));
            if (refusal == Refusal.DDP_UNTAGGED_NO_BUFFER) {
                peer.sendFpdu(RawSegment.send(1, new byte[1]));
            }
            peer.sendFpdu(refusal.offender(target), refusal == Refusal.MPA_CRC ? RawFault.CRC : RawFault.NONE);
            RawTerminate terminate = RawTerminate.parse(peer.expectFpdu());
            assertThat(terminate.triple()).as("%s", refusal).isEqualTo(refusal.triple);
            peer.expectClose();
        }
    }

    private static List<Tshark.Frame> terminates(IwarpConversation conversation) {
        return opinion.theirs(conversation, false).stream()
                .filter(frame -> frame.field("iwarp_rdma.term_ctrl") != null)
                .toList();
    }

    @Test
    void everyFieldIsReadTheSameByBoth() {
        assertThat(opinion.ours()).hasSize(1 + Refusal.values().length);
        assertThat(opinion.differences()).isEmpty();
    }

    @Test
    void nothingIsMalformed() {
        assertThat(opinion.complaints()).isEmpty();
    }

    @Test
    void everyTerminateSaysLayerTypeAndCode() {
        for (Refusal refusal : Refusal.values()) {
            IwarpConversation conversation = opinion.ours().get(1 + refusal.ordinal());
            assertThat(terminates(conversation))
                    .as("%s", refusal)
                    .singleElement()
                    .satisfies(frame -> {
                        String[] triple = refusal.triple.split("/");
                        assertThat(frame.number("iwarp_rdma.term_layer")).isEqualTo(Long.parseLong(triple[0]));
                        assertThat(frame.words().toString()).contains("x" + triple[2] + ")");
                    });
        }
    }

    @Test
    void theFrameWithTheBadCrcIsTheOnlyOne() {
        assertThat(opinion.theirs().frames())
                .filteredOn(frame ->
                        frame.words().getOrDefault("iwarp_mpa.crc_check", "").contains("Bad CRC32"))
                .singleElement()
                .satisfies(frame -> assertThat(frame.stream()).isEqualTo(1 + Refusal.MPA_CRC.ordinal()));
    }
}
