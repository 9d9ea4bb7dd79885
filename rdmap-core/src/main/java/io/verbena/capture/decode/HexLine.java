package io.verbena.capture.decode;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of octets written as hex, as {@code xxd}, {@code hexdump -C}, {@code tshark -x}, {@code tcpdump -x} or people write
 * them: perhaps an offset, pairs of digits with or without spaces, commas or colons, perhaps characters behind them.
 *
 * @param offset what the line says its first octet's place is, or {@link #NO_OFFSET}
 * @param octets the octets
 */
record HexLine(long offset, byte[] octets) {
    /** The line says nothing of a place. */
    static final long NO_OFFSET = -1;

    private static final Pattern OFFSET_AND_COLON = Pattern.compile("^(?:0x)?(\\p{XDigit}{1,15}):(?:\\s+|$)");
    private static final Pattern OFFSET = Pattern.compile("^(\\p{XDigit}{4,15})\\s\\s+(?=\\p{XDigit}{2}(\\s|$))");
    private static final Pattern CHARACTERS_BEHIND_COLON = Pattern.compile("\\s\\s.*$");
    private static final Pattern CHARACTERS = Pattern.compile("\\s\\s\\s.*$|\\|.*$");
    private static final Pattern BETWEEN_OCTETS = Pattern.compile("\\b0x|[\\s,:]");

    /**
     * Reads a line.
     *
     * @param text the line without remarks and spaces around it
     * @throws IllegalArgumentException if it is not hex
     */
    static HexLine parse(String text) {
        Matcher colon = OFFSET_AND_COLON.matcher(text);
        if (colon.find()) {
            String rest =
                    CHARACTERS_BEHIND_COLON.matcher(text.substring(colon.end())).replaceFirst("");
            return new HexLine(Long.parseLong(colon.group(1), 16), octets(rest));
        }
        Matcher spaces = OFFSET.matcher(text);
        boolean found = spaces.find();
        String rest =
                CHARACTERS.matcher(found ? text.substring(spaces.end()) : text).replaceFirst("");
        return new HexLine(found ? Long.parseLong(spaces.group(1), 16) : NO_OFFSET, octets(rest));
    }

    private static byte[] octets(String text) {
        return HexFormat.of()
                .parseHex(BETWEEN_OCTETS.matcher(text).replaceAll("").toLowerCase(Locale.ROOT));
    }
}
