package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;

/** A conversation, and memory of ours of every kind that can be meant by mistake; none of its octets may change. */
final class RefusalGround implements AutoCloseable {
    static final int OCTETS = 4000;
    private static final int SEED = 41;
    /** So many octets before the end of all addresses: less than a segment has. */
    private static final int WRAPPING = 10;

    private static final int UNKNOWN_STAG = 0x00DEAD00;
    private static final AccessFlag[] EVERYTHING = {
        AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE
    };

    private final Conversation conversation;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS + 2 * SiwCase.GUARD);
    private final MemoryRegion region;

    RefusalGround(Meeting meeting, Setting setting) throws Exception {
        Pattern.fill(memory, 0, memory.capacity(), SEED);
        conversation = Conversation.begin(meeting, setting);
        region = register(EVERYTHING);
    }

    Conversation conversation() {
        return conversation;
    }

    RemoteRegion right() {
        return region.remote();
    }

    RemoteRegion unknown() {
        return new RemoteRegion(UNKNOWN_STAG, region.startAddress(), OCTETS);
    }

    RemoteRegion withdrawn() {
        MemoryRegion gone = register(EVERYTHING);
        RemoteRegion remote = gone.remote();
        gone.close();
        return remote;
    }

    RemoteRegion stale() {
        return new RemoteRegion(region.stag() ^ 1, region.startAddress(), OCTETS);
    }

    RemoteRegion pastEnd() {
        return new RemoteRegion(region.stag(), region.startAddress(), OCTETS + 1);
    }

    RemoteRegion beforeStart() {
        return new RemoteRegion(region.stag(), region.startAddress() - 1, OCTETS);
    }

    RemoteRegion wrapping() {
        return new RemoteRegion(region.stag(), -WRAPPING, OCTETS);
    }

    RemoteRegion withoutRemoteWrite() {
        return register(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ).remote();
    }

    RemoteRegion withoutRemoteRead() {
        return register(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE).remote();
    }

    RemoteRegion withoutRemoteRights() {
        return register(AccessFlag.LOCAL_WRITE).remote();
    }

    RemoteRegion foreign() {
        ProtectionDomain other = conversation.device().allocateProtectionDomain();
        return other.register(memory.slice(SiwCase.GUARD, OCTETS), EVERYTHING).remote();
    }

    private MemoryRegion register(AccessFlag... access) {
        return conversation.domain().register(memory.slice(SiwCase.GUARD, OCTETS), access);
    }

    /** Requires that nothing was changed, or nothing outside what was granted. */
    void requireUntouched(boolean outsideOnly) throws Exception {
        if (outsideOnly) {
            Pattern.require(memory, 0, SiwCase.GUARD, SEED);
            int end = SiwCase.GUARD + OCTETS;
            Pattern.requirePart(memory, end, SiwCase.GUARD, SEED, end);
        } else {
            Pattern.require(memory, 0, memory.capacity(), SEED);
        }
    }

    @Override
    public void close() {
        conversation.close();
    }
}
