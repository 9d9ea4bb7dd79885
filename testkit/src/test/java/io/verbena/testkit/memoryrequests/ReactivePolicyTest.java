package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.RecordedEvent;
import io.verbena.testkit.RecordingEvents;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SYS-MEM-06: a memory request that fails under the reactive policy stops the send queue, and nothing else. */
@Tag("tcp")
@Timeout(60)
class ReactivePolicyTest {
    private static PairOptions reactive(PairOptions options) {
        return options.withQueuePairs(
                queuePair -> queuePair.withRegistrationFailurePolicy(RegistrationFailurePolicy.REACTIVE));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement("SYS-MEM-06")
    void stopsTheSendQueueOnlyAndPutsItBackToWork(Way way) {
        try (RequestPair pair = RequestPair.open(options -> reactive(way.apply(options)))) {
            PairEnd client = pair.client();
            QueuePair queuePair = client.queuePair();
            Traffic traffic = new Traffic(pair);
            traffic.start();
            assertThat(traffic.behind()).isEqualTo(Traffic.BEHIND);
            // Earlier requests of the send queue carry on.
            assertThat(traffic.clientCompletions().subList(0, Traffic.BEFORE)).allMatch(WorkCompletion::success);
            assertThat(queuePair.state()).isEqualTo(QueuePairState.RTS);
            assertThat(queuePair.sendQueueDrained()).isTrue();
            assertThat(queuePair.query().sendQueueDrained()).isTrue();
            assertThat(queuePair.query().cause()).isNull();
            client.post(pair.request().send().id(56).signaled(false));
            WorkCompletion late = client.awaitSend();
            assertThat(late.id()).isEqualTo(56);
            Traffic.requireFlushed(late);
            // So do receives, and the peer's Reads and Writes.
            for (int i = 0; i < Traffic.SERVER_REQUESTS; i++) {
                pair.server().awaitSendSuccess();
            }
            for (int i = 0; i < Traffic.RECEIVES; i++) {
                assertThat(client.awaitReceiveSuccess().id()).isEqualTo(i);
            }
            retry(pair, traffic);
        }
    }

    /** On the same connection the same binding works, once there is memory for it; no flushed Send has reached the server. */
    private static void retry(RequestPair pair, Traffic traffic) {
        PairEnd client = pair.client();
        ByteBuffer octets = RequestPair.filled(64);
        FastRegistration registration = traffic.empty.fastRegistration(
                List.of(octets.duplicate()),
                RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND)
                        .withStartAddress(traffic.binding.startAddress()));
        client.queuePair().resumeSendQueue();
        assertThat(client.queuePair().sendQueueDrained()).isFalse();
        ByteBuffer told = ByteBuffer.allocateDirect(RemoteRegion.ENCODED_OCTETS);
        pair.server().postReceive(1, pair.server().register(told.duplicate()));
        client.post(pair.request().fastRegister(registration).id(60));
        client.post(pair.request().bindWindow(traffic.binding).id(Traffic.FAILING));
        client.post(pair.request()
                .send()
                .id(62)
                .inline(ByteBuffer.wrap(traffic.binding.remote().encode())));
        assertThat(client.awaitSendSuccess().id()).isEqualTo(60);
        assertThat(client.awaitSendSuccess().id()).isEqualTo(Traffic.FAILING);
        assertThat(client.awaitSendSuccess().id()).isEqualTo(62);
        assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(RemoteRegion.ENCODED_OCTETS);
        pair.serverWrites(RemoteRegion.decode(told), 64);
        assertThat(RequestPair.octets(octets, 0, 64)).isEqualTo(RequestPair.pattern(64));
    }

    /** A registration that is refused because its region is valid. */
    private static FastRegistration refused(RequestPair pair) {
        MemoryRegion region = pair.allocate();
        FastRegistration refused = RequestPair.prepare(region, ByteBuffer.allocateDirect(8));
        // The newer one first: the older is stale then, for good.
        pair.register(1, RequestPair.prepare(region, ByteBuffer.allocateDirect(8)));
        return refused;
    }

    private static void drain(RequestPair pair, FastRegistration refused) {
        pair.client().post(pair.request().fastRegister(refused).id(Traffic.FAILING));
        assertThat(pair.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
        assertThat(pair.client().queuePair().sendQueueDrained()).isTrue();
    }

    @Test
    @Requirement("SYS-MEM-06")
    void drainsAsOftenAsRequestsFail() {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            FastRegistration refused = refused(pair);
            for (int i = 0; i < 3; i++) {
                drain(pair, refused);
                pair.client().queuePair().resumeSendQueue();
                pair.proveDelivery(pair.client(), pair.server());
            }
        }
    }

    @Test
    @Requirement("SYS-MEM-06")
    void takesLocalInvalidatesAndCombinedRequestsAsRegistrations() {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            FastRegistration refused = refused(pair);
            pair.client().post(pair.request().localInvalidate(0x7fff_ff01).id(3));
            RequestPair.requireFailure(
                    pair.client().awaitSend(), 3, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
            assertThat(pair.client().queuePair().sendQueueDrained()).isTrue();
            pair.client().queuePair().resumeSendQueue();
            pair.client().post(pair.request().send().exposing(refused).id(4));
            pair.client().post(pair.request().send().id(5));
            RequestPair.requireFailure(
                    pair.client().awaitSend(), 4, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            assertThat(pair.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            pair.client().queuePair().resumeSendQueue();
            // Neither Send has used up the receive of this one.
            pair.proveDelivery(pair.client(), pair.server());
        }
    }

    /**
     * Completions come in order, so behind a Read that the peer leaves unanswered there is room for so many flushed requests only:
     * the others are still on the send queue when the application resumes, and are flushed all the same.
     */
    @Test
    @Requirement("SYS-MEM-06")
    void aResumeLetsGoOnlyWhatIsPostedBehindIt() throws Exception {
        int depth = 4;
        PairOptions options =
                reactive(PairOptions.defaults()).withQueuePairs(queuePair -> queuePair.withDepths(depth, depth));
        try (DevicePair pair = DevicePair.open(options);
                RawPeer peer = RawPeer.connect(pair.listener().localAddress())) {
            PairEnd end = pair.newServerEnd();
            peer.sendRequest(RawStartup.request());
            pair.listener()
                    .nextRequest(SystemDeadline.USUAL)
                    .accept(end.queuePair(), pair.options().serverParameters());
            peer.expectReply();
            peer.sendFpdu(RawSegment.write(0, 0, new byte[0]));
            MemoryRegion sink = end.register(8);
            SendRequest request = new SendRequest();
            end.post(request.read(0x1234, 0).id(1).local(sink, 0, 8));
            end.post(request.localInvalidate(0x7fff_ff01).id(2));
            int last = 2 * depth + 2;
            for (int id = 3; id <= last; id++) {
                request.send().id(id);
                // A slot is free as soon as its request is flushed, though its completion waits.
                end.await("a free slot", () -> end.queuePair().postSend(request) == PostResult.POSTED);
            }
            end.await("two that wait", () -> end.queuePair().querySendQueue().waiting() == 2);
            end.queuePair().resumeSendQueue();
            end.post(request.send().id(last + 1));
            assertThat(peer.expectFpdu().opcode()).isEqualTo(1);
            peer.sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress(), new byte[8]));
            assertThat(end.awaitSendSuccess().id()).isEqualTo(1);
            assertThat(end.awaitSend().status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
            for (int id = 3; id <= last; id++) {
                WorkCompletion flushed = end.awaitSend();
                assertThat(flushed.id()).isEqualTo(id);
                assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
                assertThat(flushed.cause().startedByRequest()).isEqualTo(2);
            }
            assertThat(end.awaitSendSuccess().id()).isEqualTo(last + 1);
            assertThat(peer.expectFpdu().msn()).isEqualTo(1);
        }
    }

    @Test
    @Requirement("SYS-MEM-06")
    void disconnectsInGoodOrderWhileDrained() throws Exception {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            drain(pair, refused(pair));
            pair.client().post(pair.request().send().id(6));
            assertThat(pair.client().queuePair().disconnect(Duration.ofSeconds(10)))
                    .isTrue();
            assertThat(pair.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.IDLE);
            pair.server().awaitState(QueuePairState.IDLE);
        }
    }

    @Test
    @Requirement("SYS-MEM-06")
    void letsThePeerDisconnectInGoodOrderWhileDrained() throws Exception {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            drain(pair, refused(pair));
            assertThat(pair.server().queuePair().disconnect(Duration.ofSeconds(10)))
                    .isTrue();
            pair.client().awaitState(QueuePairState.IDLE);
        }
    }

    @Test
    @Requirement("SYS-MEM-06")
    void forgetsTheDrainWithTheConnection() {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            drain(pair, refused(pair));
            PairEnd client = pair.client();
            client.post(pair.request().send().id(6));
            client.awaitSend();
            client.queuePair().abort();
            pair.server().awaitState(QueuePairState.ERROR);
            assertThat(client.queuePair().sendQueueDrained()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> client.queuePair().resumeSendQueue())
                    .withMessageContaining("ERROR")
                    .withMessageContaining("RTS");
            client.queuePair().modify(QueuePairState.IDLE);
            pair.server().queuePair().modify(QueuePairState.IDLE);
            pair.pair().connect(new PairLink(client, pair.server()));
            pair.proveDelivery(client, pair.server());
        }
    }

    @Test
    void resumesNothingThatIsNotDrained() {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            pair.client().queuePair().resumeSendQueue();
            assertThat(pair.client().queuePair().sendQueueDrained()).isFalse();
            pair.proveDelivery(pair.client(), pair.server());
        }
    }

    @Test
    @Requirement({"SYS-MEM-06", "VRB-WC-03"})
    void stillEndsWithATerminateWhenSomethingElseFails() {
        try (RequestPair pair = RequestPair.open(ReactivePolicyTest::reactive)) {
            drain(pair, refused(pair));
            pair.client().queuePair().resumeSendQueue();
            // The policy is about memory requests: a Send whose own octets are not there ends the queue pair.
            pair.client().post(pair.request().send().id(7).local(0x7fff_ff01, 0, 8));
            RequestPair.requireFailure(
                    pair.client().awaitSend(), 7, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
            pair.requireEnded();
        }
    }

    @Test
    void tellsListeners() throws Exception {
        RecordingEvents events = new RecordingEvents();
        try (RequestPair pair =
                RequestPair.open(options -> reactive(options).withListeners(events, new RecordingEvents()))) {
            drain(pair, refused(pair));
            pair.client().queuePair().resumeSendQueue();
            FailureCause cause =
                    events.await(RecordedEvent.Kind.SEND_QUEUE_DRAINED).detail(FailureCause.class);
            assertThat(cause.startedByRequest()).isEqualTo(Traffic.FAILING);
            assertThat(events.all(RecordedEvent.Kind.SEND_QUEUE_RESUMED)).hasSize(1);
            assertThat(events.all(RecordedEvent.Kind.FAST_REGISTERED)).hasSize(1);
        }
    }
}
