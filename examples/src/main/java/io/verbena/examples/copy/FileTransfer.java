package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * The sender's loop: reads the file through a ring of registered buffers, takes each into the digest, and keeps a window of
 * RDMA Writes full. The device sends on a thread of its own meanwhile, so neither waits for the other.
 *
 * <p>The file is read and not mapped, because another program may shorten it at any time: then a read ends early and can say
 * so, while a mapping would end the process. What the digest sees is what is sent, also if the file changes.
 *
 * <p>Thread rule: one thread, once.
 */
final class FileTransfer implements AutoCloseable {
    private final CopyLink link;
    private final FileChannel file;
    private final long size;
    private final RemoteRegion target;
    private final Duration timeout;
    private final MessageDigest digest = Sha256.create();
    private final ByteBuffer ring = ByteBuffer.allocateDirect(CopyLimits.OUTSTANDING_WRITES * CopyLimits.WRITE_OCTETS);
    private final MemoryRegion ringRegion;

    private long posted;
    private long digestedByReceiver;
    private long nanos;

    /**
     * Makes a transfer.
     *
     * @param file read from its beginning
     * @param size octets to be sent
     * @param target the receiver's memory
     * @param timeout the longest time in which nothing moves
     */
    FileTransfer(CopyLink link, FileChannel file, long size, RemoteRegion target, Duration timeout)
            throws CommandFailedException {
        if (size > 0 && target.lengthOctets() != size) {
            throw new CommandFailedException(
                    "the receiver offers " + target.lengthOctets() + " octets of memory for a file of " + size);
        }
        this.link = link;
        this.file = file;
        this.size = size;
        this.target = target;
        this.timeout = timeout;
        ringRegion = link.domain().register(ring);
    }

    /** Returns the digest when all Writes are done. */
    byte[] run(TransferProgress progress) throws CommandFailedException, IOException, InterruptedException {
        long began = System.nanoTime();
        while (posted < size || link.outstandingWrites() > 0) {
            boolean moved = writeNext();
            while (link.poll(Duration.ZERO)) {
                moved = true;
            }
            takeMessages();
            progress.at(Math.max(0, posted - (long) link.outstandingWrites() * CopyLimits.WRITE_OCTETS));
            if (!moved && !link.poll(timeout)) {
                throw new CommandFailedException("nothing moved for " + timeout.toSeconds() + " s, with " + posted
                        + " of " + size + " octets on their way");
            }
        }
        nanos = System.nanoTime() - began;
        progress.at(size);
        return digest.digest();
    }

    /** Returns how long it took until the last Write was done. */
    long nanos() {
        return nanos;
    }

    private boolean writeNext() throws CommandFailedException, IOException, InterruptedException {
        if (posted == size
                || link.outstandingWrites() == CopyLimits.OUTSTANDING_WRITES
                || posted - digestedByReceiver >= CopyLimits.AHEAD_OCTETS) {
            return false;
        }
        int length = (int) Math.min(CopyLimits.WRITE_OCTETS, size - posted);
        // Writes complete in the order of posting, so the slot after the newest is free while the window is not full.
        int offset = (int) (posted % ring.capacity());
        read(ring.slice(offset, length));
        digest.update(ring.slice(offset, length));
        if (!link.write(ringRegion, offset, length, target.stag(), target.address() + posted)) {
            throw link.lost();
        }
        posted += length;
        if (posted % CopyLimits.MARK_OCTETS == 0) {
            link.send(new CopyMessage.Written(posted));
        }
        return true;
    }

    private void read(ByteBuffer slot) throws CommandFailedException, IOException {
        while (slot.hasRemaining()) {
            if (file.read(slot, posted + slot.position()) < 0) {
                throw new CommandFailedException("the file became shorter while it was sent: it had " + size
                        + " octets, and now ends before octet " + (posted + slot.position() + 1));
            }
        }
    }

    private void takeMessages() throws CommandFailedException {
        for (CopyMessage message = link.take(); message != null; message = link.take()) {
            if (!(message instanceof CopyMessage.Digested mark)
                    || mark.octets() < digestedByReceiver
                    || mark.octets() > posted) {
                throw new CommandFailedException("the receiver sent " + message + " after " + posted + " octets");
            }
            digestedByReceiver = mark.octets();
        }
    }

    @Override
    public void close() {
        ringRegion.close();
    }
}
