package io.verbena.capture.decode;

import io.verbena.mpa.wire.MpaFrameKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads the octets of one connection from text: pairs of hexadecimal digits, with or without spaces, as programs and people
 * write them. Offsets at the beginning of a line and characters at its end, as {@code xxd}, {@code hexdump -C} and
 * {@code tshark -x} have them, are skipped, and so is everything behind {@code #}.
 *
 * <p>A line that begins with {@code >>} or {@code <<} and those that follow it are octets from the initiator, or to it; without
 * such lines all octets are the initiator's. If neither direction begins with a startup frame, both are FPDUs without
 * markers. Used by one thread.
 */
public final class HexText {
    private static final Pattern OFFSET_AND_COLON = Pattern.compile("^(0x)?\\p{XDigit}+:\\s*");
    private static final Pattern OFFSET = Pattern.compile("^\\p{XDigit}{4,16}\\s\\s+(?=\\p{XDigit}{2}(\\s|$))");
    private static final Pattern CHARACTERS_BEHIND_COLON = Pattern.compile("\\s\\s.*$");
    private static final Pattern CHARACTERS = Pattern.compile("\\s\\s\\s.*$|\\|.*$");
    private static final int SHOWN_CHARACTERS = 40;

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
        int number = 1;
        String line = text.readLine();
        while (line != null) {
            take(line, number);
            number++;
            line = text.readLine();
        }
    }

    private void take(String line, int number) throws IOException {
        String rest = line.replaceFirst("#.*$", "").strip();
        if (rest.startsWith(">>") || rest.startsWith("<<")) {
            fromInitiator = rest.startsWith(">>");
            rest = rest.substring(2).strip();
        }
        String withoutOffset = OFFSET_AND_COLON.matcher(rest).replaceFirst("");
        if (withoutOffset.length() < rest.length()) {
            rest = CHARACTERS_BEHIND_COLON.matcher(withoutOffset).replaceFirst("");
        } else {
            rest = CHARACTERS.matcher(OFFSET.matcher(rest).replaceFirst("")).replaceFirst("");
        }
        String digits = rest.replaceAll("\\b0x|[\\s,:]", "").toLowerCase(Locale.ROOT);
        byte[] read;
        try {
            read = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException notHex) {
            String shown = line.length() > SHOWN_CHARACTERS ? line.substring(0, SHOWN_CHARACTERS) + "..." : line;
            throw new DamagedCaptureException("line " + number + " is not hex: " + shown.strip());
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
