package io.verbena.examples.copy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is being received: it has a temporary name until it is complete, and vanishes if it never is.
 *
 * <p>Thread rule: one thread; the end of the process, which also removes it, may come on another.
 */
final class IncomingFile implements AutoCloseable {
    private static final int ZEROS_OCTETS = 4 << 20;

    private final Path temporary;
    private final Path target;
    private final boolean replace;
    private final FileChannel channel;
    private final Thread removal;
    private final Runnable onClose;
    private boolean stored;

    /**
     * Creates the temporary file.
     *
     * @param temporary its name; must not exist
     * @param target the name it gets when complete
     * @param replace whether it may replace a file of that name
     * @param onClose told once when it has been stored or removed
     */
    IncomingFile(Path temporary, Path target, boolean replace, Runnable onClose) throws IOException {
        this.temporary = temporary;
        this.target = target;
        this.replace = replace;
        this.onClose = onClose;
        channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        removal = new Thread(this::removeAtExit, "remove-" + temporary.getFileName());
        Runtime.getRuntime().addShutdownHook(removal);
    }

    /**
     * Writes zeros from {@code from} on, at most a few MiB and not beyond {@code size}.
     *
     * <p>The zeros are real ones: a mapped file with holes would meet a full disk only when its memory is touched, and then
     * there is no exception to catch, only the end of the process.
     *
     * @return how far it has come
     */
    long allocate(long from, long size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_OCTETS, size - from));
        long position = from;
        while (zeros.hasRemaining()) {
            position += channel.write(zeros, position);
        }
        return position;
    }

    /** Maps all of it, once it is allocated. */
    MappedFile map() throws IOException {
        return new MappedFile(channel, channel.size());
    }

    /** Gives it its name, once its octets are on the disk. */
    void store() throws IOException {
        channel.force(true);
        if (replace) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            // An atomic move replaces on most systems. Another receive of this process cannot have the name, so what
            // this
            // look can miss is another program that creates it at this very moment.
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        }
        stored = true;
    }

    /** Removes it unless it was stored. Idempotent. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
            if (!stored) {
                Files.deleteIfExists(temporary);
            }
        } finally {
            onClose.run();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException theProcessIsEnding) {
            // The hook runs or has run; there is nothing left for it to remove.
        }
    }

    private void removeAtExit() {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
