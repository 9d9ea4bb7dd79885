package io.verbena.mpa;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of an MPA connection, written octet by octet after RFC 5044 figures 2 to 4 and with a CRC of its own: what
 * the product's framer and deframer are held against.
 */
final class PlainMpaSender {
    private static final int MARKER_INTERVAL = 512;

    private final boolean crc;
    private final boolean markers;
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final List<Integer> ends = new ArrayList<>();

    PlainMpaSender(boolean crc, boolean markers) {
        this.crc = crc;
        this.markers = markers;
    }

    PlainMpaSender send(byte[] ulpdu) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(ulpdu.length >>> 8);
        body.write(ulpdu.length);
        body.writeBytes(ulpdu);
        while (body.size() % 4 != 0) {
            body.write(0);
        }
        int fpduStart = stream.size();
        if (markerIsDue()) {
            marker(0);
        }
        int lengthField = stream.size();
        for (byte octet : body.toByteArray()) {
            if (markerIsDue() && stream.size() != lengthField) {
                marker(stream.size() - lengthField);
            }
            stream.write(octet);
        }
        if (markerIsDue()) {
            marker(stream.size() - lengthField);
        }
        int register = crc ? crc32c(stream.toByteArray(), fpduStart) : 0;
        for (int shift = 0; shift < 32; shift += 8) {
            stream.write(register >>> shift);
        }
        ends.add(stream.size());
        return this;
    }

    byte[] octets() {
        return stream.toByteArray();
    }

    int length() {
        return stream.size();
    }

    /** Stream positions behind the FPDUs sent so far. */
    List<Integer> ends() {
        return ends;
    }

    private boolean markerIsDue() {
        return markers && stream.size() % MARKER_INTERVAL == 0;
    }

    private void marker(int pointer) {
        stream.write(0);
        stream.write(0);
        stream.write(pointer >>> 8);
        stream.write(pointer);
    }

    private static int crc32c(byte[] octets, int from) {
        int register = -1;
        for (int i = from; i < octets.length; i++) {
            register ^= octets[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                register = register >>> 1 ^ (register & 1) * 0x82F63B78;
            }
        }
        return ~register;
    }
}
