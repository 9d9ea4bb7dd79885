package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;

/** Receives and their memory; each begins at another alignment, between octets that nobody may change. */
final class Inbox {
    private static final int ALIGNMENTS = 4;

    private final int octets;
    private final ByteBuffer memory;
    private final MemoryRegion region;
    private final ReceiveRequest request = new ReceiveRequest();

    /** Makes memory for {@code receives} receives of {@code octets} octets, and posts them. */
    Inbox(ProtectionDomain domain, QueuePair queuePair, int receives, int octets) {
        this.octets = octets;
        memory = Pattern.untouched(receives * stride());
        region = domain.register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
        for (int slot = 0; slot < receives; slot++) {
            post(queuePair, slot);
        }
    }

    /** Posts the receive that completed as {@code slot} once more. */
    void post(QueuePair queuePair, long slot) {
        int place = place(slot);
        for (int i = place - 1; i < place + octets + SiwCase.GUARD; i++) {
            memory.put(i, Pattern.UNTOUCHED);
        }
        request.receive(slot).local(region, place, octets);
        queuePair.postReceive(request).orThrow();
    }

    Answer answer(WorkCompletion received) throws CommandFailedException {
        Expect.equal("octets of an answer", (long) Answer.ENCODED_OCTETS, received.lengthOctets());
        int revoked = received.invalidated() ? received.invalidatedStag() : 0;
        return Answer.decode(memory, place(received.id()), revoked);
    }

    /** Requires that {@code received} is a message of so many octets with this pattern, and nothing beside it was changed. */
    void require(WorkCompletion received, int length, int seed) throws CommandFailedException {
        Expect.equal("octets of a message", (long) length, received.lengthOctets());
        int place = place(received.id());
        Pattern.requireUntouched(memory, place - 1, place);
        Pattern.require(memory, place, length, seed);
        Pattern.requireUntouched(memory, place + length, place + length + SiwCase.GUARD);
    }

    private int stride() {
        return octets + 2 * SiwCase.GUARD;
    }

    private int place(long slot) {
        return (int) slot * stride() + ALIGNMENTS + (int) slot % ALIGNMENTS;
    }
}
