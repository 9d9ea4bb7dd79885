package io.verbena.examples.perf;

import io.verbena.examples.command.OctetCount;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The message sizes of a test: one ({@code 64}), or from one to another by doubling ({@code 64..1m}). The last is always among
 * them.
 *
 * @param octets the sizes, rising, each 1 or more
 */
record SizeSweep(List<Long> octets) {
    private static final String RANGE = "..";

    /** Copies the list. */
    SizeSweep {
        octets = List.copyOf(octets);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    static SizeSweep parse(String text) {
        int range = text.indexOf(RANGE);
        if (range < 0) {
            return new SizeSweep(List.of(size(text)));
        }
        long first = size(text.substring(0, range));
        long last = size(text.substring(range + RANGE.length()));
        if (first > last) {
            throw new IllegalArgumentException("'" + text + "' must begin with the smaller size");
        }
        List<Long> sizes = new ArrayList<>();
        for (long each = first; each < last; each *= 2) {
            sizes.add(each);
        }
        sizes.add(last);
        return new SizeSweep(sizes);
    }

    /** Returns the largest. */
    long largest() {
        return octets.get(octets.size() - 1);
    }

    /** Returns the smallest. */
    long smallest() {
        return octets.get(0);
    }

    private static long size(String text) {
        long size = OctetCount.parse(text).octets();
        if (size < 1 || size > PerfParameters.MAX_MEMORY_OCTETS / 2) {
            throw new IllegalArgumentException("message size '" + text + "' must be 1 octet to "
                    + OctetCount.words(PerfParameters.MAX_MEMORY_OCTETS / 2));
        }
        return size;
    }

    /** Reads one from the command line. */
    static final class Converter implements ITypeConverter<SizeSweep> {
        @Override
        public SizeSweep convert(String value) {
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
