package io.verbena.conformance.raw;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes FPDUs of one direction of a stream apart and insists on every rule: marker places and pointers, zero pad, CRC.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class RawDeframer {
    private static final int MARKER_INTERVAL = 512;

    private final InputStream in;
    private final boolean markers;
    private final boolean crc;
    private long position;
    private long lengthPosition;
    private RawCrc sum = new RawCrc();

    /** Makes the deframer of a direction that begins right behind the startup frame. */
    public RawDeframer(InputStream in, boolean markers, boolean crc) {
        this.in = in;
        this.markers = markers;
        this.crc = crc;
    }

    /**
     * Returns the next ULPDU, or null if the stream ends before it.
     *
     * @throws EOFException if the stream ends inside an FPDU
     * @throws AssertionError if the FPDU breaks a rule
     */
    public byte[] next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        sum = new RawCrc();
        if (markers && position % MARKER_INTERVAL == 0) {
            restOfMarker(first, 0);
            first = require();
        }
        lengthPosition = position;
        int length = (covered(first) << 8) | material();
        byte[] ulpdu = new byte[length];
        for (int i = 0; i < length; i++) {
            ulpdu[i] = (byte) material();
        }
        for (int count = 2 + length; count % 4 != 0; count++) {
            require(material() == 0, "pad octet is not zero");
        }
        markerIfDue();
        checkCrc();
        return ulpdu;
    }

    private void checkCrc() throws IOException {
        for (int i = 0; i < 4; i++) {
            int octet = require();
            position++;
            require(!crc || octet == sum.wireOctet(i), "CRC is wrong");
        }
    }

    private int material() throws IOException {
        markerIfDue();
        return covered(require());
    }

    private void markerIfDue() throws IOException {
        if (markers && position % MARKER_INTERVAL == 0 && position != lengthPosition) {
            restOfMarker(require(), (int) (position - lengthPosition));
        }
    }

    private void restOfMarker(int first, int expected) throws IOException {
        int reserved = (covered(first) << 8) | covered(require());
        int pointer = (covered(require()) << 8) | covered(require());
        require(reserved == 0, "reserved field of a marker is " + reserved);
        require(pointer == expected, "marker points back " + pointer + " octets, not " + expected);
    }

    private int covered(int octet) {
        sum.add(octet);
        position++;
        return octet;
    }

    private int require() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the stream ends inside an FPDU");
        }
        return octet;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError("bad FPDU at octet " + lengthPosition + " of the stream: " + otherwise);
        }
    }
}
