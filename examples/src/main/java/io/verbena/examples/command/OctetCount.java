package io.verbena.examples.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A number of octets as people write and read it: {@code 4096}, {@code 64K}, {@code 1.5 GiB}. Units are powers of 1024.
 *
 * @param octets 0 or more
 */
public record OctetCount(long octets) {
    private static final String UNITS = "KMGTP";
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,18})\\s*(?:([KMGTP])(?:i?B)?|B)?", Pattern.CASE_INSENSITIVE);

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    public static OctetCount parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' must be a number of octets such as 4096, 64K or 2G");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        int shift = unit == null ? 0 : 10 * (UNITS.indexOf(unit.toUpperCase(Locale.ROOT)) + 1);
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("'" + text + "' is more octets than a file can have");
        }
        return new OctetCount(number << shift);
    }

    /** Returns it with a unit that leaves at most four digits before the point: {@code 3.0 GiB}. */
    public static String words(long octets) {
        if (octets < 1024) {
            return octets + (octets == 1 ? " octet" : " octets");
        }
        double value = octets;
        int unit = -1;
        while (value >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %ciB", value, UNITS.charAt(unit));
    }

    /** Returns what {@code octets} in {@code nanos} are a second: {@code 790.3 MiB/s}. */
    public static String rate(long octets, long nanos) {
        return words((long) (octets * 1e9 / Math.max(nanos, 1))) + "/s";
    }

    /** Reads one from the command line. */
    public static final class Converter implements ITypeConverter<OctetCount> {
        @Override
        public OctetCount convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                TypeConversionException wrong = new TypeConversionException(e.getMessage());
                wrong.initCause(e);
                throw wrong;
            }
        }
    }
}
