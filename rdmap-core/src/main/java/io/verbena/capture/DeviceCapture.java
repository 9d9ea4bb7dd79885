package io.verbena.capture;

import io.verbena.transport.NanoClock;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The capture of one device: an interface of a capture file, which devices of the same process may share.
 *
 * <p>Thread rule: any thread; {@link #around} once, right after it was opened.
 */
public final class DeviceCapture implements AutoCloseable {
    private final CaptureFile file;
    private final Consumer<String> listener;
    private int interfaceNumber;
    private NanoClock wallClock;
    private boolean closed;

    private DeviceCapture(CaptureFile file, Consumer<String> listener) {
        this.file = file;
        this.listener = listener;
    }

    /**
     * Opens the file, or joins the devices that write to it.
     *
     * @param path the file; made if it is not there, emptied if it is
     * @param listener hears a sentence if the capture ends before the device is closed, on any thread, once
     * @throws IOException if the file cannot be written; the message says which and why
     */
    public static DeviceCapture open(Path path, Consumer<String> listener) throws IOException {
        try {
            return new DeviceCapture(CaptureFile.join(path), listener);
        } catch (IOException failure) {
            throw new FileSystemException(
                    "capture file " + path.toAbsolutePath().normalize(), null, CaptureFile.words(failure));
        }
    }

    /** Returns the capture of a file that is open. */
    static DeviceCapture of(CaptureFile file, Consumer<String> listener) {
        return new DeviceCapture(file, listener);
    }

    /**
     * Puts the capture between a device and its transport.
     *
     * @param device the device's name
     * @param transport what the device would use otherwise
     * @return what the device uses; closing it closes {@code transport}, and not the capture
     */
    public StreamTransport around(String device, StreamTransport transport) {
        describe(device, transport.loop(0).clock());
        return new CapturingTransport(this, transport);
    }

    /** Makes the interface with this name, whose packets have their times from {@code clock}. */
    void describe(String name, NanoClock clock) {
        long originNs = SystemWallClock.nowNs() - clock.nanoTime();
        wallClock = () -> originNs + clock.nanoTime();
        interfaceNumber = file.addInterface(name, listener);
    }

    /** Returns what captures a connection that begins, or null if it is not captured. */
    CapturedConnection begin(InetSocketAddress local, InetSocketAddress remote, boolean opener) {
        int number = file.begin(local, remote);
        return number == 0
                ? null
                : new CapturedConnection(file, number, interfaceNumber, wallClock, local, remote, opener);
    }

    /** Writes what is left; the last device closes the file. Waits for the disk, at most a few seconds. Idempotent. */
    @Override
    public void close() {
        boolean first;
        synchronized (this) {
            first = !closed;
            closed = true;
        }
        if (first) {
            file.leave(listener);
        }
    }
}
