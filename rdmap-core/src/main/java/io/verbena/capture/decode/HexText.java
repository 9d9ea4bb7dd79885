package io.verbena.capture.decode;

import io.verbena.mpa.wire.MpaFrameKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads the octets of one connection from text: pairs of hexadecimal digits, with or without spaces, as programs and people
 * write them. Offsets at the beginning of a line and characters at its end, as {@code xxd}, {@code hexdump -C} and
 * {@code tshark -x} have them, are skipped, and so is everything behind {@code #}.
 *
 * <p>A line that begins with {@code >>} or {@code <<} and those that follow it are octets from the initiator, or to it; without
 * such lines all octets are the initiator's; {@link PacketReader#ofText} reads text that holds packets. If neither direction begins with a startup frame, both are FPDUs without
 * markers. Used by one thread.
 */
public final class HexText {
    private final MpaStreams streams;
    private boolean fromInitiator = true;
    private boolean begun;
    private long octets;

    /**
     * Reads nothing yet.
     *
     * @param frames takes the frames as they are complete
     */
    public HexText(Consumer<DecodedFrame> frames) {
        streams = new MpaStreams("hex", frames);
    }

    /**
     * Reads the text to its end.
     *
     * @param text what to read; borrowed
     * @throws DamagedCaptureException if a line is not hex; the frames before it were given
     */
    public void read(BufferedReader text) throws IOException {
        TextLines lines = new TextLines(text);
        String line = lines.next();
        while (line != null) {
            take(line, lines);
            line = lines.next();
        }
    }

    private void take(String line, TextLines lines) throws IOException {
        int remark = line.indexOf('#');
        String rest = (remark < 0 ? line : line.substring(0, remark)).strip();
        if (rest.startsWith(">>") || rest.startsWith("<<")) {
            fromInitiator = rest.startsWith(">>");
            rest = rest.substring(2).strip();
        }
        byte[] read;
        try {
            read = HexLine.parse(rest).octets();
        } catch (IllegalArgumentException notHex) {
            throw lines.notHex();
        }
        give(ByteBuffer.wrap(read));
    }

    private void give(ByteBuffer read) {
        if (!read.hasRemaining()) {
            return;
        }
        int compared = Math.min(MpaFrameKind.KEY_OCTETS, read.remaining());
        if (!begun
                && MpaFrameKind.REQUEST.matchingOctets(read, 0, compared) < compared
                && MpaFrameKind.REPLY.matchingOctets(read, 0, compared) < compared) {
            streams.withoutStartup();
        }
        begun = true;
        octets += read.remaining();
        streams.onOctets(fromInitiator, read);
    }

    /** Returns how many octets the text had. */
    public long octets() {
        return octets;
    }

    /**
     * Octets of both directions that belong to no complete frame.
     *
     * @return 0 if the text was decoded to its end
     */
    public long octetsLeft() {
        return streams.octetsLeft() + streams.plainOctets();
    }

    /**
     * What stopped the decoding.
     *
     * @return a clause without a full stop, or null if nothing did
     */
    public String trouble() {
        return streams.trouble();
    }
}
