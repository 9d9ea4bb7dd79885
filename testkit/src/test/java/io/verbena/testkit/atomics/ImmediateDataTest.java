package io.verbena.testkit.atomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.Notify;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Immediate Data: what the receiver's application gets, in which order, and what it costs. */
@Tag("tcp")
@Timeout(30)
class ImmediateDataTest {
    private static final long VALUE = 0x8877665544332211L;

    private final SendRequest request = new SendRequest();

    @ParameterizedTest
    @CsvSource({
        "VALIDATED, false, false",
        "EAGER, false, false",
        "DIRECT, false, false",
        "VALIDATED, true, false",
        "DIRECT, true, false",
        "VALIDATED, false, true"
    })
    @Requirement({"EXT-6.1-01", "EXT-6.3-02", "EXT-6.3-03", "EXT-6.4-01"})
    void comesInOrderAmongSendsAndUsesUpAReceiveEach(PlacementMode mode, boolean callerDriven, boolean markers) {
        PairOptions options = PairOptions.defaults().withPlacement(mode).withMarkers(markers, markers);
        try (DevicePair pair = DevicePair.open(callerDriven ? options.withCallerDrivenProgress() : options)) {
            ByteBuffer octets = ByteBuffer.allocateDirect(64);
            MemoryRegion inbox = pair.server().register(octets.duplicate());
            MemoryRegion source = pair.client().register(ByteBuffer.allocateDirect(64));
            QueuePair client = pair.client().queuePair();
            for (int i = 0; i < 60; i++) {
                pair.server().postReceive(i, inbox);
            }
            for (int i = 0; i < 60; i++) {
                SendRequest next = switch (i % 3) {
                    case 0 -> request.immediate(VALUE + i);
                    case 1 -> request.send().local(source, 0, i);
                    default -> request.immediateSolicited(VALUE + i);
                };
                client.postSend(next.id(100 + i)).orThrow();
            }
            for (int i = 0; i < 60; i++) {
                WorkCompletion received = pair.server().awaitReceiveSuccess();
                assertThat(received.id()).isEqualTo(i);
                assertThat(received.operation()).isEqualTo(CompletedOperation.RECEIVE);
                assertThat(received.hasImmediate()).isEqualTo(i % 3 != 1);
                assertThat(received.solicited()).isEqualTo(i % 3 == 2);
                assertThat(received.invalidated()).isFalse();
                assertThat(received.lengthOctets()).isEqualTo(i % 3 == 1 ? i : 0);
                if (received.hasImmediate()) {
                    assertThat(received.immediateData()).isEqualTo(VALUE + i);
                }
                WorkCompletion sent = pair.client().awaitSendSuccess();
                assertThat(sent.id()).isEqualTo(100 + i);
                assertThat(sent.operation())
                        .isEqualTo(i % 3 == 1 ? CompletedOperation.SEND : CompletedOperation.IMMEDIATE);
            }
            assertThat(octets).isEqualTo(ByteBuffer.allocate(64));
            assertThat(pair.server().queuePair().query().receiveBusy()).isZero();
        }
    }

    /** Together with a Write in front of it this is what other fabrics call Write with Immediate. */
    @ParameterizedTest
    @CsvSource({"VALIDATED", "EAGER", "DIRECT"})
    @Requirement("EXT-6.4-01")
    void tellsThatTheWriteBeforeItIsThere(PlacementMode mode) {
        int length = 20_000;
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withPlacement(mode))) {
            ByteBuffer sourceMemory = ByteBuffer.allocateDirect(length);
            Counter target = Counter.open(pair.server(), length);
            MemoryRegion source = pair.client().register(sourceMemory.duplicate());
            for (int i = 1; i <= 50; i++) {
                for (int j = 0; j < length; j += 997) {
                    sourceMemory.put(j, (byte) i);
                }
                sourceMemory.put(length - 1, (byte) i);
                pair.server().postEmptyReceive(i);
                pair.client()
                        .queuePair()
                        .postSend(request.write(target.stag(), target.at(0))
                                .signaled(false)
                                .local(source, 0, length))
                        .orThrow();
                pair.client().queuePair().postSend(request.immediate(i)).orThrow();
                assertThat(pair.server().awaitReceiveSuccess().immediateData()).isEqualTo(i);
                assertThat(target.memory().get(0)).isEqualTo((byte) i);
                assertThat(target.memory().get(length - 1)).isEqualTo((byte) i);
                pair.client().awaitSendSuccess();
            }
        }
    }

    @Test
    @ConnectedPair
    @Requirement({"EXT-6.1-01", "VRB-CQ-09"})
    void wakesWhoWaitsForSolicitedCompletionsOnlyIfItIsOne(DevicePair pair) throws Exception {
        for (int i = 0; i < 2; i++) {
            pair.server().postEmptyReceive(i);
        }
        pair.server().receiveCompletions().arm(Notify.SOLICITED);
        pair.client().queuePair().postSend(request.immediate(1)).orThrow();
        assertThat(pair.server().awaitReceiveSuccess().immediateData()).isEqualTo(1);
        assertThat(pair.server().channel().await(Duration.ZERO)).isNull();
        pair.client().queuePair().postSend(request.immediateSolicited(2)).orThrow();
        assertThat(pair.server().channel().await(Duration.ofSeconds(10)))
                .isSameAs(pair.server().receiveCompletions());
        assertThat(pair.server().awaitReceiveSuccess().immediateData()).isEqualTo(2);
    }

    /** The receive's memory is not looked at, not even whether it may be written. */
    @Test
    @ConnectedPair
    @Requirement("EXT-6.3-02")
    void doesNotLookAtTheMemoryOfTheReceive(DevicePair pair) {
        pair.server()
                .queuePair()
                .postReceive(new ReceiveRequest().receive(5).local(0x7777_7700, 0, 100))
                .orThrow();
        pair.client().queuePair().postSend(request.immediate(VALUE)).orThrow();
        WorkCompletion received = pair.server().awaitReceiveSuccess();
        assertThat(received.id()).isEqualTo(5);
        assertThat(received.immediateData()).isEqualTo(VALUE);
    }

    @Test
    @ConnectedPair
    @ExpectBadEvents
    @Requirement({"EXT-6.1-02", "EXT-6.4-01"})
    void needsAReceive(DevicePair pair) {
        pair.client().queuePair().postSend(request.immediate(VALUE)).orThrow();
        assertThat(pair.server().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.NO_RECEIVE_POSTED);
        pair.client().awaitEvents(1);
        assertThat(pair.client().queuePair().query().terminate().triple()).isEqualTo("1/2/02");
    }

    @Test
    @ConnectedPair
    void waitsBehindAReadFence(DevicePair pair) {
        Counter target = Counter.open(pair.server(), 8);
        Counter sink = Counter.open(pair.client(), 8);
        pair.server().postEmptyReceive(1);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.fetchAdd(target.stag(), target.at(0), 1).id(1).local(sink.region(), 0, 8))
                .orThrow();
        client.postSend(request.immediate(VALUE).id(2).readFence(true)).orThrow();
        pair.server().awaitReceiveSuccess();
        assertThat(target.value(0)).isOne();
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(1);
        WorkCompletion fenced = pair.client().awaitSendSuccess();
        assertThat(fenced.id()).isEqualTo(2);
        assertThat(fenced.status()).isEqualTo(WorkCompletionStatus.SUCCESS);
    }
}
