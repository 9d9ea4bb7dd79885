package io.verbena.conformance.raw;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What comes from a socket, with one deadline for all reads of an expectation: a peer that sends an octet now and then, or
 * never stops, holds nobody up longer than one that is silent.
 *
 * <p>Thread rule: one thread at a time.
 */
final class PatientInput extends InputStream {
    private final Socket socket;
    private final InputStream below;
    private long longestNanos;
    private long endNanos;

    PatientInput(Socket socket) throws IOException {
        this.socket = socket;
        below = socket.getInputStream();
    }

    /** Sets how long each later expectation waits. */
    void waitAtMost(Duration longest) {
        longestNanos = longest.toNanos();
        begin();
    }

    /** An expectation begins. */
    void begin() {
        endNanos = System.nanoTime() + longestNanos;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        long left = endNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("not in time");
        }
        // Rounded up, because 0 would mean for ever.
        socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left) + 1));
        return below.read(into, offset, count);
    }

    @Override
    public int available() throws IOException {
        return below.available();
    }
}
