package io.verbena.testkit.capture;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.PacketReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** One capture in the forms in which programs write captures. Pure functions. */
final class CaptureForms {
    static final int LINK_NULL = 0;
    static final int LINK_ETHERNET = 1;
    static final int LINK_RAW = 101;
    static final int LINK_LOOP = 108;
    static final int LINK_COOKED = 113;
    static final int LINK_COOKED_2 = 276;

    private static final int ETHERNET_OCTETS = 14;

    private CaptureForms() {}

    /** Returns the packets of a capture, each from its IP header on. */
    static List<CapturedPacket> ipPackets(byte[] capture) throws IOException {
        List<CapturedPacket> packets = new ArrayList<>();
        PacketReader reader = PacketReader.of(new ByteArrayInputStream(capture));
        for (CapturedPacket each = reader.next(); each != null; each = reader.next()) {
            int from = each.linkType() == LINK_ETHERNET ? ETHERNET_OCTETS : 0;
            ByteBuffer ip = each.octets().slice(from, each.octets().limit() - from);
            packets.add(new CapturedPacket(LINK_RAW, each.timeNs(), ip));
        }
        return packets;
    }

    /** Returns a packet with this link layer around it. */
    static byte[] linked(CapturedPacket ip, int linkType, boolean tagged) {
        ByteBuffer octets = ByteBuffer.allocate(64 + ip.octets().remaining());
        switch (linkType) {
            case LINK_NULL, LINK_LOOP -> octets.putInt(2);
            case LINK_ETHERNET -> {
                octets.put(new byte[12]);
                if (tagged) {
                    octets.putShort((short) 0x88A8).putShort((short) 7);
                    octets.putShort((short) 0x8100).putShort((short) 8);
                }
                octets.putShort((short) 0x0800);
            }
            case LINK_COOKED -> octets.put(new byte[14]).putShort((short) 0x0800);
            case LINK_COOKED_2 -> octets.putShort((short) 0x0800).put(new byte[18]);
            default -> {}
        }
        octets.put(ip.octets().duplicate());
        byte[] linked = new byte[octets.flip().remaining()];
        octets.get(linked);
        return linked;
    }

    /** Returns a classic file. */
    static byte[] pcap(List<CapturedPacket> packets, int linkType, boolean tagged, ByteOrder order, boolean nanos) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(buffer(24, order)
                .putInt(nanos ? 0xA1B23C4D : 0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(262_144)
                .putInt(linkType)
                .array());
        for (CapturedPacket each : packets) {
            byte[] octets = linked(each, linkType, tagged);
            long fraction = each.timeNs() % 1_000_000_000L;
            file.writeBytes(buffer(16, order)
                    .putInt((int) (each.timeNs() / 1_000_000_000L))
                    .putInt((int) (nanos ? fraction : fraction / 1_000))
                    .putInt(octets.length)
                    .putInt(octets.length)
                    .array());
            file.writeBytes(octets);
        }
        return file.toByteArray();
    }

    /** Returns a pcapng file: options everywhere, two interfaces that take turns, blocks that nobody knows. */
    static byte[] pcapng(List<CapturedPacket> packets, ByteOrder order) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        byte[] comment = buffer(16, order)
                .putShort((short) 1)
                .putShort((short) 5)
                .put("hello\0\0\0".getBytes(StandardCharsets.US_ASCII))
                .putInt(0)
                .array();
        block(
                file,
                0x0A0D0D0A,
                order,
                buffer(16 + comment.length, order)
                        .putInt(0x1A2B3C4D)
                        .putShort((short) 1)
                        .putShort((short) 0)
                        .putLong(-1)
                        .put(comment)
                        .array());
        for (int linkType : new int[] {LINK_ETHERNET, LINK_RAW}) {
            block(
                    file,
                    1,
                    order,
                    buffer(8 + 12, order)
                            .putShort((short) linkType)
                            .putShort((short) 0)
                            .putInt(0)
                            .putShort((short) 9)
                            .putShort((short) 1)
                            .put((byte) 9)
                            .put(new byte[3])
                            .putInt(0)
                            .array());
        }
        block(file, 0x0BAD, order, new byte[8]);
        int number = 0;
        for (CapturedPacket each : packets) {
            byte[] octets = linked(each, number == 0 ? LINK_ETHERNET : LINK_RAW, false);
            int padded = (octets.length + 3) / 4 * 4;
            block(
                    file,
                    6,
                    order,
                    buffer(20 + padded + comment.length, order)
                            .putInt(number)
                            .putInt((int) (each.timeNs() >>> 32))
                            .putInt((int) each.timeNs())
                            .putInt(octets.length)
                            .putInt(octets.length)
                            .put(octets)
                            .position(20 + padded)
                            .put(comment)
                            .array());
            number = 1 - number;
        }
        return file.toByteArray();
    }

    private static void block(ByteArrayOutputStream file, int type, ByteOrder order, byte[] body) {
        file.writeBytes(buffer(12 + body.length, order)
                .putInt(type)
                .putInt(12 + body.length)
                .put(body)
                .putInt(12 + body.length)
                .array());
    }

    private static ByteBuffer buffer(int octets, ByteOrder order) {
        return ByteBuffer.allocate(octets).order(order);
    }

    /** Returns what {@code tcpdump -x} prints, or {@code -xx}, with the link layer. */
    static String tcpdump(List<CapturedPacket> packets, int linkType) {
        StringBuilder text = new StringBuilder();
        for (CapturedPacket each : packets) {
            long second = each.timeNs() / 1_000_000_000L % 86_400;
            text.append(String.format(
                    Locale.ROOT,
                    "%02d:%02d:%02d.%06d IP 127.0.0.1.4000 > 127.0.0.1.7174: Flags [P.], length 7%n",
                    second / 3600,
                    second / 60 % 60,
                    second % 60,
                    each.timeNs() % 1_000_000_000L / 1_000));
            dump(text, linked(each, linkType, false), "\t0x%04x:  ", 2, "");
        }
        return text.toString();
    }

    /** Returns what {@code tshark -x} prints. */
    static String tshark(List<CapturedPacket> packets) {
        StringBuilder text = new StringBuilder();
        for (CapturedPacket each : packets) {
            dump(text, linked(each, LINK_ETHERNET, false), "%04x  ", 1, "   ..E.f..");
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private static void dump(StringBuilder text, byte[] octets, String offset, int group, String behind) {
        for (int at = 0; at < octets.length; at += 16) {
            text.append(String.format(Locale.ROOT, offset, at));
            for (int i = at; i < Math.min(at + 16, octets.length); i++) {
                text.append(HexFormat.of().toHexDigits(octets[i]));
                text.append((i - at) % group == group - 1 ? " " : "");
            }
            text.append(behind).append(System.lineSeparator());
        }
    }
}
