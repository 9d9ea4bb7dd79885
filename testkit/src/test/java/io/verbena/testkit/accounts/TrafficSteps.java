package io.verbena.testkit.accounts;

import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import java.util.SplittableRandom;

/** The steps that post requests: Sends of every kind, Immediate Data, Writes, Reads, and receives. */
final class TrafficSteps {
    static final int RECEIVE_OCTETS = 2048;
    private static final long NO_REGION = 0xFFFF_FF00L;

    private final SplittableRandom random;
    private final Journal journal;
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private long nextId = 1;

    TrafficSteps(SplittableRandom random, Journal journal) {
        this.random = random;
        this.journal = journal;
    }

    // ---- requests ----

    /** Posts some requests at an end. */
    void requests(End end, int count) {
        for (int i = 0; i < count; i++) {
            int choice = random.nextInt(20);
            if (choice < 11) {
                send(end);
            } else if (choice < 14) {
                immediate(end);
            } else if (choice < 17) {
                write(end);
            } else {
                read(end);
            }
        }
    }

    private void send(End end) {
        int octets = random.nextInt(400) == 0 ? RECEIVE_OCTETS + 1 + random.nextInt(1000) : length(RECEIVE_OCTETS);
        Host peer = peer(end);
        int stag = 0;
        SendOperation operation;
        switch (random.nextInt(16)) {
            case 0 -> {
                stag = revocable(peer);
                operation = SendOperation.SEND_INVALIDATE;
                request.sendInvalidate(stag);
            }
            case 1 -> {
                stag = revocable(peer);
                operation = SendOperation.SEND_SOLICITED_INVALIDATE;
                request.sendSolicitedInvalidate(stag);
            }
            case 2, 3, 4, 5 -> {
                operation = SendOperation.SEND_SOLICITED;
                request.sendSolicited();
            }
            default -> {
                operation = SendOperation.SEND;
                request.send();
            }
        }
        int offset = random.nextInt(Pattern.OCTETS - octets);
        carry(end, offset, octets);
        post(end, operation, new Message(operation, offset, octets, 0, stag, connection(end)), 0, 0, -1);
    }

    private int revocable(Host peer) {
        if (random.nextInt(40) == 0) {
            return (int) NO_REGION;
        }
        int which = random.nextInt(peer.revocables.size());
        if (random.nextInt(3) == 0) {
            peer.replaceRevocable(which);
            which = peer.revocables.size() - 1;
        }
        return peer.revocables.get(which).stag;
    }

    private void immediate(End end) {
        long value = random.nextLong();
        SendOperation operation = random.nextBoolean() ? SendOperation.IMMEDIATE : SendOperation.IMMEDIATE_SOLICITED;
        if (operation == SendOperation.IMMEDIATE) {
            request.immediate(value);
        } else {
            request.immediateSolicited(value);
        }
        post(end, operation, new Message(operation, 0, 0, value, 0, connection(end)), 0, 0, -1);
    }

    private void write(End end) {
        Lane lane = end.out;
        int at = random.nextInt(lane.targets.octets);
        int octets = length(lane.targets.octets - at);
        int offset = random.nextInt(Pattern.OCTETS - octets);
        request.write(lane.targets.region.remote(lane.targets.offset(lane.place) + at, octets));
        carry(end, offset, octets);
        post(
                end,
                SendOperation.WRITE,
                new Message(SendOperation.WRITE, offset, octets, at, 0, connection(end)),
                0,
                0,
                -1);
    }

    private void read(End end) {
        int sink = end.host.sinks.take();
        if (sink < 0) {
            return;
        }
        int octets = length(end.host.sinks.octets);
        int offset = random.nextInt(Pattern.OCTETS - octets);
        request.read(peer(end).pattern.remote(offset, octets))
                .local(end.host.sinks.region, end.host.sinks.offset(sink), octets);
        if (!post(end, SendOperation.READ, null, offset, octets, sink)) {
            end.host.sinks.giveBack(sink);
        }
    }

    private static Host peer(End end) {
        Link link = end.link;
        return end == link.client ? link.server.host : link.client.host;
    }

    private static int connection(End end) {
        return end.link.connection + (end.state == QueuePairState.RTS ? 0 : 1);
    }

    /** Returns 0 to {@code most}: often little. */
    private int length(int most) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> most;
            case 2, 3, 4 -> random.nextInt(Math.min(most, 64) + 1);
            default -> random.nextInt(most + 1);
        };
    }

    private void carry(End end, int offset, int octets) {
        if (octets <= LinkSteps.INLINE_OCTETS && random.nextBoolean()) {
            request.inline(Pattern.piece(offset, octets));
            return;
        }
        int pieces = 1 + random.nextInt(LinkSteps.ELEMENTS);
        int at = 0;
        for (int i = 1; i <= pieces; i++) {
            int length = i == pieces ? octets - at : random.nextInt(octets - at + 1);
            request.local(end.host.pattern, (long) offset + at, length);
            at += length;
        }
    }

    private boolean post(End end, SendOperation operation, Message message, int patternOffset, int octets, int sink) {
        long id = nextId++;
        boolean signaled = random.nextInt(4) > 0;
        PostResult expected = switch (end.state) {
            case IDLE, RTS ->
                end.queuePair.query().sendBusy() == LinkSteps.SEND_DEPTH ? PostResult.QUEUE_FULL : PostResult.POSTED;
            default -> PostResult.WRONG_STATE;
        };
        if (expected.posted()) {
            end.requests.add(new End.Posted(id, operation, signaled, message, patternOffset, octets, sink));
            if (message != null) {
                end.out.post(message);
            }
        }
        PostResult result =
                end.queuePair.postSend(request.id(id).signaled(signaled).readFence(random.nextInt(10) == 0));
        journal.line(
                end + " posts " + (message == null ? "Read of " + octets : message) + ", id " + id + ": " + result);
        require(result, expected, end);
        return result.posted();
    }

    // ---- receives ----

    /** Posts some receives to a shared receive queue. */
    void receives(ModelQueue queue, int count) {
        journal.line(count + " receives to " + queue.queue);
        for (int i = 0; i < count; i++) {
            Receive next = nextReceive(queue.places);
            if (next == null) {
                return;
            }
            boolean full = queue.full();
            PostResult result = queue.queue.postReceive(receive);
            require(result, full ? PostResult.QUEUE_FULL : PostResult.POSTED, queue.queue);
            if (result.posted()) {
                queue.post(next);
            } else {
                next.free();
            }
        }
    }

    /** Posts some receives to a queue pair's own queue. */
    void receives(End end, Places places, int count) {
        journal.line(count + " receives to " + end);
        for (int i = 0; i < count; i++) {
            Receive next = nextReceive(places);
            if (next == null) {
                return;
            }
            PostResult expected = switch (end.state) {
                case IDLE, RTS ->
                    end.receiveBusy() == LinkSteps.RECEIVE_DEPTH ? PostResult.QUEUE_FULL : PostResult.POSTED;
                default -> PostResult.WRONG_STATE;
            };
            PostResult result = end.queuePair.postReceive(receive);
            require(result, expected, end);
            if (result.posted()) {
                end.posted(next);
            } else {
                next.free();
            }
        }
    }

    /** Makes a receive, or returns null if there is no memory for one. */
    private Receive nextReceive(Places places) {
        long id = nextId++;
        receive.receive(id);
        int kind = random.nextInt(500);
        if (kind == 0) {
            receive.local((int) NO_REGION, 0, 64);
            return new Receive(id, null, -1, 64, true);
        }
        if (kind < 15) {
            return new Receive(id, null, -1, 0, false);
        }
        int place = places.take();
        if (place < 0) {
            return null;
        }
        int room = kind < 30 ? 1 + random.nextInt(places.octets) : places.octets;
        int pieces = 1 + random.nextInt(LinkSteps.ELEMENTS);
        int at = 0;
        for (int i = 1; i <= pieces; i++) {
            int length = i == pieces ? room - at : random.nextInt(room - at + 1);
            receive.local(places.region, places.offset(place) + at, length);
            at += length;
        }
        return new Receive(id, places, place, room, false);
    }

    private static void require(PostResult found, PostResult expected, Object where) {
        if (found != expected) {
            throw new AssertionError(where + ": posting gave " + found + ", the model has " + expected);
        }
    }
}
