package io.verbena.capture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A file that one or more devices of this process write their packets to. The first device that names a file makes it anew, the
 * last one that is closed closes it.
 *
 * <p>A connection whose both ends are devices of one file is in it once, as that end saw it which was told of it first: every
 * octet would be there twice otherwise, and look sent again.
 *
 * <p>Thread rule: any thread.
 */
final class CaptureFile {
    /** How many connections are remembered after their end, in case the other end comes to be only then. */
    private static final int REMEMBERED_CONNECTIONS = 256;

    private static final String APPLICATION = "Verbena";
    private static final Map<Path, CaptureFile> OPEN = new HashMap<>();

    private final Path path;
    private final CaptureBuffer buffer;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Ends, Boolean> captured = new HashMap<>();
    private final Map<Ends, Boolean> endedAlone = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Ends, Boolean> eldest) {
            return size() > REMEMBERED_CONNECTIONS;
        }
    };
    private int users;
    private int interfaces;
    private int connections;

    /** Time of the packet written last, in nanoseconds since 1970; under the lock of the buffer. */
    private long lastPacketNs;

    /** The two ends of a connection as one of them sees it. */
    private record Ends(InetSocketAddress local, InetSocketAddress remote) {
        Ends seenFromTheOther() {
            return new Ends(/* local= */ remote, /* remote= */ local);
        }
    }

    private CaptureFile(Path path, CaptureBuffer.Target target, long patienceNs) {
        this.path = path;
        buffer = new CaptureBuffer(target, "verbena-capture-" + path.getFileName(), patienceNs, this::onEnded);
        buffer.lock();
        try {
            PcapngBlocks.putSection(buffer.room(1024), APPLICATION);
            buffer.commit();
        } finally {
            buffer.unlock();
        }
    }

    /** Returns the file, which is made if no device has it open. Each call needs one {@link #leave}. */
    static CaptureFile join(Path file) throws IOException {
        Path path = file.toAbsolutePath().normalize();
        synchronized (OPEN) {
            CaptureFile open = OPEN.get(path);
            if (open == null) {
                open = new CaptureFile(path, target(path), CaptureBuffer.PATIENCE_NS);
                OPEN.put(path, open);
            }
            open.users++;
            return open;
        }
    }

    /** Makes a capture that no other device can join. */
    static CaptureFile alone(Path name, CaptureBuffer.Target target, long patienceNs) {
        CaptureFile file = new CaptureFile(name, target, patienceNs);
        file.users = 1;
        return file;
    }

    private static CaptureBuffer.Target target(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            // A named pipe can be opened when somebody reads it; that is not to be waited for here.
            return () -> FileChannel.open(path, StandardOpenOption.WRITE);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            // Held until the channel is closed. What another process is writing is not destroyed.
            ours = channel.tryLock() != null;
            if (!ours) {
                throw new FileSystemException(path.toString(), null, "another process is writing to it");
            }
            channel.truncate(0);
        } catch (OverlappingFileLockException sameFileUnderAnotherName) {
            throw new FileSystemException(path.toString(), null, "it is being written to under another name");
        } finally {
            if (!ours) {
                channel.close();
            }
        }
        return () -> channel;
    }

    /** Says in a clause why a file cannot be written. */
    static String words(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no such folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "access is denied";
        }
        return failure instanceof FileSystemException ofFile && ofFile.getReason() != null
                ? ofFile.getReason()
                : String.valueOf(failure.getMessage());
    }

    /** Adds an interface; returns its number. */
    int addInterface(String name, Consumer<String> listener) {
        buffer.lock();
        try {
            ByteBuffer to = buffer.room(1024);
            if (to != null) {
                PcapngBlocks.putInterface(to, name);
                buffer.commit();
                listeners.add(listener);
                return interfaces++;
            }
        } finally {
            buffer.unlock();
        }
        listener.accept(sentence(buffer.ended()));
        return interfaces;
    }

    private void onEnded(String why) {
        listeners.forEach(listener -> listener.accept(sentence(why)));
    }

    private String sentence(String why) {
        return "the capture to " + path + " has ended early: " + why;
    }

    CaptureBuffer buffer() {
        return buffer;
    }

    /**
     * Returns the time of the next packet: what its device's clock says, but not before that of the packet in front of it, whose
     * device has its time from another look at the day. Under the lock of the buffer.
     */
    long timeOfPacket(long clockNs) {
        lastPacketNs = Math.max(lastPacketNs, clockNs);
        return lastPacketNs;
    }

    /**
     * A connection begins.
     *
     * @return its number, from 1; 0 if it is not to be captured: the other end is, or the capture has ended
     */
    synchronized int begin(InetSocketAddress local, InetSocketAddress remote) {
        Ends ends = new Ends(local, remote);
        if (buffer.ended() != null
                || captured.containsKey(ends.seenFromTheOther())
                || endedAlone.remove(ends.seenFromTheOther()) != null) {
            captured.computeIfPresent(ends.seenFromTheOther(), (other, alone) -> false);
            return 0;
        }
        captured.put(ends, true);
        connections++;
        return connections;
    }

    /** A connection that is captured has ended. */
    synchronized void end(InetSocketAddress local, InetSocketAddress remote) {
        Ends ends = new Ends(local, remote);
        Boolean alone = captured.remove(ends);
        if (Boolean.TRUE.equals(alone)) {
            endedAlone.put(ends, true);
        }
    }

    /** A device has no more use for the file; the last one closes it. */
    void leave(Consumer<String> listener) {
        synchronized (OPEN) {
            users--;
            if (users == 0) {
                OPEN.remove(path, this);
                // Another device that names the file now waits until this capture is whole.
                buffer.close();
            }
        }
        listeners.remove(listener);
    }
}
