package io.verbena.conformance.raw;

import java.io.ByteArrayOutputStream;

/**
 * Makes FPDUs of one direction of a stream: length, markers, pad, CRC (RFC 5044 section 4).
 *
 * <p>Thread rule: one thread at a time.
 */
public final class RawFramer {
    private static final int MARKER_INTERVAL = 512;

    private final boolean markers;
    private final boolean crc;
    private long position;

    /** Makes the framer of a direction that begins right behind the startup frame. */
    public RawFramer(boolean markers, boolean crc) {
        this.markers = markers;
        this.crc = crc;
    }

    /** Returns the FPDU that carries {@code ulpdu}. */
    public byte[] frame(byte[] ulpdu) {
        return frame(ulpdu, RawFault.NONE);
    }

    /** Returns the FPDU that carries {@code ulpdu}, with a fault. */
    public byte[] frame(byte[] ulpdu, RawFault fault) {
        Fpdu fpdu = new Fpdu(fault);
        fpdu.begin();
        fpdu.material(ulpdu.length >>> 8);
        fpdu.material(ulpdu.length);
        for (byte octet : ulpdu) {
            fpdu.material(octet);
        }
        for (int count = 2 + ulpdu.length; count % 4 != 0; count++) {
            fpdu.material(fault == RawFault.PAD ? 0xEE : 0);
        }
        return fpdu.end();
    }

    private final class Fpdu {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final RawCrc sum = new RawCrc();
        private final boolean spoilCrc;
        private boolean spoilMarker;
        private long lengthPosition;

        Fpdu(RawFault fault) {
            spoilCrc = fault == RawFault.CRC;
            spoilMarker = fault == RawFault.MARKER;
        }

        void begin() {
            if (markers && position % MARKER_INTERVAL == 0) {
                marker(0);
            }
            lengthPosition = position;
        }

        void material(int octet) {
            markerIfDue();
            covered(octet);
        }

        byte[] end() {
            markerIfDue();
            for (int i = 0; i < 4; i++) {
                int octet = crc ? sum.wireOctet(i) : 0;
                out.write(spoilCrc && i == 0 ? octet ^ 1 : octet);
                position++;
            }
            return out.toByteArray();
        }

        private void markerIfDue() {
            if (markers && position % MARKER_INTERVAL == 0 && position != lengthPosition) {
                marker((int) (position - lengthPosition));
            }
        }

        private void marker(int pointer) {
            int written = spoilMarker && pointer != 0 ? pointer + 4 : pointer;
            spoilMarker &= pointer == 0;
            covered(0);
            covered(0);
            covered(written >>> 8);
            covered(written);
        }

        private void covered(int octet) {
            out.write(octet);
            sum.add(octet);
            position++;
        }
    }
}
