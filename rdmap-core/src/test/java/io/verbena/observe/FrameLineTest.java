package io.verbena.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.observe.StackEvents.Direction;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameLineTest {
    private static String line(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        return FrameLine.segment(Direction.SENT, 0x12, ByteBuffer.wrap(octets), 0, octets.length, octets.length);
    }

    private static String startup(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        return FrameLine.startup(Direction.RECEIVED, ByteBuffer.wrap(octets), 0, octets.length);
    }

    @Test
    void headersAreEnoughAndTheLengthIsThatOfTheSegment() {
        byte[] header = HexFormat.of().parseHex("4143" + "00000000" + "00000000" + "00000007" + "00000000");
        assertThat(FrameLine.segment(Direction.SENT, 0x12, ByteBuffer.wrap(header), 0, 18, 1042))
                .isEqualTo(">> qp 0x12     UNTAGGED q0 msn 7 mo 0                         len 1024  SEND LAST");
        assertThat(FrameLine.segment(Direction.RECEIVED, 0xABCDEF, ByteBuffer.wrap(header), 0, 18, 1042))
                .isEqualTo("<< qp 0xabcdef UNTAGGED q0 msn 7 mo 0                         len 1024  SEND LAST");
    }

    @ParameterizedTest
    @CsvSource({
        "8140 12345678 fffffffffffff000 00, 'TAGGED   stag 0x12345678 to 0xfffffffffffff000 len 1     WRITE'",
        "C142 0000aa00 00007f0000001000, 'TAGGED   stag 0x0000aa00 to 0x00007f0000001000 len 0     READ_RESPONSE LAST'",
        "0146 00001234 00000000 ffffffff 80000000, 'UNTAGGED q0 msn 4294967295 mo 2147483648       len 0     "
                + "SEND_SE_INV invalidates 0x00001234'",
        "4141 00000000 00000001 00000001 00000000 0000aa00 00007f0000001000 ffffffff 0000bb00 0000000000002000, "
                + "'UNTAGGED q1 msn 1 mo 0                         len 28    READ_REQUEST LAST size 4294967295 "
                + "from 0x0000bb00 to 0x0000000000002000 into 0x0000aa00 to 0x00007f0000001000'",
        "4147 00000000 00000002 00000001 00000000 11010000, 'UNTAGGED q2 msn 1 mo 0                         len 4     "
                + "TERMINATE LAST 1/1/01 the segment lies outside the tagged buffer'",
        "4147 00000000 00000002 00000001 00000000 02020000, 'UNTAGGED q2 msn 1 mo 0                         len 4     "
                + "TERMINATE LAST 2/0/02 the CRC of an FPDU does not match its octets (siw bit order)'",
        "4147 00000000 00000002 00000001 00000000 20060000, 'UNTAGGED q2 msn 1 mo 0                         len 4     "
                + "TERMINATE LAST 2/0/06 the inbound RDMA Read resources are not sufficient (or, in siw bit order: "
                + "the RDMAP opcode is unknown or not implemented)'",
        "4147 00000000 00000002 00000001 00000000 77770000, 'UNTAGGED q2 msn 1 mo 0                         len 4     "
                + "TERMINATE LAST 7/7/77 unknown reason'",
        "4148 00000000 00000000 00000006 00000000 0102030405060708, 'UNTAGGED q0 msn 6 mo 0                         "
                + "len 8     IMMEDIATE LAST data 0x0102030405060708'",
        "414b 00000000 00000003 00000001 00000000 00000055 0000000000000029, "
                + "'UNTAGGED q3 msn 1 mo 0                         len 12    ATOMIC_RESPONSE LAST id 0x55 "
                + "value 0x0000000000000029'",
        "424c 00000000 00000000 00000006 00000000, 'UNTAGGED q0 msn 6 mo 0                         "
                + "len 0     OPCODE 0xc LAST DDP-VERSION 2'",
        "c143 12345678 0000000000000000, 'TAGGED   stag 0x12345678 to 0x0000000000000000 len 0     SEND LAST'",
        "4181 00000000 00000001 00000001 00000000 0000, 'UNTAGGED q1 msn 1 mo 0                         len 2     "
                + "READ_REQUEST LAST RDMAP-VERSION 2 SHORT'",
        "4143 0000, 'SHORT    segment of 4 octets, too short for its DDP header'",
        "'', 'SHORT    segment of 0 octets, too short for its DDP header'"
    })
    void everyMessageHasItsLine(String hex, String expected) {
        assertThat(line(hex)).isEqualTo(">> qp 0x12     " + expected);
    }

    @Test
    void atomicRequestNamesItsOperation() {
        assertThat(line("414a 00000000 00000001 00000003 00000000 00000000 00000055 0000cc00 0000000000003000"
                        + "00".repeat(32)))
                .endsWith("ATOMIC_REQUEST LAST id 0x55 FETCH_ADD stag 0x0000cc00 to 0x0000000000003000");
        assertThat(line("414a 00000000 00000001 00000003 00000000 00000001" + "00".repeat(48)))
                .contains("unknown operation");
    }

    @ParameterizedTest
    @CsvSource({
        "4d504120494420526571204672616d65c001000568656c6c6f, REQUEST  rev 1 MARKERS CRC private 5",
        "4d504120494420526570204672616d65600100026e6f, REPLY    rev 1 CRC REJECTED private 2",
        "4d504120494420526571204672616d65500200068010c0086869, "
                + "REQUEST  rev 2 CRC PEER-TO-PEER RTR-WRITE RTR-READ ird 16 ord 8 private 2",
        "4d504120494420526570204672616d6510020002c008, REPLY    rev 2 ENHANCED private 2",
        "48545450204944205265712046726171c0010000, UNKNOWN  rev 1 MARKERS CRC private 0",
        "4d5041, SHORT    startup frame of 3 octets"
    })
    void everyStartupFrameHasItsLine(String hex, String expected) {
        assertThat(startup(hex)).isEqualTo("<< MPA         " + expected);
    }

    @Test
    void anyOctetsHaveALine() {
        Random random = new Random(13);
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[random.nextInt(90)];
            random.nextBytes(octets);
            ByteBuffer buffer = ByteBuffer.wrap(octets);
            assertThat(FrameLine.segment(Direction.SENT, round, buffer, 0, octets.length, 1500))
                    .isNotBlank();
            assertThat(FrameLine.startup(Direction.SENT, buffer, 0, octets.length))
                    .isNotBlank();
        }
    }
}
