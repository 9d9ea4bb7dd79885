package io.verbena.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.PacketReader;
import io.verbena.transport.NanoClock;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CaptureFileTest {
    @TempDir
    private Path folder;

    private static InetSocketAddress end(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static SocketCapture join(Path file, String name, NanoClock clock) throws Exception {
        return SocketCapture.open(file, name, clock, why -> fail("the capture ended: " + why));
    }

    /** Each device looks at the day by itself when it begins, and one look is never quite the other. */
    @Test
    void packetsOfDevicesWhoseClocksDifferAreInTheOrderOfTheirTimes() throws Exception {
        Path file = folder.resolve("two.pcapng");
        AtomicLong ahead = new AtomicLong();
        try (SocketCapture one = join(file, "one", ahead::get);
                SocketCapture other = join(file, "other", () -> 0)) {
            ahead.set(TimeUnit.SECONDS.toNanos(10));
            CapturedConnection first = one.begin(end(1), end(2), true);
            CapturedConnection second = other.begin(end(3), end(4), true);
            for (int i = 0; i < 10; i++) {
                first.onSent(ByteBuffer.allocate(8), 8);
                second.onSent(ByteBuffer.allocate(8), 8);
            }
            first.onClosed();
            second.onClosed();
        }
        List<Long> times = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            PacketReader packets = PacketReader.of(in);
            for (CapturedPacket next = packets.next(); next != null; next = packets.next()) {
                times.add(next.timeNs());
            }
        }
        assertThat(times).hasSizeGreaterThan(20).isSorted();
    }
}
