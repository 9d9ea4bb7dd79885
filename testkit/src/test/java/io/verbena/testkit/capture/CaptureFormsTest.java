package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.DamagedCaptureException;
import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.FrameListener;
import io.verbena.capture.decode.HexText;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.capture.decode.PacketReader;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A capture says the same in whatever form it comes; one that is damaged says a sentence, and takes no memory without end. */
@Timeout(120)
class CaptureFormsTest {
    private static final List<ByteOrder> ORDERS = List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);

    private static byte[] capture(String name) throws Exception {
        return Files.readAllBytes(Path.of(CaptureFormsTest.class
                .getResource("/captures/" + name + ".pcap")
                .toURI()));
    }

    private static List<String> lines(PacketReader packets) throws IOException {
        List<String> lines = new ArrayList<>();
        IwarpDecoder decoder = new IwarpDecoder((conversation, frame) -> lines.add(frame.line()));
        for (CapturedPacket each = packets.next(); each != null; each = packets.next()) {
            decoder.onPacket(each);
        }
        return lines;
    }

    private static List<String> lines(byte[] file) throws IOException {
        return lines(PacketReader.of(new ByteArrayInputStream(file)));
    }

    private static List<String> lines(String text) throws IOException {
        assertThat(PacketReader.beginsAsText(text.substring(0, Math.min(16_384, text.length()))))
                .isTrue();
        return lines(PacketReader.ofText(new BufferedReader(new StringReader(text))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rping", "rping-crc", "siwerr-write-bounds", "mpa-v1", "reject", "p2p-both-crc"})
    void everyFormGivesTheSameFrames(String name) throws Exception {
        byte[] original = capture(name);
        List<String> expected = lines(original);
        assertThat(expected).isNotEmpty();
        List<CapturedPacket> packets = CaptureForms.ipPackets(original);
        for (ByteOrder order : ORDERS) {
            for (int linkType : new int[] {
                CaptureForms.LINK_NULL,
                CaptureForms.LINK_LOOP,
                CaptureForms.LINK_RAW,
                12,
                14,
                CaptureForms.LINK_ETHERNET,
                CaptureForms.LINK_COOKED,
                CaptureForms.LINK_COOKED_2
            }) {
                assertThat(lines(CaptureForms.pcap(packets, linkType, false, order, linkType % 2 == 0)))
                        .as("%s, link type %d", order, linkType)
                        .isEqualTo(expected);
            }
            assertThat(lines(CaptureForms.pcap(packets, CaptureForms.LINK_ETHERNET, true, order, false)))
                    .as("%s, VLAN in VLAN", order)
                    .isEqualTo(expected);
            assertThat(lines(CaptureForms.pcapng(packets, order)))
                    .as("%s", order)
                    .isEqualTo(expected);
        }
        for (int linkType : new int[] {
            CaptureForms.LINK_RAW, CaptureForms.LINK_ETHERNET, CaptureForms.LINK_COOKED, CaptureForms.LINK_COOKED_2
        }) {
            assertThat(lines(CaptureForms.tcpdump(packets, linkType)))
                    .as("tcpdump, link type %d", linkType)
                    .isEqualTo(expected);
        }
        assertThat(lines(CaptureForms.tshark(packets))).as("tshark").isEqualTo(expected);
    }

    @Test
    void timesOfPrintedPacketsAreThoseOfTheirDay() throws Exception {
        List<CapturedPacket> packets = CaptureForms.ipPackets(capture("rping"));
        PacketReader printed = PacketReader.ofText(
                new BufferedReader(new StringReader(CaptureForms.tcpdump(packets, CaptureForms.LINK_RAW))));
        for (CapturedPacket each : packets) {
            long microseconds = each.timeNs() / 1_000 % 86_400_000_000L;
            assertThat(printed.next().timeNs()).isEqualTo(microseconds * 1_000);
        }
        assertThat(printed.next()).isNull();
    }

    @Test
    void octetsOfOneConnectionAreNotTakenForPackets() {
        String startup =
                "00000000: 4d50 4120 4944 2052 6571 2046 7261 6d65  MPA ID Req Frame\n00000010: 4001 0000  @...";
        assertThat(PacketReader.beginsAsText(startup)).isFalse();
        assertThat(PacketReader.beginsAsText(">> 0016 4143 00000000 00000000 00000001 00000000"))
                .isFalse();
        assertThat(PacketReader.beginsAsText("")).isFalse();
    }

    @Test
    void octetsMayHaveColonsBetweenThem() throws Exception {
        List<DecodedFrame> frames = new ArrayList<>();
        HexText text = new HexText(frames::add);
        text.read(new BufferedReader(new StringReader(
                "00:16:41:43:00:00:00:00:00:00:00:00\r\n00:00:00:01:00:00:00:00:01:02:03:04:00:00:00:00\r\n")));
        assertThat(frames)
                .singleElement()
                .satisfies(frame -> assertThat(frame.line()).contains("len 4"));
        assertThat(text.octetsLeft()).isZero();
    }

    @Test
    void aFileThatEndsAnywhereGivesTheFramesBeforeItsEnd() throws Exception {
        List<CapturedPacket> packets = CaptureForms.ipPackets(capture("siwerr-read-bounds"));
        for (ByteOrder order : ORDERS) {
            for (byte[] whole : List.of(
                    CaptureForms.pcapng(packets, order),
                    CaptureForms.pcap(packets, CaptureForms.LINK_COOKED, false, order, true))) {
                List<String> all = lines(whole);
                for (int end = 0; end < whole.length; end++) {
                    List<String> some = outcome(Arrays.copyOf(whole, end));
                    assertThat(some).isEqualTo(all.subList(0, some.size()));
                }
            }
        }
    }

    /** Returns the frames; what is wrong with the file has to be one sentence. */
    private static List<String> outcome(byte[] file) throws IOException {
        List<String> lines = new ArrayList<>();
        IwarpDecoder decoder = new IwarpDecoder((conversation, frame) -> lines.add(frame.line()));
        try {
            PacketReader packets = PacketReader.of(new ByteArrayInputStream(file));
            for (CapturedPacket each = packets.next(); each != null; each = packets.next()) {
                decoder.onPacket(each);
            }
        } catch (DamagedCaptureException damaged) {
            assertSentence(damaged);
        }
        decoder.conversations().forEach(IwarpConversation::trouble);
        return lines;
    }

    private static void assertSentence(DamagedCaptureException damaged) {
        assertThat(damaged.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(300);
    }

    @Test
    void whatIsChangedAtRandomNeverThrowsAnythingElse() throws Exception {
        List<byte[]> corpus = new ArrayList<>();
        for (String name : List.of("rping-crc", "siwerr-send-too-long", "p2p-read-crc", "reject", "mpa-v1")) {
            byte[] original = capture(name);
            corpus.add(original);
            corpus.add(CaptureForms.pcapng(CaptureForms.ipPackets(original), ByteOrder.BIG_ENDIAN));
            corpus.add(CaptureForms.pcapng(CaptureForms.ipPackets(original), ByteOrder.LITTLE_ENDIAN));
        }
        for (int seed = 0; seed < 6_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] mutated = mutated(corpus.get(random.nextInt(corpus.size())), random);
            try {
                outcome(mutated);
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed, unexpected);
            }
        }
    }

    @Test
    void textThatIsChangedAtRandomNeverThrowsAnythingElse() throws Exception {
        List<CapturedPacket> packets = CaptureForms.ipPackets(capture("siwerr-send-too-long"));
        List<String> corpus =
                List.of(CaptureForms.tcpdump(packets, CaptureForms.LINK_RAW), CaptureForms.tshark(packets));
        for (int seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] octets = corpus.get(random.nextInt(corpus.size())).getBytes(StandardCharsets.ISO_8859_1);
            String text = new String(mutated(octets, random), StandardCharsets.ISO_8859_1);
            try {
                if (PacketReader.beginsAsText(text)) {
                    lines(PacketReader.ofText(new BufferedReader(new StringReader(text))));
                }
                new HexText(frame -> {}).read(new BufferedReader(new StringReader(text)));
            } catch (DamagedCaptureException damaged) {
                assertSentence(damaged);
            } catch (RuntimeException unexpected) {
                throw new AssertionError("seed " + seed, unexpected);
            }
        }
    }

    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] octets = original.clone();
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(octets.length);
            switch (random.nextInt(6)) {
                case 0 -> octets[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> octets[at] = (byte) random.nextInt(256);
                case 2 -> octets[at] = random.nextBoolean() ? 0 : (byte) 0xFF;
                case 3 -> octets = Arrays.copyOf(octets, Math.max(1, at));
                case 4 -> {
                    // A piece comes again in another place.
                    int count = Math.min(random.nextInt(64), octets.length - at);
                    System.arraycopy(octets, random.nextInt(octets.length - count + 1), octets, at, count);
                }
                default -> {
                    int count = Math.min(4, octets.length - at);
                    Arrays.fill(octets, at, at + count, (byte) random.nextInt(256));
                }
            }
        }
        return octets;
    }

    @Test
    void aCaptureThatBeginsInTheMiddleSaysThatItsBeginningIsNotThere() throws Exception {
        List<CapturedPacket> packets = CaptureForms.ipPackets(capture("rping-crc"));
        int whole = lines(capture("rping-crc")).size();
        for (int missing = 1; missing < packets.size(); missing++) {
            IwarpDecoder decoder = new IwarpDecoder();
            packets.subList(missing, packets.size()).forEach(decoder::onPacket);
            for (IwarpConversation conversation : decoder.conversations()) {
                if (conversation.frames().size() < whole && conversation.plainOctets() > 0) {
                    assertThat(conversation.trouble()).isNotNull().containsAnyOf("no MPA startup frame", "MPA Reply");
                }
            }
        }
    }

    @Test
    void forgetsTheFirstOfTooManyConnections() {
        int[] forgotten = new int[1];
        IwarpDecoder decoder = new IwarpDecoder(new FrameListener() {
            @Override
            public void onFrame(IwarpConversation conversation, DecodedFrame frame) {}

            @Override
            public void onForgotten(IwarpConversation conversation) {
                forgotten[0]++;
                assertThat(conversation.ordinal()).isEqualTo(forgotten[0]);
            }
        });
        int connections = 100_000;
        for (int i = 0; i < connections; i++) {
            decoder.onPacket(packet(i, 1000, new byte[0]));
        }
        assertThat(decoder.conversations()).hasSize(1 << 15);
        assertThat(forgotten[0]).isEqualTo(connections - (1 << 15));
    }

    @Test
    void octetsThatWaitForOthersAreBoundedOverAllConnections() {
        IwarpDecoder decoder = new IwarpDecoder();
        for (int connection = 0; connection < 300; connection++) {
            decoder.onPacket(packet(connection, 0, new byte[0]));
            for (int i = 0; i < 16; i++) {
                // There is a gap before them all.
                decoder.onPacket(packet(connection, 1_000 + i * 60_000, new byte[60_000]));
            }
        }
        long held = decoder.conversations().stream()
                .mapToLong(IwarpConversation::octetsLeft)
                .sum();
        assertThat(held).isBetween(1L << 24, 1L << 26);
    }

    private static CapturedPacket packet(int connection, int sequence, byte[] payload) {
        ByteBuffer octets = ByteBuffer.allocate(40 + payload.length);
        octets.putShort((short) 0x4500).putShort((short) octets.capacity());
        octets.putInt(0).put((byte) 64).put((byte) 6).putShort((short) 0);
        octets.putInt(0x0A000000 + (connection >>> 14)).putInt(0x7F000001);
        octets.putShort((short) (1024 + (connection & 0x3FFF))).putShort((short) 7174);
        octets.putInt(sequence).putInt(0).put((byte) 0x50).put((byte) 0x10);
        octets.position(40);
        octets.put(payload);
        return new CapturedPacket(CaptureForms.LINK_RAW, 0, octets.flip().asReadOnlyBuffer());
    }

    @Test
    void refusesALineWithoutEnd() {
        String text = "00".repeat((1 << 23) + 1);
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(() -> new HexText(frame -> {}).read(new BufferedReader(new StringReader(text))))
                .withMessage("line 1 is longer than 16777216 characters");
    }

    @Test
    void saysWhichLineOfPrintedPacketsIsWrong() throws Exception {
        String text = CaptureForms.tcpdump(CaptureForms.ipPackets(capture("reject")), CaptureForms.LINK_RAW);
        String gap = text.replaceFirst("0x0010: .*\\R", "");
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(() -> lines(gap))
                .withMessageMatching("line \\d+ begins at offset 32, and its packet has 16 octets before it");
        String bad = text.replaceFirst("0x0010:  \\p{XDigit}", "0x0010:  x");
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(() -> lines(bad))
                .withMessageMatching("line \\d+ is not hex: .*");
    }
}
