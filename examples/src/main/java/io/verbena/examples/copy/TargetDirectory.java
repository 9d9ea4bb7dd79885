package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.OctetCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where received files go, and what may go there.
 *
 * <p>Thread rule: any thread.
 */
final class TargetDirectory {
    /** So much of the final name is in the temporary one. */
    private static final int NAME_PART = 40;

    private final Path path;
    private final boolean replace;
    private final long maxSize;
    private final SpaceProbe space;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicInteger files = new AtomicInteger();

    /**
     * Makes one.
     *
     * @param path an existing directory
     * @param replace whether existing files may be replaced
     * @param maxSize the largest file that is taken
     * @param space tells how much room there is
     */
    TargetDirectory(Path path, boolean replace, long maxSize, SpaceProbe space) {
        this.path = path;
        this.replace = replace;
        this.maxSize = maxSize;
        this.space = space;
    }

    /**
     * Begins a file for {@code offer}.
     *
     * @throws CommandFailedException saying why the offer is refused
     */
    IncomingFile begin(CopyOffer offer) throws CommandFailedException, IOException {
        if (offer.size() > maxSize) {
            throw new CommandFailedException("'" + offer.name() + "' has " + OctetCount.words(offer.size())
                    + ", and the receiver takes at most " + OctetCount.words(maxSize));
        }
        Path target = target(offer.name());
        if (!replace && Files.exists(target)) {
            throw new CommandFailedException(
                    "'" + offer.name() + "' already exists at the receiver, which was started without --force");
        }
        if (Files.isDirectory(target)) {
            throw new CommandFailedException("'" + offer.name() + "' is a directory at the receiver");
        }
        long usable = space.usableOctets(path);
        if (offer.size() > usable) {
            throw new CommandFailedException("the receiver has no room: '" + offer.name() + "' needs "
                    + OctetCount.words(offer.size()) + ", and " + OctetCount.words(usable) + " are free");
        }
        if (!underWay.add(offer.name())) {
            throw new CommandFailedException("'" + offer.name() + "' is being received from someone else right now");
        }
        try {
            return new IncomingFile(temporary(offer.name()), target, replace, () -> underWay.remove(offer.name()));
        } catch (IOException | RuntimeException e) {
            underWay.remove(offer.name());
            throw e;
        }
    }

    private Path target(String name) throws CommandFailedException {
        try {
            return path.resolve(name);
        } catch (InvalidPathException e) {
            // A name of letters that this system's character set or rules do not have.
            throw new CommandFailedException(
                    "the receiver's system cannot name a file '" + name + "': " + e.getReason(), e);
        }
    }

    private Path temporary(String name) {
        int end = Math.min(name.length(), NAME_PART);
        if (Character.isHighSurrogate(name.charAt(end - 1))) {
            end--;
        }
        return path.resolve("." + name.substring(0, end) + ".part-"
                + ProcessHandle.current().pid() + "-" + files.incrementAndGet());
    }
}
