package io.verbena.examples.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of any size as memory: mapped in pieces, since one buffer ends at 2 GiB.
 *
 * <p>The mapping ends when the buffers are garbage; Java has no earlier way without internals.
 */
final class MappedFile {
    static final long PIECE_OCTETS = 1L << 30;

    private final List<MappedByteBuffer> pieces = new ArrayList<>();
    private final long size;

    /** Maps the first {@code size} octets of {@code file}. */
    MappedFile(FileChannel file, long size) throws IOException {
        this.size = size;
        for (long offset = 0; offset < size; offset += PIECE_OCTETS) {
            pieces.add(file.map(FileChannel.MapMode.READ_WRITE, offset, Math.min(PIECE_OCTETS, size - offset)));
        }
    }

    long size() {
        return size;
    }

    /** Returns the pieces in their order; none if the file is empty. */
    List<ByteBuffer> pieces() {
        return List.copyOf(pieces);
    }

    /** Adds the octets from {@code from} up to, not including, {@code to}. */
    void digest(MessageDigest digest, long from, long to) {
        long position = from;
        while (position < to) {
            int piece = (int) (position / PIECE_OCTETS);
            int offset = (int) (position % PIECE_OCTETS);
            int length = (int) Math.min(to - position, PIECE_OCTETS - offset);
            digest.update(pieces.get(piece).slice(offset, length));
            position += length;
        }
    }

    /** Writes the octets from {@code from} up to, not including, {@code to}, to the disk. */
    void force(long from, long to) {
        long position = from;
        while (position < to) {
            int piece = (int) (position / PIECE_OCTETS);
            int offset = (int) (position % PIECE_OCTETS);
            int length = (int) Math.min(to - position, PIECE_OCTETS - offset);
            pieces.get(piece).force(offset, length);
            position += length;
        }
    }
}
