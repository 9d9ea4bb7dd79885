package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Completions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A device with one connection to the peer: orders go out, answers come back.
 *
 * <p>Thread rule: one thread.
 */
final class Conversation implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(10);
    private static final int RECEIVES = 4;
    private static final int DEPTH = 64;

    private final Device device;
    private final ProtectionDomain domain;
    private final Completions completions;
    private final QueuePair queuePair;
    private final ByteBuffer messages = ByteBuffer.allocateDirect(RECEIVES * Answer.ENCODED_OCTETS);
    private final MemoryRegion messageRegion;
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final BlockingQueue<AsyncEvent> events = new LinkedBlockingQueue<>();

    private Conversation(DeviceOptions options) {
        device = Device.open(options);
        device.onAsyncEvent(events::add);
        domain = device.allocateProtectionDomain();
        completions = new Completions(device, DEPTH + RECEIVES);
        queuePair = domain.createQueuePair(QueuePairOptions.with(completions.queue())
                .withDepths(DEPTH, RECEIVES)
                .withFastRegister(true));
        messageRegion = domain.register(messages.duplicate(), AccessFlag.LOCAL_WRITE);
        for (int slot = 0; slot < RECEIVES; slot++) {
            postReceive(slot);
        }
    }

    static Conversation begin(Meeting meeting) throws Exception {
        return begin(meeting, DeviceOptions.WindowLifetime.UNTIL_INVALIDATED);
    }

    /** Opens a device whose windows live so long, and connects it. */
    static Conversation begin(Meeting meeting, DeviceOptions.WindowLifetime lifetime) throws Exception {
        Conversation conversation = new Conversation(DeviceOptions.defaults().withWindowLifetime(lifetime));
        try {
            meeting.connect(conversation.device, conversation.queuePair);
            Expect.equal(
                    "CRC in use",
                    meeting.crc(),
                    conversation.queuePair.connection().agreement().crc());
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

    private Answer awaitAnswer() throws CommandFailedException, InterruptedException {
        WorkCompletion received = completions.expect(CompletedOperation.RECEIVE, PATIENCE);
        Expect.equal("octets of an answer", (long) Answer.ENCODED_OCTETS, received.lengthOctets());
        int slot = (int) received.id();
        int revoked = received.invalidated() ? received.invalidatedStag() : 0;
        Answer answer = Answer.decode(messages, slot * Answer.ENCODED_OCTETS, revoked);
        postReceive(slot);
        Expect.equal("octets that the peer found different", 0, answer.differences());
        return answer;
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

    /** Requires that the peer ends the connection with this Terminate. */
    void requireRefusedThere(String terminate) throws CommandFailedException, InterruptedException {
        AsyncEvent event = awaitEvent();
        Expect.equal("the event", AsyncEvent.Kind.TERMINATE_RECEIVED, event.kind());
        Expect.equal(
                "the Terminate received", terminate, event.cause().terminate().triple());
    }

    private AsyncEvent awaitEvent() throws CommandFailedException, InterruptedException {
        AsyncEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (event == null) {
            throw new CommandFailedException("no event came within " + PATIENCE.toSeconds() + " s");
        }
        return event;
    }

    private void postReceive(int slot) {
        receive.receive(slot).local(messageRegion, (long) slot * Answer.ENCODED_OCTETS, Answer.ENCODED_OCTETS);
        queuePair.postReceive(receive).orThrow();
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
