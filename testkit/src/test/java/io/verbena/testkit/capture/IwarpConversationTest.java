package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.DecodedFrame.Crc;
import io.verbena.capture.decode.DecodedFrame.Kind;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.MarkerInserter;
import io.verbena.mpa.MpaInitiatorStartup;
import io.verbena.mpa.MpaParameters;
import io.verbena.mpa.MpaResponderStartup;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.testkit.HexVectors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Made-up connections, carried in packets that arrive whole, in pieces, twice and in any order. */
class IwarpConversationTest {
    private static final int OPENER = 40000;
    private static final int ACCEPTOR = 7174;

    private final IwarpDecoder decoder = new IwarpDecoder();

    private static CapturedPacket packet(int from, int to, int sequence, int flags, byte[] payload) {
        ByteBuffer octets = ByteBuffer.allocate(40 + payload.length);
        octets.put((byte) 0x45).put((byte) 0).putShort((short) octets.capacity());
        octets.putInt(0).put((byte) 64).put((byte) 6).putShort((short) 0);
        octets.putInt(0x7F000001).putInt(0x7F000001);
        octets.putShort((short) from).putShort((short) to).putInt(sequence).putInt(0);
        octets.put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 1000)
                .putInt(0)
                .put(payload);
        return new CapturedPacket(101, 0, octets.flip().asReadOnlyBuffer());
    }

    private void open(int openerSequence, int acceptorSequence) {
        decoder.onPacket(packet(OPENER, ACCEPTOR, openerSequence - 1, 0x02, new byte[0]));
        decoder.onPacket(packet(ACCEPTOR, OPENER, acceptorSequence - 1, 0x12, new byte[0]));
    }

    private void fromOpener(int sequence, byte[] payload) {
        decoder.onPacket(packet(OPENER, ACCEPTOR, sequence, 0x10, payload));
    }

    private void fromAcceptor(int sequence, byte[] payload) {
        decoder.onPacket(packet(ACCEPTOR, OPENER, sequence, 0x10, payload));
    }

    private IwarpConversation only() {
        assertThat(decoder.conversations()).hasSize(1);
        return decoder.conversations().get(0);
    }

    /** Both startup frames for one set of wishes on both sides. */
    private record Startup(byte[] request, byte[] reply) {
        static Startup of(MpaParameters both) {
            ByteBuffer request = new MpaInitiatorStartup(both).request();
            MpaResponderStartup responder = new MpaResponderStartup();
            responder.onOctets(request, 0, request.limit());
            return new Startup(array(request), array(responder.accept(both)));
        }
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.limit()];
        buffer.get(0, octets);
        return octets;
    }

    private static ByteBuffer fpdu(int number, int payloadOctets) {
        int ulpdu = 18 + payloadOctets;
        ByteBuffer fpdu = ByteBuffer.allocate(FpduLayout.fpduOctets(ulpdu));
        FpduLayout.putUlpduLength(fpdu, 0, ulpdu);
        fpdu.put(2, HexVectors.octets("4143 00000000 00000000"));
        fpdu.putInt(12, number);
        fpdu.put(20, HexVectors.pattern(payloadOctets));
        new FpduCrc().seal(fpdu, 0);
        return fpdu;
    }

    @Test
    void takesMarkersOutOfTheDirectionsThatHaveThem() {
        Startup startup = Startup.of(MpaParameters.defaults().withMarkersWanted(true));
        open(1, 1);
        fromOpener(1, startup.request());
        fromAcceptor(1, startup.reply());
        MarkerInserter inserter = new MarkerInserter(true);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int number = 1; number <= 20; number++) {
            ByteBuffer marked = ByteBuffer.allocate(2000);
            int octets = inserter.insert(fpdu(number, 70 * number), 0, marked, 0);
            stream.write(marked.array(), 0, octets);
        }
        fromOpener(1 + startup.request().length, stream.toByteArray());

        assertThat(only().trouble()).isNull();
        assertThat(only().octetsLeft()).isZero();
        List<DecodedFrame> fpdus = only().frames().subList(2, only().frames().size());
        assertThat(fpdus)
                .hasSize(20)
                .allSatisfy(frame -> assertThat(frame.crc()).isEqualTo(Crc.GOOD));
        for (int number = 1; number <= 20; number++) {
            DecodedFrame frame = fpdus.get(number - 1);
            assertThat(frame.line()).contains("msn " + number + " ");
            assertThat(HexVectors.hex(array(frame.octets().slice(0, 20 + 70 * number))))
                    .isEqualTo(HexVectors.hex(array(fpdu(number, 70 * number).slice(0, 20 + 70 * number))));
        }
    }

    @Test
    void putsPiecesInOrderThatCameInAnyOrderAndTwice() {
        for (int seed = 0; seed < 50; seed++) {
            IwarpDecoder fresh = new IwarpDecoder();
            Random random = new Random(seed);
            // Close to the end of the sequence numbers, so that they wrap within the stream.
            int first = -100;
            Startup startup = Startup.of(MpaParameters.defaults());
            fresh.onPacket(packet(OPENER, ACCEPTOR, first - 1, 0x02, new byte[0]));
            fresh.onPacket(packet(OPENER, ACCEPTOR, first, 0x10, startup.request()));
            fresh.onPacket(packet(ACCEPTOR, OPENER, 1, 0x10, startup.reply()));
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            for (int number = 1; number <= 10; number++) {
                stream.writeBytes(array(fpdu(number, random.nextInt(300))));
            }
            List<CapturedPacket> pieces = pieces(stream.toByteArray(), first + startup.request().length, random);
            pieces.forEach(fresh::onPacket);
            IwarpConversation conversation = fresh.conversations().get(0);
            assertThat(conversation.octetsLeft()).as("seed %d", seed).isZero();
            assertThat(conversation.frames()).as("seed %d", seed).hasSize(12);
        }
    }

    private static List<CapturedPacket> pieces(byte[] stream, int sequence, Random random) {
        List<CapturedPacket> pieces = new ArrayList<>();
        for (int at = 0; at < stream.length; ) {
            int length = Math.min(stream.length - at, 1 + random.nextInt(400));
            int overlap = Math.min(at, random.nextInt(20));
            byte[] piece = new byte[length + overlap];
            System.arraycopy(stream, at - overlap, piece, 0, piece.length);
            pieces.add(packet(OPENER, ACCEPTOR, sequence + at - overlap, 0x10, piece));
            if (random.nextInt(4) == 0) {
                pieces.add(pieces.get(pieces.size() - 1));
            }
            at += length;
        }
        Collections.shuffle(pieces, random);
        return pieces;
    }

    @Test
    void showsABadCrcAndGoesOn() {
        Startup startup = Startup.of(MpaParameters.defaults().withCrcWanted(true));
        open(1, 1);
        fromOpener(1, startup.request());
        fromAcceptor(1, startup.reply());
        byte[] bad = array(fpdu(1, 12));
        bad[25] ^= 1;
        int next = 1 + startup.request().length;
        fromOpener(next, bad);
        fromOpener(next + bad.length, array(fpdu(2, 0)));
        assertThat(only().frames()).extracting(DecodedFrame::crc).endsWith(Crc.BAD, Crc.GOOD);
        assertThat(only().frames().get(2).line()).endsWith("BAD CRC");
    }

    @Test
    void readsFpdusThatArriveBeforeTheReplyIsComplete() {
        Startup startup = Startup.of(MpaParameters.defaults());
        open(1, 1);
        fromOpener(1, startup.request());
        fromOpener(1 + startup.request().length, array(fpdu(1, 4)));
        assertThat(only().frames()).hasSize(1);
        assertThat(only().octetsLeft()).isPositive();
        fromAcceptor(1, startup.reply());
        assertThat(only().frames()).extracting(DecodedFrame::kind).containsExactly(Kind.REQUEST, Kind.REPLY, Kind.FPDU);
        assertThat(only().octetsLeft()).isZero();
    }

    @Test
    void countsOctetsOfAnFpduThatNeverEnds() {
        Startup startup = Startup.of(MpaParameters.defaults());
        open(1, 1);
        fromOpener(1, startup.request());
        fromAcceptor(1, startup.reply());
        fromAcceptor(1 + startup.reply().length, array(fpdu(1, 40).slice(0, 30)));
        assertThat(only().octetsLeft()).isEqualTo(30);
        assertThat(only().trouble()).isNull();
    }

    @Test
    void saysWhenItIsNoMpa() {
        open(1, 1);
        fromOpener(1, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(only().trouble()).contains("no MPA startup frame");
        assertThat(only().frames()).isEmpty();
    }

    @Test
    void portsUsedAgainBeginAnotherConnection() {
        Startup startup = Startup.of(MpaParameters.defaults());
        open(1, 1);
        fromOpener(1, startup.request());
        open(5000, 6000);
        fromOpener(5000, startup.request());
        fromAcceptor(6000, startup.reply());
        assertThat(decoder.conversations()).hasSize(2);
        assertThat(decoder.conversations().get(1).established()).isTrue();
    }

    @Test
    void packetsThatAreCutOrForeignAreIgnored() {
        CapturedPacket whole = packet(OPENER, ACCEPTOR, 1, 0x10, new byte[20]);
        for (int length = 0; length < 40; length++) {
            decoder.onPacket(new CapturedPacket(101, 0, whole.octets().slice(0, length)));
        }
        decoder.onPacket(new CapturedPacket(147, 0, whole.octets()));
        Random random = new Random(147);
        for (int round = 0; round < 5_000; round++) {
            byte[] octets = new byte[random.nextInt(80)];
            random.nextBytes(octets);
            int linkType = List.of(0, 1, 101, 113, 276).get(random.nextInt(5));
            decoder.onPacket(new CapturedPacket(linkType, 0, ByteBuffer.wrap(octets)));
        }
        assertThat(decoder.conversations())
                .allSatisfy(
                        conversation -> assertThat(conversation.established()).isFalse());
    }
}
