package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which requests take effect and complete (RFC 5040 section 5.5 and appendix B). */
@Tag("tcp")
@Timeout(30)
class OrderingTest {
    private static final int LONG = 8 << 20;

    private final SendRequest request = new SendRequest();

    @Test
    @ConnectedPair
    @Requirement({"RDMAP-5.5-15", "RDMAP-5.5-18"})
    void completesASendBehindALongReadAfterIt(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.server(), LONG);
        TestMemory sink = TestMemory.open(pair.client(), LONG);
        pair.server().postEmptyReceive(1);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.read(source.region().remote()).id(1).local(sink.region(), 0, LONG))
                .orThrow();
        client.postSend(request.send().id(2)).orThrow();
        // The Send may arrive while the Read Response is under way, but its completion has to wait.
        WorkCompletion first = pair.client().awaitSendSuccess();
        assertThat(first.id()).isEqualTo(1);
        assertThat(sink.octets()).isEqualTo(source.octets());
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(2);
        pair.server().awaitReceiveSuccess();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    @Requirement({"RDMAP-5.5-20", "RDMAP-6.1-04", "VRB-QP-08", "RDMAP-5.2.2-03", "SEC-6.4.3.3-02"})
    void completesMoreReadsThanMayBeOutstandingInOrder(int depth) {
        PairOptions options =
                PairOptions.defaults().withParameters(parameters -> parameters.withReadDepths(depth, depth));
        try (DevicePair pair = DevicePair.open(options)) {
            TestMemory source = TestMemory.pattern(pair.server(), 4096);
            TestMemory sink = TestMemory.open(pair.client(), 4096);
            for (int i = 0; i < 100; i++) {
                // Long and short ones in turn, so that an answer out of order would be noticed.
                int length = i % 2 == 0 ? 4096 : 1;
                pair.client()
                        .queuePair()
                        .postSend(request.read(source.region().remote(0, length))
                                .id(i)
                                .local(sink.region(), 0, length))
                        .orThrow();
            }
            for (int i = 0; i < 100; i++) {
                WorkCompletion read = pair.client().awaitSendSuccess();
                assertThat(read.id()).isEqualTo(i);
                assertThat(read.operation()).isEqualTo(CompletedOperation.READ);
                assertThat(pair.client().queuePair().query().outboundReads()).isLessThanOrEqualTo(depth);
            }
        }
    }

    @Test
    @ConnectedPair
    @Requirement("VRB-MO-04")
    void readsOldOctetsBeforeAFencedWriteChangesThem(DevicePair pair) {
        TestMemory target = TestMemory.pattern(pair.server(), LONG);
        byte[] old = target.octets();
        TestMemory sink = TestMemory.open(pair.client(), LONG);
        TestMemory fresh = TestMemory.open(pair.client(), LONG);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.read(target.region().remote()).id(1).local(sink.region(), 0, LONG))
                .orThrow();
        client.postSend(request.write(target.region().remote())
                        .id(2)
                        .readFence(true)
                        .local(fresh.region(), 0, LONG))
                .orThrow();
        client.postSend(request.read(target.region().remote()).id(3).local(fresh.region(), 0, LONG))
                .orThrow();
        for (int i = 1; i <= 3; i++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
        }
        assertThat(sink.octets()).isEqualTo(old);
        assertThat(target.octets()).isEqualTo(new byte[LONG]);
    }

    @Test
    @ConnectedPair
    @Requirement("RDMAP-5.5-11")
    void readsBackWhatWasJustWritten(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 50_000);
        TestMemory target = TestMemory.open(pair.server(), 50_000);
        TestMemory sink = TestMemory.open(pair.client(), 50_000);
        QueuePair client = pair.client().queuePair();
        for (int round = 0; round < 50; round++) {
            source.buffer().put(round, (byte) round);
            client.postSend(request.write(target.region().remote())
                            .signaled(false)
                            .local(source.region(), 0, 50_000))
                    .orThrow();
            client.postSend(request.read(target.region().remote()).local(sink.region(), 0, 50_000))
                    .orThrow();
            pair.client().awaitSendSuccess();
            assertThat(sink.octets()).isEqualTo(source.octets());
        }
    }

    @Test
    @ConnectedPair
    @Requirement({"RDMAP-5.3-05", "DDP-5.3-06", "RDMAP-5.3-02", "RDMAP-5.5-09"})
    void receivesInTheOrderOfSending(DevicePair pair) {
        TestMemory source = TestMemory.pattern(pair.client(), 1000);
        TestMemory inbox = TestMemory.open(pair.server(), 1000);
        for (int i = 0; i < 100; i++) {
            pair.server().postReceive(i, inbox.region());
        }
        for (int i = 0; i < 100; i++) {
            pair.client()
                    .queuePair()
                    .postSend(request.send().id(i).local(source.region(), 0, (i * 37) % 1000))
                    .orThrow();
        }
        for (int i = 0; i < 100; i++) {
            WorkCompletion received = pair.server().awaitReceiveSuccess();
            assertThat(received.id()).isEqualTo(i);
            assertThat(received.lengthOctets()).isEqualTo((i * 37) % 1000);
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
        }
    }

    @Test
    void failsAReadWhenNoneMayBeOutstanding() {
        PairOptions options = PairOptions.defaults().withParameters(parameters -> parameters.withReadDepths(0, 0));
        try (DevicePair pair = DevicePair.open(options)) {
            TestMemory source = TestMemory.pattern(pair.server(), 8);
            TestMemory sink = TestMemory.open(pair.client(), 8);
            pair.client()
                    .queuePair()
                    .postSend(request.read(source.region().remote()).id(3).local(sink.region(), 0, 8))
                    .orThrow();
            WorkCompletion failed = pair.client().awaitSend();
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.ZERO_READ_RESOURCES);
            assertThat(failed.cause().check()).isEqualTo(FailedCheck.OUTBOUND_READ_DEPTH);
        }
    }

    @Test
    @ConnectedPair
    @Requirement({"RDMAP-5.5-02", "DDP-6.1-01"})
    void doesNotStallWhenBothEndsReadALot(DevicePair pair) {
        TestMemory clientSource = TestMemory.pattern(pair.client(), LONG);
        TestMemory serverSource = TestMemory.pattern(pair.server(), LONG);
        TestMemory clientSink = TestMemory.open(pair.client(), LONG);
        TestMemory serverSink = TestMemory.open(pair.server(), LONG);
        pair.client()
                .queuePair()
                .postSend(request.write(serverSource.region().remote(0, 0)))
                .orThrow();
        pair.client().awaitSendSuccess();
        for (int i = 0; i < 20; i++) {
            pair.client()
                    .queuePair()
                    .postSend(request.read(serverSource.region().remote()).local(clientSink.region(), 0, LONG))
                    .orThrow();
            pair.server()
                    .queuePair()
                    .postSend(request.read(clientSource.region().remote()).local(serverSink.region(), 0, LONG))
                    .orThrow();
        }
        for (int i = 0; i < 20; i++) {
            pair.client().awaitSendSuccess();
            pair.server().awaitSendSuccess();
        }
        assertThat(clientSink.octets()).isEqualTo(serverSource.octets());
        assertThat(serverSink.octets()).isEqualTo(clientSource.octets());
    }

    @Test
    @ConnectedPair
    @ExpectBadEvents
    @Requirement("VRB-QP-08")
    void lowersItsOwnReadDepth(DevicePair pair) {
        QueuePair client = pair.client().queuePair();
        client.lowerOutboundReadDepth(1);
        assertThat(client.query().outboundReadDepth()).isEqualTo(1);
        TestMemory source = TestMemory.pattern(pair.server(), 64);
        TestMemory sink = TestMemory.open(pair.client(), 64);
        for (int i = 0; i < 10; i++) {
            client.postSend(request.read(source.region().remote()).id(i).local(sink.region(), 0, 64))
                    .orThrow();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
        }
        assertThatThrownBy(() -> client.lowerOutboundReadDepth(2)).isInstanceOf(IllegalArgumentException.class);
        client.abort();
        pair.client().awaitState(QueuePairState.ERROR);
        assertThatThrownBy(() -> client.lowerOutboundReadDepth(0)).isInstanceOf(IllegalStateException.class);
        pair.server().awaitState(QueuePairState.ERROR);
    }

    /** It was forgotten by the next connection. */
    @Test
    @ConnectedPair
    @Requirement("VRB-QP-08")
    void keepsTheReadDepthThatWasLoweredInIdle(DevicePair pair) {
        PairLink link = new PairLink(pair.newClientEnd(), pair.newServerEnd());
        link.client().queuePair().lowerOutboundReadDepth(3);
        link.server().queuePair().lowerOutboundReadDepth(2);
        pair.connect(link);
        assertThat(link.client().queuePair().query().outboundReadDepth()).isEqualTo(3);
        assertThat(link.client().connection().agreement().outboundReadDepth()).isEqualTo(3);
        assertThat(link.server().queuePair().query().outboundReadDepth()).isEqualTo(2);
    }
}
