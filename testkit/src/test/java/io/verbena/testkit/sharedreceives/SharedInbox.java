package io.verbena.testkit.sharedreceives;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import java.nio.ByteBuffer;
import java.util.List;

/** A shared receive queue on the server of a pair, with memory for its receives, and what tests do with it. */
final class SharedInbox {
    static final int OCTETS = 256;
    private static final int PLACES = 64;

    private final DevicePair pair;
    private final SharedReceiveQueue queue;
    private final ByteBuffer octets = ByteBuffer.allocateDirect(PLACES * OCTETS);
    private final MemoryRegion memory;
    private int posted;

    SharedInbox(DevicePair pair, SharedReceiveQueueOptions options) {
        this.pair = pair;
        queue = pair.serverSharedReceives(options);
        memory = pair.server().register(List.of(octets.duplicate()), RegionOptions.access(AccessFlag.LOCAL_WRITE));
    }

    SharedReceiveQueue queue() {
        return queue;
    }

    SharedReceiveQueueSnapshot query() {
        return queue.query();
    }

    /** Posts receives of {@link #OCTETS} octets, whose ids count on from 0. */
    void post(int count) {
        for (int i = 0; i < count; i++) {
            int place = posted % PLACES;
            queue.postReceive(new ReceiveRequest().receive(posted).local(memory, (long) place * OCTETS, OCTETS))
                    .orThrow();
            posted++;
        }
    }

    /** Returns the octet with which the memory of a receive begins. */
    int firstOctet(long id) {
        return octets.get((int) (id % PLACES) * OCTETS);
    }

    PairLink link() {
        return pair.connectSharing(queue, 1);
    }

    /** Returns what the queue pair of the link's server has to do with the queue now. */
    ReceiveHolder holder(PairLink link) {
        return query().holder(link.server().queuePair().number());
    }

    /** Waits until the link's server has drawn or dropped so many messages. */
    void awaitSeen(PairLink link, long messages) {
        pair.await(messages + " messages seen", () -> {
            ReceiveHolder now = holder(link);
            return now.drawn() + now.droppedMessages() >= messages;
        });
    }

    /** Sends messages of one octet of this value, and waits until they are sent. */
    static void send(PairLink link, int count, int value) {
        for (int i = 0; i < count; i++) {
            ByteBuffer one = ByteBuffer.allocate(1).put(0, (byte) value);
            link.client().post(new SendRequest().send().inline(one));
            link.client().awaitSendSuccess();
        }
    }
}
