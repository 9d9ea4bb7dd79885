package io.verbena.examples.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verbena decode} on captures of the Linux kernel, on damaged ones, and on hex. */
class DecodeTest {
    private static final Path CAPTURES = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .getParent()
            .resolve("testkit/src/test/resources/captures");

    /** RFC 5044 figure 5 and 6's stream in shape: a Request, a Reply, and a Send of four octets with its CRC. */
    private static final String REQUEST = "4d504120494420526571204672616d65 40 01 0000";

    private static final String REPLY = "4d504120494420526570204672616d65 40 01 0000";
    private static final String SEND = "0016 41 43 00000000 00000000 00000001 00000000 01020304";

    @TempDir
    private Path folder;

    static Stream<Path> captures() throws Exception {
        try (Stream<Path> files = Files.list(CAPTURES)) {
            return files.filter(file -> file.toString().endsWith(".pcap")).sorted().toList().stream();
        }
    }

    private RunningTool decode(byte[] content) throws Exception {
        return RunningTool.run(
                "decode", Files.write(folder.resolve("capture"), content).toString());
    }

    private RunningTool decode(String text) throws Exception {
        return decode(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> frames(RunningTool tool) {
        return tool.out().lines().filter(line -> !line.startsWith("#")).toList();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void decodesWhatTheKernelSent(Path capture) throws Exception {
        RunningTool tool = RunningTool.run("decode", capture.toString());

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.err()).isEmpty();
        assertThat(frames(tool)).isNotEmpty().allMatch(line -> line.matches(" +\\d+\\.\\d{6} (>>|<<) conn \\d+ .*"));
        assertThat(tool.out()).doesNotContain("BAD CRC", "not decoded", "no whole frame");
    }

    @Test
    void showsRfc6581WordsAndTheBitOrderOfSiw() throws Exception {
        assertThat(frames(RunningTool.run(
                        "decode", CAPTURES.resolve("p2p-both-crc.pcap").toString())))
                .first()
                .asString()
                .contains("MPA      REQUEST  rev 2 CRC PEER-TO-PEER RTR-WRITE RTR-READ ird 4 ord 4");
        assertThat(frames(RunningTool.run(
                        "decode", CAPTURES.resolve("siwerr-write-bounds.pcap").toString())))
                .last()
                .asString()
                .contains("TERMINATE LAST 1/1/01", "(siw bit order)");
    }

    @Test
    void aFileThatIsCutSaysSoBehindWhatItHolds() throws Exception {
        Path whole = CAPTURES.resolve("rping-crc.pcap");
        List<String> all = frames(RunningTool.run("decode", whole.toString()));
        byte[] octets = Files.readAllBytes(whole);

        RunningTool tool = decode(Arrays.copyOf(octets, octets.length / 2));

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(frames(tool))
                .isNotEmpty()
                .isEqualTo(all.subList(0, frames(tool).size()));
        assertThat(tool.err().lines())
                .singleElement()
                .asString()
                .contains("the file ends within ", "; " + frames(tool).size() + " frames were decoded before");
    }

    @Test
    void aDamagedFileSaysSoBehindWhatItHolds() throws Exception {
        byte[] octets = Files.readAllBytes(CAPTURES.resolve("rping-crc.pcap"));
        // The third packet claims to be longer than any.
        int third = 24;
        for (int packets = 0; packets < 2; packets++) {
            third += 16 + (octets[third + 8] & 0xFF | (octets[third + 9] & 0xFF) << 8);
        }
        octets[third + 11] = 0x7F;

        RunningTool tool = decode(octets);

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.err().lines())
                .singleElement()
                .asString()
                .contains("the file is damaged: a packet at octet " + (third + 16), "0 frames were decoded before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0001\u0002\u0003\u0004 no capture", ">> 00 16 4", "hello, world"})
    void whatIsNoCaptureIsOneLine(String content) throws Exception {
        RunningTool tool = decode(content);

        assertThat(tool.exitCode()).isEqualTo(1);
        assertThat(tool.err().lines()).hasSize(1);
        assertThat(tool.err()).startsWith("verbena decode: ");
    }

    @Test
    void decodesAConnectionWrittenAsHex() throws Exception {
        RunningTool tool = decode("# startup\n>> " + REQUEST + "\n<< " + REPLY + "\n>> " + SEND + "\n   deadbeef\n");

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(frames(tool)).hasSize(3);
        assertThat(frames(tool).get(0)).startsWith(">> hex         MPA      REQUEST  rev 1 CRC");
        assertThat(frames(tool).get(1)).startsWith("<< hex         MPA      REPLY    rev 1 CRC");
        assertThat(frames(tool).get(2))
                .startsWith(">> hex         UNTAGGED q0 msn 1 ")
                .endsWith("SEND LAST BAD CRC");
    }

    /** As {@code tcpdump -x} prints them: one Request, and a segment with nothing. */
    @Test
    void decodesPacketsThatAreWrittenAsHex() throws Exception {
        RunningTool tool = decode("""
                16:44:51.250000 IP 127.0.0.1.40000 > 127.0.0.1.7174: Flags [.], ack 1, length 0
                \t0x0000:  4500 0028 0001 4000 4006 0000 7f00 0001
                \t0x0010:  7f00 0001 9c40 1c06 0000 0001 0000 0001
                \t0x0020:  5010 ffff 0000 0000
                16:44:51.500000 IP 127.0.0.1.40000 > 127.0.0.1.7174: Flags [P.], seq 1:21, ack 1, length 20
                \t0x0000:  4500 003c 0002 4000 4006 0000 7f00 0001
                \t0x0010:  7f00 0001 9c40 1c06 0000 0001 0000 0001
                \t0x0020:  5018 ffff 0000 0000 4d50 4120 4944 2052
                \t0x0030:  6571 2046 7261 6d65 4001 0000
                """);

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.out().lines())
                .containsExactly(
                        "# conn 1: 127.0.0.1:40000 > 127.0.0.1:7174",
                        "   0.250000 >> conn 1      MPA      REQUEST  rev 1 CRC private 0",
                        "# 1 iWARP connection, 1 frame");
    }

    @Test
    void aFileThatIsChangedAtRandomIsAtMostOneLineOnStandardError() throws Exception {
        byte[] original = Files.readAllBytes(CAPTURES.resolve("siwerr-send-too-long.pcap"));
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            byte[] octets = original.clone();
            for (int i = 0; i < 10; i++) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            RunningTool tool = decode(octets);
            assertThat(tool.exitCode()).as("seed %d: %s", seed, tool.err()).isIn(0, 1);
            assertThat(tool.err().lines()).as("seed %d", seed).hasSize(tool.exitCode());
            assertThat(tool.err()).doesNotContain("internal error");
        }
    }

    @Test
    void decodesFpdusAsDifferentToolsPrintThem() throws Exception {
        byte[] fpdus = HexFormat.of().parseHex((SEND + "00000000").replace(" ", ""));
        fpdus = Arrays.copyOf(fpdus, 3 * fpdus.length);
        System.arraycopy(fpdus, 0, fpdus, fpdus.length / 3, fpdus.length / 3);
        System.arraycopy(fpdus, 0, fpdus, 2 * fpdus.length / 3, fpdus.length / 3);
        StringBuilder xxd = new StringBuilder();
        StringBuilder hexdump = new StringBuilder();
        StringBuilder tshark = new StringBuilder();
        for (int at = 0; at < fpdus.length; at += 16) {
            StringBuilder pairs = new StringBuilder();
            StringBuilder bytes = new StringBuilder();
            StringBuilder halves = new StringBuilder();
            for (int i = at; i < Math.min(at + 16, fpdus.length); i++) {
                String octet = HexFormat.of().toHexDigits(fpdus[i]);
                pairs.append(octet).append(i % 2 == 1 ? " " : "");
                bytes.append(octet).append(' ');
                halves.append(octet).append(i % 8 == 7 ? "  " : " ");
            }
            xxd.append(String.format(
                    Locale.ROOT, "%08x: %s  AC..ee ff%n", at, pairs.toString().strip()));
            hexdump.append(String.format(Locale.ROOT, "%08x  %s |AC..ee ff|%n", at, halves));
            tshark.append(String.format(Locale.ROOT, "%04x  %s  AC..ee ff%n", at, bytes));
        }
        for (String dump :
                List.of(HexFormat.of().formatHex(fpdus), xxd.toString(), hexdump.toString(), tshark.toString())) {
            RunningTool tool = decode(dump);
            assertThat(tool.exitCode()).as(dump + tool.output()).isZero();
            assertThat(frames(tool)).hasSize(3).allMatch(line -> line.endsWith("len 4     SEND LAST"));
        }
    }
}
