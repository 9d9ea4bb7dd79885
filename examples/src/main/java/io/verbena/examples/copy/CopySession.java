package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.FailureWords;
import io.verbena.examples.command.OctetCount;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Receives one file from one sender.
 *
 * <p>Thread rule: one thread, once.
 */
final class CopySession {
    private static final Duration GOODBYE = Duration.ofSeconds(5);

    private final Device device;
    private final TargetDirectory directory;
    private final ConnectionParameters parameters;
    private final Duration timeout;

    private long lastSignOfLife = System.nanoTime();
    private long digested;

    /**
     * Makes a session.
     *
     * @param timeout the longest silence of the sender
     */
    CopySession(Device device, TargetDirectory directory, ConnectionParameters parameters, Duration timeout) {
        this.device = device;
        this.directory = directory;
        this.parameters = parameters;
        this.timeout = timeout;
    }

    /** Refuses or receives {@code offer}; when this fails, nothing of the file is left. */
    CopyReport receive(ConnectionRequest request, CopyOffer offer)
            throws CommandFailedException, IOException, InterruptedException {
        try (IncomingFile file = begin(request, offer);
                CopyLink link = new CopyLink(device, 1)) {
            request.accept(link.queuePair(), parameters.withPrivateData(CopyOffer.acceptance()));
            try {
                return receive(link, file, offer);
            } catch (CommandFailedException | IOException | RuntimeException e) {
                link.tellFailure(e);
                throw e;
            }
        }
    }

    private IncomingFile begin(ConnectionRequest request, CopyOffer offer) throws CommandFailedException, IOException {
        try {
            return directory.begin(offer);
        } catch (CommandFailedException | IOException e) {
            byte[] reason = FailureWords.of(e).getBytes(StandardCharsets.UTF_8);
            request.reject(Arrays.copyOf(reason, Math.min(reason.length, CopyMessage.MAX_OCTETS)));
            throw e;
        }
    }

    private CopyReport receive(CopyLink link, IncomingFile file, CopyOffer offer)
            throws CommandFailedException, IOException, InterruptedException {
        allocate(link, file, offer.size());
        MappedFile mapped = file.map();
        MessageDigest digest = Sha256.create();
        long began = System.nanoTime();
        byte[] expected;
        try (MemoryRegion region = offer.size() == 0
                ? null
                : link.domain()
                        .register(
                                mapped.pieces(),
                                RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE))) {
            link.send(new CopyMessage.Ready(region == null ? new RemoteRegion(0, 0, 0) : region.remote()));
            expected = follow(link, mapped, digest);
        }
        // Deregistered: from here on nobody can change the octets any more.
        long nanos = System.nanoTime() - began;
        digestUpTo(link, mapped, digest, offer.size());
        byte[] actual = digest.digest();
        if (!Arrays.equals(expected, actual)) {
            throw new CommandFailedException("the digests differ: '" + offer.name()
                    + "' arrived with other octets than the sender read; did it change meanwhile?");
        }
        CopyReport report = new CopyReport(offer.size(), nanos, actual);
        store(link, file, mapped);
        link.send(new CopyMessage.Stored());
        awaitGoodbye(link);
        return report;
    }

    private void allocate(CopyLink link, IncomingFile file, long size)
            throws CommandFailedException, IOException, InterruptedException {
        for (long allocated = 0; allocated < size; ) {
            try {
                allocated = file.allocate(allocated, size);
            } catch (IOException e) {
                throw new CommandFailedException(
                        "the receiver could allocate only " + OctetCount.words(allocated) + " of "
                                + OctetCount.words(size) + ": " + FailureWords.of(e),
                        e);
            }
            showLife(link, new CopyMessage.Allocated(allocated));
        }
    }

    /** Computes the digest behind the sender's marks; returns the sender's digest. */
    private byte[] follow(CopyLink link, MappedFile mapped, MessageDigest digest)
            throws CommandFailedException, InterruptedException {
        while (true) {
            CopyMessage message = link.take();
            if (message == null) {
                if (!link.poll(timeout)) {
                    throw new CommandFailedException("the sender was silent for " + timeout.toSeconds() + " s");
                }
            } else if (message instanceof CopyMessage.Complete complete) {
                return complete.digest();
            } else if (message instanceof CopyMessage.Written mark
                    && mark.octets() >= digested
                    && mark.octets() <= mapped.size()) {
                digestUpTo(link, mapped, digest, mark.octets());
                link.send(new CopyMessage.Digested(digested));
            } else {
                throw new CommandFailedException("the sender sent " + message + " after " + digested + " octets");
            }
        }
    }

    private void digestUpTo(CopyLink link, MappedFile mapped, MessageDigest digest, long end)
            throws CommandFailedException, InterruptedException {
        while (digested < end) {
            long next = Math.min(end, digested + CopyLimits.WRITE_OCTETS);
            mapped.digest(digest, digested, next);
            digested = next;
            showLife(link, new CopyMessage.Digested(digested));
        }
    }

    private void store(CopyLink link, IncomingFile file, MappedFile mapped)
            throws CommandFailedException, IOException, InterruptedException {
        for (long forced = 0; forced < mapped.size(); ) {
            long next = Math.min(mapped.size(), forced + CopyLimits.MARK_OCTETS);
            mapped.force(forced, next);
            forced = next;
            showLife(link, new CopyMessage.Digested(digested));
        }
        file.store();
    }

    /** Looks whether the sender is still there, and now and then lets it know the same. */
    private void showLife(CopyLink link, CopyMessage message) throws CommandFailedException, InterruptedException {
        while (link.poll(Duration.ZERO)) {
            // What arrives waits in the link's inbox; a lost connection ends this.
        }
        long now = System.nanoTime();
        if (now - lastSignOfLife >= CopyLimits.SIGN_OF_LIFE_NANOS) {
            lastSignOfLife = now;
            link.send(message);
        }
    }

    private static void awaitGoodbye(CopyLink link) throws InterruptedException {
        try {
            link.queuePair().connection().closed().get(GOODBYE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The file is stored; how the sender leaves matters to nobody. What is left of the connection is broken
            // next.
            link.queuePair().abort();
        }
    }
}
