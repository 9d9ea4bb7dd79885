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
