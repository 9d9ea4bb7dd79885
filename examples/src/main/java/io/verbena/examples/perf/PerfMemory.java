package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.OctetCount;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;

/**
 * The memory of an end: one region, half of it to send from (and to be read), half to receive into; each queue pair has its
 * share of both. The halves are apart because octets that are on their way must not change.
 */
final class PerfMemory {
    private final ByteBuffer octets;
    private final MemoryRegion region;
    private final long share;
    private final long half;

    /**
     * Allocates and registers it in {@code domain}.
     *
     * @throws CommandFailedException if this JVM has not so much memory
     */
    PerfMemory(ProtectionDomain domain, PerfParameters parameters) throws CommandFailedException {
        share = parameters.shareOctets();
        half = share * parameters.queuePairs();
        octets = allocate((int) parameters.memoryOctets());
        region = domain.register(octets, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
    }

    private static ByteBuffer allocate(int length) throws CommandFailedException {
        try {
            return ByteBuffer.allocateDirect(length);
        } catch (OutOfMemoryError e) {
            // Direct memory has a limit of its own; nothing else is short when it is reached.
            throw new CommandFailedException(
                    "this JVM has no " + OctetCount.words(length) + " of direct memory left; smaller --region, "
                            + "--queue-pairs or --size need less, -XX:MaxDirectMemorySize allows more",
                    e);
        }
    }

    ByteBuffer octets() {
        return octets;
    }

    MemoryRegion region() {
        return region;
    }

    RemoteRegion remote() {
        return region.remote();
    }

    /** Returns where queue pair {@code number} sends from; the same at both ends. */
    long outgoing(int number) {
        return number * share;
    }

    /** Returns where queue pair {@code number} receives into; the same at both ends. */
    long incoming(int number) {
        return half + number * share;
    }
}
