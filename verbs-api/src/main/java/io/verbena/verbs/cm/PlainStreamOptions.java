package io.verbena.verbs.cm;

import java.time.Duration;
import java.util.Objects;

/**
 * How a plain stream behaves. Immutable; {@code with...} methods return changed copies.
 *
 * @param deadline the longest time TCP may take to connect; above zero. Accepted streams do not need it
 * @param bufferOctets octets that may have arrived without being read, and octets handed to TCP at once, 1024 to 2^24; the
 *     memory is taken when octets arrive
 * @param socket options of the TCP connection
 */
public record PlainStreamOptions(Duration deadline, int bufferOctets, SocketOptions socket) {
    /** The smallest buffer: the longest startup frame has to fit. */
    public static final int MIN_BUFFER_OCTETS = 1024;

    private static final int MAX_BUFFER_OCTETS = 1 << 24;

    /** Checks the ranges. */
    public PlainStreamOptions {
        Objects.requireNonNull(socket, "socket");
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline " + deadline + " must be above zero");
        }
        if (bufferOctets < MIN_BUFFER_OCTETS || bufferOctets > MAX_BUFFER_OCTETS) {
            throw new IllegalArgumentException(
                    "bufferOctets " + bufferOctets + " must be " + MIN_BUFFER_OCTETS + " to " + MAX_BUFFER_OCTETS);
        }
    }

    /** Returns the defaults: 10 seconds to connect, 16 KiB of buffer. */
    public static PlainStreamOptions defaults() {
        return new PlainStreamOptions(Duration.ofSeconds(10), 16 * 1024, SocketOptions.defaults());
    }

    /** Returns a copy with another deadline. */
    public PlainStreamOptions withDeadline(Duration longest) {
        return new PlainStreamOptions(longest, bufferOctets, socket);
    }

    /** Returns a copy with another buffer size. */
    public PlainStreamOptions withBufferOctets(int octets) {
        return new PlainStreamOptions(deadline, octets, socket);
    }

    /** Returns a copy with other socket options. */
    public PlainStreamOptions withSocket(SocketOptions options) {
        return new PlainStreamOptions(deadline, bufferOctets, options);
    }
}
