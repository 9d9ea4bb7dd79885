package io.verbena.capture.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads packets from text, as {@code tcpdump -x} and {@code -xx}, {@code tshark -x} and others print them: each packet is a few
 * lines with offsets that begin at 0. Lines without an offset say something about packets; of these the time of day is taken,
 * if there is one. Whether packets begin with Ethernet, a Linux cooked header or IP is seen from each of them.
 *
 * <p>Used by one thread.
 */
final class HexPackets extends PacketReader {
    private static final Pattern TIME = Pattern.compile("\\b(\\d\\d):(\\d\\d):(\\d\\d)\\.(\\d{1,9})\\b");
    private static final Pattern HEAD_OF_TCPDUMP = Pattern.compile("^\\S.*\\bIP6? .* > .*|^IP6? .* > .*");
    private static final Pattern OFFSET = Pattern.compile("^\\s*(0x)?\\p{XDigit}{4,15}(:|\\s\\s).*");
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int NS_DIGITS = 9;

    private static final int LINK_ETHERNET = 1;
    private static final int LINK_RAW = 101;
    private static final int LINK_LINUX_COOKED = 113;
    private static final int LINK_LINUX_COOKED_2 = 276;
    private static final int IPV4_OCTETS = 20;
    private static final int IPV6_OCTETS = 40;

    private final TextLines lines;
    private ByteBuffer packet = ByteBuffer.allocate(4096);
    private long timeNs;
    private long nextTimeNs;
    private byte[] first;
    private boolean ended;

    /** Begins to read a text; {@code lent} stays the caller's to close. */
    HexPackets(BufferedReader lent) {
        lines = new TextLines(lent);
    }

    /** Tells whether a text that begins so holds packets, and not the octets of one connection. */
    static boolean begins(String head) {
        ByteBuffer packet = ByteBuffer.allocate(1 << 16);
        for (String line : head.split("\n", -1)) {
            String text = line.strip();
            if (HEAD_OF_TCPDUMP.matcher(text).matches()) {
                return true;
            }
            HexLine hex;
            try {
                hex = HexLine.parse(text);
            } catch (IllegalArgumentException noHex) {
                continue;
            }
            if (hex.octets().length == 0) {
                continue;
            }
            if (hex.offset() != packet.position() || packet.remaining() < hex.octets().length) {
                break;
            }
            packet.put(hex.octets());
        }
        return linkType(packet.flip()) >= 0;
    }

    @Override
    public CapturedPacket next() throws IOException {
        packet.clear();
        timeNs = nextTimeNs;
        if (first != null) {
            append(first);
            first = null;
        }
        while (!ended) {
            String line = lines.next();
            ended = line == null;
            if (ended) {
                break;
            }
            String text = line.strip();
            if (!OFFSET.matcher(text).matches()) {
                Matcher time = TIME.matcher(text);
                if (time.find()) {
                    nextTimeNs = timeNs(time);
                    timeNs = packet.position() == 0 ? nextTimeNs : timeNs;
                }
                continue;
            }
            HexLine hex = parse(text);
            if (hex.offset() == 0 && packet.position() > 0) {
                first = hex.octets();
                break;
            }
            if (hex.offset() != packet.position()) {
                throw new DamagedCaptureException("line " + lines.number() + " begins at offset " + hex.offset()
                        + ", and its packet has " + packet.position() + " octets before it");
            }
            append(hex.octets());
        }
        return packet.position() == 0 ? null : taken();
    }

    private HexLine parse(String text) throws DamagedCaptureException {
        try {
            return HexLine.parse(text);
        } catch (IllegalArgumentException noHex) {
            throw lines.notHex();
        }
    }

    private void append(byte[] octets) throws DamagedCaptureException {
        if (octets.length > CaptureInput.MAX_PIECE_OCTETS - packet.position()) {
            throw new DamagedCaptureException("the packet that ends in line " + lines.number() + " is longer than "
                    + CaptureInput.MAX_PIECE_OCTETS + " octets");
        }
        if (packet.remaining() < octets.length) {
            packet =
                    ByteBuffer.allocate(2 * (packet.position() + octets.length)).put(packet.flip());
        }
        packet.put(octets);
    }

    private CapturedPacket taken() {
        ByteBuffer octets =
                ByteBuffer.allocate(packet.position()).put(packet.flip()).flip();
        return new CapturedPacket(linkType(octets), timeNs, octets.asReadOnlyBuffer());
    }

    private static long timeNs(Matcher time) {
        long seconds = Integer.parseInt(time.group(1)) * 3600L
                + Integer.parseInt(time.group(2)) * 60L
                + Integer.parseInt(time.group(3));
        String digits = time.group(4);
        return seconds * NS_PER_SECOND + Long.parseLong(digits + "0".repeat(NS_DIGITS - digits.length()));
    }

    /** Sees from a packet what it begins with; -1 if with nothing that is known. */
    private static int linkType(ByteBuffer packet) {
        if (isIp(packet, 0)) {
            return LINK_RAW;
        }
        if (isEthertype(packet, 12) && (isIp(packet, 14) || isIp(packet, 18))) {
            return LINK_ETHERNET;
        }
        if (isEthertype(packet, 14) && isIp(packet, 16)) {
            return LINK_LINUX_COOKED;
        }
        return isEthertype(packet, 0) && isIp(packet, 20) ? LINK_LINUX_COOKED_2 : -1;
    }

    private static boolean isEthertype(ByteBuffer packet, int at) {
        return packet.limit() >= at + 2
                && switch (packet.getShort(at) & 0xFFFF) {
                    case 0x0800, 0x86DD, 0x8100, 0x88A8 -> true;
                    default -> false;
                };
    }

    /** Whether there is a header of IP whose fields agree with each other and with what is there. */
    private static boolean isIp(ByteBuffer packet, int at) {
        int there = packet.limit() - at;
        if (there >= IPV4_OCTETS && packet.get(at) >>> 4 == 4) {
            int header = (packet.get(at) & 0x0F) * 4;
            int total = packet.getShort(at + 2) & 0xFFFF;
            return header >= IPV4_OCTETS && (total == 0 || total >= header) && isProtocol(packet.get(at + 9));
        }
        return there >= IPV6_OCTETS && packet.get(at) >>> 4 == 6 && isProtocol(packet.get(at + 6));
    }

    /** Internet Control Message, TCP, UDP, extension headers. */
    private static boolean isProtocol(int number) {
        return switch (number) {
            case 0, 1, 6, 17, 43, 44, 58, 60 -> true;
            default -> false;
        };
    }
}
