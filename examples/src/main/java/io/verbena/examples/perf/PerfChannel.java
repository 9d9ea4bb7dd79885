package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One queue pair of one round, and the account of its messages.
 *
 * <p>A Send that finds no receive ends an iWARP connection; nothing on the wire holds the sender back. So the receiver counts
 * the receives that it has posted again, tells the count as Immediate Data from time to time, and the sender keeps within it.
 *
 * <p>The id of a request has the number of the queue pair in its upper 24 bits; below it, for a message, how many were
 * posted so far, for a receive its slot. The Read that ends a run has {@link #SETTLING} set.
 *
 * <p>Thread rule: the thread of its {@link PerfEnd}. Nothing here allocates once the first round is warm.
 */
final class PerfChannel {
    private static final int NUMBER_SHIFT = 40;
    private static final long SETTLING = 1L << (NUMBER_SHIFT - 1);
    private static final long COUNT_MASK = SETTLING - 1;

    /** Messages begin at multiples of this, so that no two share a line of the cache. */
    private static final int LINE_OCTETS = 64;

    private final PerfParameters parameters;
    private final PerfOperation operation;
    private final QueuePair queuePair;
    private final MemoryRegion region;
    private final long octets;
    private final long stride;
    private final int places;
    private final long outgoing;
    private final long incoming;
    private final int peerStag;
    private final long peerOutgoing;
    private final long peerIncoming;
    private final ByteBuffer inline;
    private final long idBase;
    private final SendBatch batch = new SendBatch();
    private final SendRequest single = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final int creditStep;

    private long target;
    private long posted;
    private long completed;
    private long allowed;
    private long received;
    private long receivedTold;
    private boolean settling;
    private boolean settled;

    PerfChannel(
            ProtectionDomain domain,
            CompletionQueue completions,
            PerfMemory memory,
            RemoteRegion peer,
            PerfParameters parameters,
            int number,
            long octets) {
        this.parameters = parameters;
        this.octets = octets;
        operation = parameters.operation();
        region = memory.region();
        stride = (octets + LINE_OCTETS - 1) / LINE_OCTETS * LINE_OCTETS;
        places = (int) Math.max(1, parameters.shareOctets() / stride);
        outgoing = memory.outgoing(number);
        incoming = memory.incoming(number);
        peerStag = peer.stag();
        peerOutgoing = peer.address() + outgoing;
        peerIncoming = peer.address() + incoming;
        inline = octets <= parameters.inlineOctets() ? memory.octets().slice((int) outgoing, (int) octets) : null;
        idBase = (long) number << NUMBER_SHIFT;
        allowed = operation == PerfOperation.SEND ? parameters.window() : Long.MAX_VALUE;
        creditStep = parameters.window() / 4;
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions)
                .withDepths(parameters.sendDepth(), parameters.receiveDepth())
                .withElements(1, 1)
                .withMaxInlineOctets(Math.max(parameters.inlineOctets(), 1))
                .withReadDepths(parameters.outstandingReads(), parameters.outstandingReads()));
        for (int place = 0; place < parameters.receiveDepth(); place++) {
            postReceive(place);
        }
    }

    /** Returns the channel of {@code channels} that {@code completion} belongs to. */
    static PerfChannel of(List<PerfChannel> channels, WorkCompletion completion) {
        return channels.get((int) (completion.id() >>> NUMBER_SHIFT));
    }

    QueuePair queuePair() {
        return queuePair;
    }

    /** Returns how many messages have completed. */
    long completed() {
        return completed;
    }

    /** Returns how many messages have arrived here. */
    long received() {
        return received;
    }

    /** Begins a run of at most {@code messages} messages; the one before is settled. */
    void begin(long messages) {
        target = messages == Long.MAX_VALUE ? Long.MAX_VALUE : posted + messages;
        settling = false;
        settled = false;
    }

    /** Posts as many whole batches as there is room for; the last of a run may be shorter. */
    void fill() throws CommandFailedException {
        while (true) {
            long left = target - posted;
            long room = Math.min(parameters.depth() - (posted - completed), allowed - posted);
            int count = (int) Math.min(parameters.batch(), left);
            if (count == 0 || room < count) {
                return;
            }
            batch.clear();
            for (int i = 1; i <= count; i++) {
                long each = posted + i;
                prepare(batch.add(), (int) (each % places) * stride)
                        .id(idBase | each)
                        .signaled(each % parameters.signalEvery() == 0);
            }
            int done = queuePair.postSend(batch);
            posted += done;
            if (done < count) {
                requireConnected();
                return;
            }
        }
    }

    /** Returns whether all messages of the run are posted. */
    boolean filled() {
        return posted >= target;
    }

    /**
     * Posts, once in a run, a Read of one octet behind all messages. RFC 5040 section 5.5 has it answered after what came before
     * it was placed, so that its end is the end of the run.
     */
    void settle() throws CommandFailedException {
        if (settling) {
            return;
        }
        target = posted;
        single.read(peerStag, peerOutgoing).local(region, incoming, 1).id(idBase | SETTLING | posted);
        settling = queuePair.postSend(single).posted();
        if (!settling) {
            requireConnected();
        }
    }

    boolean settled() {
        return settled;
    }

    /** Posts one message, signaled or not; the caller waits for the answer. */
    void post(boolean signaled) throws CommandFailedException {
        posted++;
        prepare(single, 0).id(idBase | posted).signaled(signaled);
        if (!queuePair.postSend(single).posted()) {
            throw lost();
        }
    }

    /** Posts one message and behind it Immediate Data, which wakes the peer, with one doorbell. */
    void postWithImmediate(boolean signaled) throws CommandFailedException {
        posted++;
        batch.clear();
        prepare(batch.add(), 0).id(idBase | posted).signaled(false);
        batch.add().immediate(posted).id(idBase | posted).signaled(signaled);
        if (queuePair.postSend(batch) < 2) {
            throw lost();
        }
    }

    /** Takes in a completion of this queue pair. */
    void complete(WorkCompletion completion) throws CommandFailedException {
        if (!completion.success()) {
            throw new CommandFailedException("connection lost: " + Completions.reason(completion));
        }
        if (completion.operation() == CompletedOperation.RECEIVE) {
            receive(completion);
            return;
        }
        completed = completion.id() & COUNT_MASK;
        settled |= (completion.id() & SETTLING) != 0;
    }

    /** Tells the peer how many receives were posted again, if it was not told lately. */
    void pushCredit() throws CommandFailedException {
        if (received - receivedTold < creditStep) {
            return;
        }
        single.immediate(received).id(idBase).signaled(false);
        if (queuePair.postSend(single).posted()) {
            receivedTold = received;
        } else {
            requireConnected();
        }
    }

    private void receive(WorkCompletion completion) {
        boolean credit = completion.hasImmediate() && operation == PerfOperation.SEND;
        if (credit) {
            allowed = parameters.window() + completion.immediateData();
        } else {
            received++;
        }
        postReceive((int) (completion.id() & COUNT_MASK));
    }

    private SendRequest prepare(SendRequest request, long offset) {
        switch (operation) {
            case WRITE -> request.write(peerStag, peerIncoming + offset);
            case SEND -> request.send();
            case READ -> {
                return request.read(peerStag, peerOutgoing + offset).local(region, incoming + offset, octets);
            }
        }
        return inline == null ? request.local(region, outgoing + offset, octets) : request.inline(inline);
    }

    private void postReceive(int place) {
        // Not posted only if the connection has ended, which some completion says.
        queuePair.postReceive(
                receive.receive(idBase | place).local(region, incoming + place % places * stride, octets));
    }

    private void requireConnected() throws CommandFailedException {
        if (queuePair.state() != QueuePairState.RTS) {
            throw lost();
        }
    }

    private CommandFailedException lost() {
        FailureCause cause = queuePair.query().cause();
        return new CommandFailedException("connection lost: "
                + (cause == null
                        ? "the queue pair is in state " + queuePair.state()
                        : cause.root().message()));
    }
}
