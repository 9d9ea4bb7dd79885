package io.verbena.capture;

import io.verbena.transport.NanoClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The capture of connections that belong to no device: who owns their sockets says what passes. It is an interface of a
 * capture file as a device is, and shares the file with those of the same process.
 *
 * <p>Thread rule: any thread; each connection by one thread at a time.
 */
public final class SocketCapture implements AutoCloseable {
    private final DeviceCapture capture;

    private SocketCapture(DeviceCapture capture) {
        this.capture = capture;
    }

    /**
     * Opens the file, or joins those who write to it.
     *
     * @param path the file; made if it is not there, emptied if it is
     * @param name what the file calls the owner of the connections
     * @param clock tells how much time passes
     * @param listener hears a sentence if the capture ends before it is closed, on any thread, once
     * @throws IOException if the file cannot be written; the message says which and why
     */
    public static SocketCapture open(Path path, String name, NanoClock clock, Consumer<String> listener)
            throws IOException {
        DeviceCapture capture = DeviceCapture.open(path, listener);
        capture.describe(name, clock);
        return new SocketCapture(capture);
    }

    /**
     * A connection stands.
     *
     * @param local this end
     * @param remote the other end; both addresses are of one family
     * @param opener whether this end has connected
     * @return what has to be told of it; null if it is not captured: its other end is, or the capture has ended
     */
    public CapturedConnection begin(InetSocketAddress local, InetSocketAddress remote, boolean opener) {
        return capture.begin(local, remote, opener);
    }

    /** Writes what is left; who closes last closes the file. Waits for the disk, at most a few seconds. Idempotent. */
    @Override
    public void close() {
        capture.close();
    }
}
