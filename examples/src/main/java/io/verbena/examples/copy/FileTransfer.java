package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * The sender's loop: keeps a window of RDMA Writes full and computes the digest of what they carry in between. The device
 * sends on a thread of its own meanwhile, so neither waits for the other.
 *
 * <p>Thread rule: one thread, once.
 */
final class FileTransfer {
    private final CopyLink link;
    private final MappedFile file;
    private final MemoryRegion source;
    private final RemoteRegion target;
    private final Duration timeout;
    private final MessageDigest digest = Sha256.create();

    private long posted;
    private long digested;
    private long digestedByReceiver;
    private long began;
    private long nanos;

    /**
     * Makes a transfer.
     *
     * @param source the registered file, null if it is empty
     * @param target the receiver's memory
     * @param timeout the longest time in which nothing moves
     */
    FileTransfer(CopyLink link, MappedFile file, MemoryRegion source, RemoteRegion target, Duration timeout)
            throws CommandFailedException {
        if (file.size() > 0 && target.lengthOctets() != file.size()) {
            throw new CommandFailedException(
                    "the receiver offers " + target.lengthOctets() + " octets of memory for a file of " + file.size());
        }
        this.link = link;
        this.file = file;
        this.source = source;
        this.target = target;
        this.timeout = timeout;
    }

    /** Returns the digest when all Writes are done. */
    byte[] run(TransferProgress progress) throws CommandFailedException, InterruptedException {
        began = System.nanoTime();
        while (posted < file.size() || digested < file.size() || link.outstandingWrites() > 0) {
            boolean moved = postWrites();
            moved |= digestSome();
            while (link.poll(Duration.ZERO)) {
                moved = true;
            }
            takeMessages();
            progress.at(Math.max(0, posted - (long) link.outstandingWrites() * CopyLimits.WRITE_OCTETS));
            if (!moved && !link.poll(timeout)) {
                throw new CommandFailedException("nothing moved for " + timeout.toSeconds() + " s, with " + posted
                        + " of " + file.size() + " octets on their way");
            }
        }
        nanos = System.nanoTime() - began;
        progress.at(file.size());
        return digest.digest();
    }

    /** Returns how long the Writes took. */
    long nanos() {
        return nanos;
    }

    private boolean postWrites() throws CommandFailedException, InterruptedException {
        boolean moved = false;
        while (posted < file.size()
                && link.outstandingWrites() < CopyLimits.OUTSTANDING_WRITES
                && posted - digestedByReceiver < CopyLimits.AHEAD_OCTETS) {
            long length = Math.min(CopyLimits.WRITE_OCTETS, file.size() - posted);
            if (!link.write(source, posted, length, target.stag(), target.address() + posted)) {
                return moved;
            }
            posted += length;
            moved = true;
            if (posted % CopyLimits.MARK_OCTETS == 0) {
                link.send(new CopyMessage.Written(posted));
            }
        }
        return moved;
    }

    /** Follows the Writes, since what was just posted is still in the caches. */
    private boolean digestSome() {
        if (digested == posted) {
            return false;
        }
        long end = Math.min(posted, digested + CopyLimits.WRITE_OCTETS);
        file.digest(digest, digested, end);
        digested = end;
        return true;
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
}
