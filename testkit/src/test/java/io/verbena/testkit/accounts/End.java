package io.verbena.testkit.accounts;

import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairSnapshot;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A queue pair, and what has to become of its requests. What arrives is judged here before the adapter does: see
 * {@link #onSegment}.
 */
final class End {
    private static final String NO_BUFFER = "1/2/02";

    /**
     * A request of the send queue.
     *
     * @param message what the peer gets, or null for a Read
     * @param patternOffset what a Read brings
     * @param octets how much
     * @param sink where it goes
     */
    record Posted(
            long id,
            SendOperation operation,
            boolean signaled,
            Message message,
            int patternOffset,
            int octets,
            int sink) {}

    final Host host;
    final Link link;
    final Lane in;
    final Lane out;
    final QueuePair queuePair;
    /** Its shared receive queue and its account there, or null. */
    final ModelQueue shared;

    final ModelAccount account;
    final ModelCompletions ofSends;
    final ModelCompletions ofReceives;
    /** Receives of its own queue that wait. */
    final Deque<Receive> waiting = new ArrayDeque<>();

    final Deque<Posted> requests = new ArrayDeque<>();
    QueuePairState state = QueuePairState.IDLE;
    boolean destroyed;
    private Arriving current;
    private int begun;
    private int failures;
    private String refusal;
    private boolean ends;
    /** A receive is there for a message that waited for one; the adapter need not have looked yet. */
    private boolean resuming;

    /** Begins to watch a new queue pair of a link. */
    End(
            Host host,
            Link link,
            boolean server,
            QueuePair queuePair,
            ModelQueue shared,
            ModelCompletions ofSends,
            ModelCompletions ofReceives) {
        this.host = host;
        this.link = link;
        in = server ? link.toServer : link.toClient;
        out = server ? link.toClient : link.toServer;
        this.queuePair = queuePair;
        this.shared = shared;
        this.ofSends = ofSends;
        this.ofReceives = ofReceives;
        account = shared == null
                ? null
                : shared.attach(number(), queuePair.options().receiveWeight());
        host.ends.put(number(), this);
    }

    int number() {
        return queuePair.number();
    }

    /** Returns how many receives of its own queue are not done. */
    int receiveBusy() {
        return waiting.size() + (current == null ? 0 : current.drawn.size());
    }

    /** Returns whether a message has come in part. */
    boolean inTheMiddleOfAMessage() {
        return current != null;
    }

    private AssertionError wrong(String what) {
        return new AssertionError(this + ": " + what);
    }

    // ---- what arrives ----

    /**
     * A segment has come, and the adapter has not looked at it yet: decides whether its message draws a receive, is dropped or
     * ends the connection.
     */
    void onSegment(UntaggedHeader header, int payloadOctets, boolean last) {
        if (state != QueuePairState.RTS) {
            return;
        }
        if (current == null) {
            begin(header);
        }
        if (header.messageSequenceNumber() != begun || header.messageOffset() != current.arrived) {
            throw wrong("segment " + header.messageOffset() + " of message " + header.messageSequenceNumber()
                    + " came behind octet " + current.arrived + " of message " + begun);
        }
        current.whole = last;
        if (current.paused) {
            current.pausedOctets = payloadOctets;
            return;
        }
        place(payloadOctets);
    }

    /** The payload of a segment goes to what its message has drawn, or it draws another receive. */
    private void place(int payloadOctets) {
        current.arrived += payloadOctets;
        while (!ends && !current.dropped && current.message.operation.isSend() && !current.fits()) {
            drawAnother(payloadOctets);
        }
        int octets = current.message.operation.isImmediate() ? 8 : current.message.octets;
        if (current.whole && !ends && current.arrived != octets) {
            throw wrong(current.message + " ended after " + current.arrived);
        }
    }

    private void begin(UntaggedHeader header) {
        Message message = in.begin(link.connection);
        begun++;
        if (header.messageOffset() != 0) {
            throw wrong("a message begins at " + header.messageOffset()
                    + ", so the one before was neither delivered nor dropped");
        }
        current = new Arriving(message);
        draw();
    }

    private void drawAnother(int payloadOctets) {
        int most = shared == null ? 1 : shared.receivesPerMessage();
        if (current.drawn.size() == most) {
            fail(WorkCompletionStatus.LOCAL_LENGTH);
            return;
        }
        draw();
        if (current.dropped || refusal != null) {
            shared.putBack(account, current.putBack(current.arrived - payloadOctets));
        }
    }

    /** The message needs a receive: it draws one, or is dropped, or ends the connection. */
    private void draw() {
        ModelQueue.Outcome outcome = shared != null
                ? shared.admit(account)
                : waiting.isEmpty() ? ModelQueue.Outcome.ENDS_THE_CONNECTION : ModelQueue.Outcome.DRAWS;
        switch (outcome) {
            case DRAWS -> {
                Receive receive = shared == null ? waiting.remove() : shared.draw(account);
                current.draw(receive);
                if (link.inOrder && !receive.bad && !receive.untouched()) {
                    throw wrong("something was placed in " + receive + " before it was drawn");
                }
                if (receive.bad && current.message.operation.isSend()) {
                    fail(WorkCompletionStatus.LOCAL_INVALID_STAG);
                }
            }
            case IS_DROPPED -> {
                current.dropped = true;
                shared.refused(account);
            }
            case ENDS_THE_CONNECTION -> {
                if (queuePair.options().missingReceive() == MissingReceive.PAUSE) {
                    // No wait is for ever: the connection ends after a while, and if it is closed meanwhile.
                    link.ending = true;
                    current.paused = true;
                    return;
                }
                refusal = NO_BUFFER;
                ends = true;
                link.ending = true;
            }
        }
    }

    /** A receive was posted to its own queue: a message that waits for one draws it. */
    void posted(Receive receive) {
        waiting.add(receive);
        if (current != null && current.paused && state == QueuePairState.RTS) {
            current.paused = false;
            resuming = true;
            draw();
            place(current.pausedOctets);
        }
    }

    void onPaused() {
        if (current == null || !current.paused) {
            throw wrong("waits for a receive, and there is one");
        }
    }

    void onResumed() {
        resuming = false;
    }

    private void fail(WorkCompletionStatus status) {
        current.failing = status;
        ends = true;
        link.ending = true;
    }

    private boolean refusesInvalidate() {
        return current != null
                && !current.dropped
                && current.whole
                && current.message.operation.invalidatesRemote()
                && !host.mayInvalidate(current.message.invalidateStag);
    }

    /** The adapter says that it has dropped a message. */
    void onDropped(long octets) {
        if (current == null || !current.dropped || !current.whole || current.arrived != octets || ends) {
            throw wrong("dropped " + octets + " octets, the model has "
                    + (current == null ? "no message" : current.message + " at octet " + current.arrived));
        }
        shared.dropped(account, octets);
        current = null;
        in.delivered();
    }

    // ---- what the engine ends ----

    void onStateChanged(QueuePairState from, QueuePairState to) {
        if (from != state) {
            throw wrong("left " + from);
        }
        state = to;
        if (to == QueuePairState.RTS) {
            begun = 0;
            failures = 0;
            ends = false;
            resuming = false;
            refusal = null;
        } else if (from == QueuePairState.RTS && !link.ending) {
            if (!refusesInvalidate()) {
                throw wrong("went from RTS to " + to + ", and nothing called for it");
            }
            ends = true;
            link.ending = true;
        }
        if (to == QueuePairState.ERROR || to == QueuePairState.IDLE) {
            if (current != null && current.drawn.isEmpty()) {
                current = null;
            }
        }
        if (to == QueuePairState.ERROR && shared != null && !destroyed) {
            host.expect(AsyncEvent.Kind.LAST_RECEIVE_REACHED, number());
        }
    }

    void onTerminate(TerminateInformation information) {
        if (information.sent() && refusal != null && !information.triple().equals(refusal)) {
            throw wrong(information + ", the model has " + refusal);
        }
    }

    void onCompletion(CompletedOperation operation, WorkCompletionStatus status, long id, long octets) {
        if (destroyed) {
            throw wrong("completes " + operation + " " + id + " after its end");
        }
        if (operation == CompletedOperation.RECEIVE) {
            onReceiveCompletion(status, id, octets);
        } else {
            onSendCompletion(operation, status, id, octets);
        }
    }

    private void onReceiveCompletion(WorkCompletionStatus status, long id, long octets) {
        Arriving arriving = current != null && !current.drawn.isEmpty() ? current : null;
        boolean flushed = status == WorkCompletionStatus.FLUSHED;
        Receive receive = null;
        if (arriving != null) {
            receive = arriving.drawn.poll();
        } else if (flushed) {
            receive = waiting.poll();
        }
        if (receive == null || receive.id != id) {
            throw wrong("receive " + id + " ended with " + status + ", the model has " + receive);
        }
        boolean moreFollows = arriving != null && !arriving.drawn.isEmpty();
        if (flushed) {
            boolean ofFailure = moreFollows && (arriving.failing != null || refusesInvalidate());
            if (state != QueuePairState.ERROR && state != QueuePairState.CLOSING && !ofFailure) {
                throw wrong("flushed in " + state);
            }
        } else {
            requireOutcome(arriving, receive, moreFollows, status, octets);
        }
        boolean delivered = status == WorkCompletionStatus.SUCCESS && !moreFollows;
        Message message = delivered ? arriving.message : null;
        if (!moreFollows) {
            current = null;
        }
        complete(
                ofReceives,
                new ModelCompletions.Due(
                        this, CompletedOperation.RECEIVE, status, id, octets, message, receive, moreFollows));
    }

    private void requireOutcome(
            Arriving arriving, Receive receive, boolean moreFollows, WorkCompletionStatus status, long octets) {
        Message message = arriving.message;
        WorkCompletionStatus due = arriving.failing != null
                ? arriving.failing
                : refusesInvalidate() ? WorkCompletionStatus.INVALIDATE_REFUSED : WorkCompletionStatus.SUCCESS;
        if (status != due || (moreFollows && status != WorkCompletionStatus.SUCCESS)) {
            throw wrong(receive + " ended with " + status + ", the model has " + due + " by " + message);
        }
        if (status != WorkCompletionStatus.SUCCESS) {
            requireFirstFailure(status);
            return;
        }
        int expected = moreFollows ? receive.room : message.octets - arriving.completed;
        if (!arriving.whole || octets != expected) {
            throw wrong(message + " completed " + receive + " with " + octets + " of its octets");
        }
        boolean same = expected == 0
                || receive.places
                                .piece(receive.place, expected)
                                .mismatch(Pattern.piece(message.patternOffset + arriving.completed, expected))
                        < 0;
        if (!same) {
            throw wrong(message + " is not what is in " + receive);
        }
        arriving.completed += expected;
        if (moreFollows) {
            return;
        }
        if (account != null) {
            account.dropping = false;
        }
        if (message.operation.invalidatesRemote()) {
            host.invalidated(message.invalidateStag);
        }
        in.delivered();
    }

    private void requireFirstFailure(WorkCompletionStatus status) {
        failures++;
        if (failures > 1) {
            throw wrong(status + " is the second failure of one connection");
        }
    }

    private void onSendCompletion(CompletedOperation operation, WorkCompletionStatus status, long id, long octets) {
        Posted request = requests.poll();
        if (request == null || request.id != id || !operation.name().equals(kind(request.operation))) {
            throw wrong(operation + " " + id + " ended with " + status + ", the model has " + request);
        }
        boolean success = status == WorkCompletionStatus.SUCCESS;
        if (success && request.message == null) {
            boolean same = host.sinks
                            .piece(request.sink, request.octets)
                            .mismatch(Pattern.piece(request.patternOffset, request.octets))
                    < 0;
            if (octets != request.octets || !same) {
                throw wrong("Read " + id + " brought " + octets + " octets, or others");
            }
        }
        if (status == WorkCompletionStatus.FLUSHED) {
            if (state != QueuePairState.ERROR) {
                throw wrong("flushed in " + state);
            }
            if (request.message != null) {
                request.message.flushed = true;
            }
        } else if (!success) {
            requireFirstFailure(status);
        }
        if (request.message == null) {
            host.sinks.giveBack(request.sink);
        }
        if (request.signaled || !success) {
            complete(ofSends, new ModelCompletions.Due(this, operation, status, id, octets, null, null, false));
        }
    }

    private static String kind(SendOperation operation) {
        return operation.isSend()
                ? "SEND"
                : operation.isImmediate() ? "IMMEDIATE" : operation.isRead() ? "READ" : operation.name();
    }

    private void complete(ModelCompletions queue, ModelCompletions.Due due) {
        if (queue.add(due)) {
            return;
        }
        // The completion queue is full: the completion is lost, and the connection ends (VRB-CQ-04).
        link.ending = true;
        ends |= state == QueuePairState.RTS;
        if (due.receive() != null) {
            if (shared == null) {
                due.receive().free();
            } else {
                shared.release(account, due.receive());
            }
        }
    }

    // ---- what the application does ----

    /** A completion was polled; its receive may have been given back with that. */
    void consumed(ModelCompletions.Due due, WorkCompletion found) {
        boolean ofShared = due.receive() != null && shared != null;
        if ((found.sharedReceive() != WorkCompletion.NO_SHARED_RECEIVE) != ofShared) {
            throw wrong("the completion of " + due.operation() + " names shared receive " + found.sharedReceive());
        }
        if (ofShared) {
            shared.consumed(account, due.receive(), found.sharedReceive());
        } else if (due.receive() != null) {
            due.receive().free();
        }
    }

    void requireDescribes(WorkCompletion found, Message message) {
        SendOperation operation = message.operation;
        boolean same = found.solicited() == operation.solicited()
                && found.hasImmediate() == operation.isImmediate()
                && (!found.hasImmediate() || found.immediateData() == message.detail)
                && found.invalidated() == operation.invalidatesRemote()
                && (!found.invalidated() || found.invalidatedStag() == message.invalidateStag);
        if (!same) {
            throw wrong("the completion of " + message + " tells something else: " + found.copy());
        }
    }

    /** Destroys the queue pair: what it has vanishes, and what it holds is free. */
    void destroy() {
        destroyed = true;
        link.ending = true;
        queuePair.close();
        ofSends.forget(this);
        if (ofReceives != ofSends) {
            ofReceives.forget(this);
        }
        if (current != null) {
            current.drawn.forEach(Receive::free);
        }
        waiting.forEach(Receive::free);
        for (Posted each : requests) {
            if (each.message == null) {
                host.sinks.giveBack(each.sink);
            } else {
                each.message.flushed = true;
            }
        }
        requests.clear();
        host.ends.remove(number());
        if (shared != null) {
            shared.detach(account);
        }
    }

    // ---- comparing ----

    /** Throws if the connection had to end and did not. */
    void requireEnded() {
        if (ends && !resuming && state == QueuePairState.RTS) {
            throw wrong("is in RTS, though " + (refusal == null ? "a request failed" : "a message was refused"));
        }
    }

    boolean mustEnd() {
        return ends;
    }

    void check() {
        QueuePairSnapshot now = queuePair.query();
        int busy = shared == null ? receiveBusy() : account.held;
        if (now.state() != state || now.receiveBusy() != busy || now.sendBusy() > requests.size()) {
            throw wrong("is " + now + ", the model has " + busy + " receives and at most " + requests.size()
                    + " requests busy");
        }
        requireEnded();
    }

    /** Throws unless all that it was given has ended. */
    void requireNothingLeft() {
        if (current != null || !waiting.isEmpty() || !requests.isEmpty()) {
            throw wrong("did not end " + requests + " and receives " + waiting);
        }
    }

    @Override
    public String toString() {
        return host.name + " qp " + number() + " in " + state;
    }
}
