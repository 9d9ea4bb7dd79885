package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.cm.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A device with one connection to the peer: orders go out, answers come back.
 *
 * <p>Thread rule: one thread.
 */
final class Conversation implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration END = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofMillis(50);
    /** After the end, so long without an event means that none comes. */
    private static final Duration EVENT = Duration.ofMillis(300);
    /** And then, so long without a completion. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final int DEPTH = 256;

    private final Device device;
    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final Inbox inbox;
    private final SendRequest request = new SendRequest();
    private final BlockingQueue<AsyncEvent> events = new LinkedBlockingQueue<>();

    /** Makes our end, without a connection. */
    Conversation(Setting setting) {
        device = Device.open(setting.device());
        device.onAsyncEvent(events::add);
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, DEPTH + setting.receives());
        queuePair = domain.createQueuePair(setting.queuePair()
                .apply(QueuePairOptions.with(completions.queue())
                        .withDepths(DEPTH, setting.receives())
                        .withFastRegister(true)));
        inbox = new Inbox(domain, queuePair, setting.receives(), setting.receiveOctets());
    }

    static Conversation begin(Meeting meeting) throws Exception {
        return begin(meeting, Setting.defaults());
    }

    /** Makes our end and connects it. */
    static Conversation begin(Meeting meeting, Setting setting) throws Exception {
        Conversation conversation = new Conversation(setting);
        try {
            meeting.connect(conversation.device, conversation.queuePair);
            if (meeting.listening()) {
                // Who connects speaks first, and we may speak when it has.
                conversation.awaitAnswer();
            }
            return conversation;
        } catch (Exception e) {
            conversation.close();
            throw e;
        }
    }

    Device device() {
        return device;
    }

    QueuePair queuePair() {
        return queuePair;
    }

    /** Returns what the ends agreed on. */
    Connection.Agreement agreement() {
        return queuePair.connection().agreement();
    }

    ProtectionDomain domain() {
        return domain;
    }

    /** Returns the one request of this conversation, to begin anew for each post. */
    SendRequest request() {
        return request;
    }

    void post(SendRequest borrowed) throws CommandFailedException {
        if (!queuePair.postSend(borrowed).posted()) {
            throw new CommandFailedException("the queue pair took no request: " + queuePair.query());
        }
    }

    /** Posts {@code borrowed} and waits until it has completed well as {@code operation}. */
    void carryOut(SendRequest borrowed, CompletedOperation operation)
            throws CommandFailedException, InterruptedException {
        post(borrowed);
        completions.expect(operation, PATIENCE);
    }

    /** Returns the next completion, whatever it says. */
    WorkCompletion awaitCompletion() throws CommandFailedException, InterruptedException {
        WorkCompletion completion = completions.next(PATIENCE);
        if (completion == null) {
            throw new CommandFailedException("nothing completed within " + PATIENCE.toSeconds() + " s");
        }
        return completion;
    }

    /** Sends an order, without waiting for an answer. */
    void tell(Order order) throws CommandFailedException {
        post(request.send().inline(order.encode()).signaled(false));
    }

    /** Has an order carried out in which nothing may be other than expected. */
    Answer ask(Order order) throws CommandFailedException, InterruptedException {
        tell(order);
        return awaitAnswer();
    }

    /** Has the peer expose {@code octets} octets that hold the pattern of {@code seed}. */
    RemoteRegion exposed(int octets, int seed) throws CommandFailedException, InterruptedException {
        Answer answer = ask(Order.expose(octets, seed));
        return new RemoteRegion(answer.stag(), answer.address(), octets);
    }

    /** One request makes {@code exposed} valid and tells the peer of it. */
    Answer askExposing(PreparedAccess exposed, Order order) throws CommandFailedException, InterruptedException {
        post(request.send().inline(order.encode()).exposing(exposed).signaled(false));
        return awaitAnswer();
    }

    /** The order comes with a Send with Invalidate, or with Solicited Event and Invalidate, of the peer's STag. */
    Answer askRevoking(int stag, boolean solicited, Order order) throws CommandFailedException, InterruptedException {
        SendRequest begun = solicited ? request.sendSolicitedInvalidate(stag) : request.sendInvalidate(stag);
        post(begun.inline(order.encode()).signaled(false));
        return awaitAnswer();
    }

    /** Waits for the peer's answer. */
    Answer awaitAnswer() throws CommandFailedException, InterruptedException {
        WorkCompletion received = completions.expect(CompletedOperation.RECEIVE, PATIENCE);
        Answer answer = answer(received);
        inbox.post(queuePair, received.id());
        return answer;
    }

    /** Returns the answer in a receive, which is not posted again. */
    Answer answer(WorkCompletion received) throws CommandFailedException {
        Answer answer = inbox.answer(received);
        Expect.equal("octets that the peer found different", 0, answer.differences());
        return answer;
    }

    /** Waits for a message and requires that it is this one, and came by this kind of Send. */
    void awaitMessage(int octets, int seed, SendKind kind, int revoked)
            throws CommandFailedException, InterruptedException {
        WorkCompletion received = completions.expect(CompletedOperation.RECEIVE, PATIENCE);
        requireMessage(received, octets, seed, kind, revoked);
        inbox.post(queuePair, received.id());
    }

    /** Requires that a receive, which is not posted again, has this message in it. */
    void requireMessage(WorkCompletion received, int octets, int seed, SendKind kind, int revoked)
            throws CommandFailedException {
        inbox.require(received, octets, seed);
        Expect.equal("solicited", kind.solicited, received.solicited());
        Expect.equal("invalidated", kind.invalidating, received.invalidated());
        if (kind.invalidating) {
            Expect.equal("the STag that the receive tells", revoked, received.invalidatedStag());
        }
    }

    /** Tells the peer to do what is refused here, and requires that the refusal is this one. */
    void requireRefusedHere(Order order, FailedCheck check, String terminate)
            throws CommandFailedException, InterruptedException {
        tell(order);
        AsyncEvent event = awaitEvent();
        Expect.equal("the event", AsyncEvent.Kind.REMOTE_PROTECTION, event.kind());
        Expect.equal("the check that failed", check, event.cause().check());
        Expect.equal(
                "the STag in the cause", order.memory().stag(), event.cause().stag());
        Expect.equal("the Terminate sent", terminate, event.cause().terminate().triple());
    }

    /**
     * Lets siw come to rest, so that it tells of what it refuses next: it sends no Terminate while a request of its own is in the
     * middle, and is slow to notice that it no longer is.
     */
    void rest() throws CommandFailedException, InterruptedException {
        WorkCompletion unexpected = completions.next(REST);
        if (unexpected != null) {
            throw new CommandFailedException("a " + unexpected.operation() + " completed where nothing was expected");
        }
    }

    /** Requires that the peer ends the connection with this Terminate. */
    void requireRefusedThere(String terminate) throws CommandFailedException, InterruptedException {
        AsyncEvent event = awaitEvent();
        Expect.equal("the event", AsyncEvent.Kind.TERMINATE_RECEIVED, event.kind());
        Expect.equal(
                "the Terminate received", terminate, event.cause().terminate().triple());
    }

    AsyncEvent awaitEvent() throws CommandFailedException, InterruptedException {
        AsyncEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new CommandFailedException("no event came within " + PATIENCE.toSeconds() + " s");
        }
        return event;
    }

    /** Waits until the connection has ended, and returns all that this end was told since the last answer. */
    Ending ending() throws Exception {
        FailureCause cause = queuePair.connection().closed().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        List<AsyncEvent> told = new ArrayList<>();
        AsyncEvent first = events.poll(EVENT.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            told.add(first);
        }
        List<WorkCompletion> all = new ArrayList<>();
        for (WorkCompletion next = completions.next(QUIET); next != null; next = completions.next(QUIET)) {
            all.add(next);
        }
        events.drainTo(told);
        return new Ending(cause, all, told);
    }

    /** Ends the connection in good order where there still is one, and requires that it ended so. */
    void disconnect() throws CommandFailedException, InterruptedException {
        Expect.equal("closed in good order", true, queuePair.disconnect(END));
    }

    /** Closes the device, and with it the connection and the memory of the case. */
    @Override
    public void close() {
        device.close();
    }
}
