package io.verbena.mpa;

import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The octets that the users of both sides exchange while a connection starts, without the enhanced word. An immutable
 * value: any thread.
 */
public final class PrivateData {
    /** Most octets in a frame without the enhanced word. */
    public static final int MAX_OCTETS = MpaFrame.MAX_PRIVATE_DATA_OCTETS;

    /** Most octets in a frame that begins its private data with the enhanced word. */
    public static final int MAX_ENHANCED_OCTETS = MAX_OCTETS - EnhancedWord.OCTETS;

    /** No private data. */
    public static final PrivateData NONE = new PrivateData(new byte[0]);

    private final byte[] octets;

    private PrivateData(byte[] octets) {
        this.octets = octets;
    }

    /**
     * Copies octets into a value.
     *
     * @param borrowed 0 to 512 octets
     * @return the value
     */
    public static PrivateData of(byte... borrowed) {
        if (borrowed.length > MAX_OCTETS) {
            throw new IllegalArgumentException(
                    "private data has " + borrowed.length + " octets, at most " + MAX_OCTETS + " fit");
        }
        return borrowed.length == 0 ? NONE : new PrivateData(borrowed.clone());
    }

    public int lengthOctets() {
        return octets.length;
    }

    /**
     * Copies the octets out.
     *
     * @return a new array
     */
    public byte[] octets() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrivateData that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return octets.length + " octets [" + HexFormat.of().formatHex(octets) + "]";
    }
}
