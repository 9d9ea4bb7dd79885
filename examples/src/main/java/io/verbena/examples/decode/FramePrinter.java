package io.verbena.examples.decode;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.FrameListener;
import io.verbena.capture.decode.HexText;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.capture.decode.PacketReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Prints frames as they are decoded, and at the end what could not be.
 *
 * <p>Thread rule: one thread; good for one capture.
 */
final class FramePrinter implements FrameListener {
    private static final long NO_PACKET = Long.MIN_VALUE;

    private final PrintWriter out;
    private final Set<Integer> announced = new HashSet<>();
    private long firstNs = NO_PACKET;
    private long nowNs;
    private long frames;
    private long badCrcs;
    private int iwarp;
    private int others;

    FramePrinter(PrintWriter out) {
        this.out = out;
    }

    /** Returns how many frames were printed. */
    long frames() {
        return frames;
    }

    /** Prints the frames of a capture file; those before the damage, if it is damaged. */
    void packets(PacketReader packets) throws IOException {
        IwarpDecoder decoder = new IwarpDecoder(this);
        try {
            CapturedPacket packet = packets.next();
            // Nobody reads on behind a pipe that is closed.
            while (packet != null && !out.checkError()) {
                nowNs = packet.timeNs();
                firstNs = firstNs == NO_PACKET ? nowNs : firstNs;
                decoder.onPacket(packet);
                packet = packets.next();
            }
        } finally {
            summary(decoder);
        }
    }

    /** Prints the frames of octets written as text; those before the damage, if it is damaged. */
    void hex(BufferedReader text) throws IOException {
        HexText hex = new HexText(frame -> print("", frame));
        try {
            hex.read(text);
        } finally {
            if (hex.trouble() != null) {
                out.println("# " + hex.trouble());
            } else if (hex.octetsLeft() > 0) {
                out.println("# the last " + count(hex.octetsLeft(), "octet") + " are no whole frame");
            }
            out.println("# " + count(frames, "frame") + " in " + count(hex.octets(), "octet") + badCrcWords());
        }
    }

    @Override
    public void onFrame(IwarpConversation conversation, DecodedFrame frame) {
        if (announced.add(conversation.ordinal())) {
            out.println("# " + title(conversation));
        }
        print(String.format(Locale.ROOT, "%11.6f ", (nowNs - firstNs) / 1e9), frame);
    }

    private void print(String time, DecodedFrame frame) {
        frames++;
        badCrcs += frame.crc() == DecodedFrame.Crc.BAD ? 1 : 0;
        out.println(time + frame.line());
    }

    private void summary(IwarpDecoder decoder) {
        decoder.conversations().forEach(this::onForgotten);
        out.println("# " + count(iwarp, "iWARP connection") + ", " + count(frames, "frame") + badCrcWords());
        if (others > 0) {
            out.println("# " + count(others, "other TCP connection")
                    + ": no MPA startup frame was seen; a capture has to begin before the connection does");
        }
    }

    @Override
    public void onForgotten(IwarpConversation conversation) {
        if (announced.remove(conversation.ordinal())) {
            iwarp++;
            explain(conversation);
        } else if (conversation.plainOctets() + conversation.octetsLeft() > 0) {
            others++;
        }
    }

    private void explain(IwarpConversation conversation) {
        String name = "# conn " + conversation.ordinal() + ": ";
        if (conversation.trouble() != null) {
            out.println(
                    name + conversation.trouble() + ", " + count(conversation.octetsLeft(), "octet") + " not decoded");
        } else if (conversation.octetsLeft() > 0) {
            out.println(name + "the last " + count(conversation.octetsLeft(), "octet") + " are no whole frame");
        }
        if (conversation.plainOctets() > 0) {
            out.println(name + count(conversation.plainOctets(), "octet") + " outside MPA");
        }
    }

    private String badCrcWords() {
        return badCrcs == 0 ? "" : ", " + count(badCrcs, "bad CRC");
    }

    private static String title(IwarpConversation conversation) {
        return "conn " + conversation.ordinal() + ": " + address(conversation.opener()) + " > "
                + address(conversation.acceptor());
    }

    private static String address(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
