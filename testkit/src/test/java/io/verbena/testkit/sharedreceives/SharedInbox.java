package io.verbena.testkit.sharedreceives;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.SystemDeadline;
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

    /** Makes a queue pair of the server that is not connected yet and uses the queue. */
    PairEnd serverEnd() {
        return pair.newServerEnd(options -> options.withSharedReceiveQueue(queue));
    }

    /** Connects a raw peer to a queue pair of the server; it has spoken, so that it can be answered. */
    RawPeer rawPeer(PairEnd at) throws Exception {
        return rawPeer(pair, at);
    }

    /** Connects a raw peer to a queue pair of the server of {@code pair}. */
    static RawPeer rawPeer(DevicePair pair, PairEnd at) throws Exception {
        RawPeer peer = RawPeer.connect(pair.listener().localAddress());
        peer.sendRequest(RawStartup.request().withDepths(16, 16));
        pair.listener()
                .nextRequest(SystemDeadline.USUAL)
                .accept(at.queuePair(), pair.options().serverParameters());
        peer.expectReply();
        peer.sendFpdu(RawSegment.write(0, 0, new byte[0]));
        return peer;
    }

    /** Returns all octets of a receive's memory. */
    byte[] octetsOf(long id) {
        byte[] of = new byte[OCTETS];
        octets.get((int) (id % PLACES) * OCTETS, of);
        return of;
    }

    MemoryRegion memory() {
        return memory;
    }

    /** Returns what a queue pair has to do with the queue now. */
    ReceiveHolder holder(PairEnd end) {
        return query().holder(end.queuePair().number());
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
