package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SYS-MEM-07: a memory request that fails under the anticipatory policy, the default, ends the queue pair. */
@Tag("tcp")
@Timeout(60)
class AnticipatoryPolicyTest {
    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement({"SYS-MEM-07", "VRB-WC-03"})
    void endsTheQueuePairWithTrafficInBothDirections(Way way) {
        try (RequestPair pair = RequestPair.open(way::apply)) {
            Traffic traffic = new Traffic(pair);
            traffic.start();
            List<WorkCompletion> sends = traffic.clientCompletions();
            assertThat(sends.subList(0, Traffic.BEFORE)).allMatch(AnticipatoryPolicyTest::doneOrFlushed);
            for (int i = 0; i < Traffic.RECEIVES; i++) {
                WorkCompletion receive = pair.client().awaitReceive();
                assertThat(receive.id()).isEqualTo(i);
                assertThat(doneOrFlushed(receive)).isTrue();
            }
            for (int i = 0; i < Traffic.SERVER_REQUESTS; i++) {
                assertThat(doneOrFlushed(pair.server().awaitSend())).isTrue();
            }
            pair.requireEnded();
            assertThat(pair.client().queuePair().sendQueueDrained()).isFalse();
            assertThat(pair.client().queuePair().query().cause().check()).isEqualTo(Traffic.CHECK);
            assertThat(pair.client().queuePair().query().terminate().triple()).isEqualTo("0/0/00");
            // VRB-AE-03: what a completion tells is no event.
            assertThat(pair.client().events()).isEmpty();
            assertThat(pair.server().awaitEvents(1))
                    .extracting(AsyncEvent::kind)
                    .containsExactly(AsyncEvent.Kind.TERMINATE_RECEIVED);
        }
    }

    private static boolean doneOrFlushed(WorkCompletion completion) {
        return completion.success() || completion.status() == WorkCompletionStatus.FLUSHED;
    }

    @Test
    @Requirement("SYS-MEM-07")
    void flushesReceivesThatNoMessageHasTaken() {
        try (RequestPair pair = RequestPair.open()) {
            pair.client().postEmptyReceive(31);
            MemoryRegion region = pair.allocate();
            FastRegistration stale = RequestPair.prepare(region, ByteBuffer.allocateDirect(8));
            pair.register(1, RequestPair.prepare(region, ByteBuffer.allocateDirect(8)));
            pair.client().post(pair.request().fastRegister(stale).id(Traffic.FAILING));
            WorkCompletion failed = pair.client().awaitSend();
            RequestPair.requireFailure(
                    failed, Traffic.FAILING, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            assertThat(failed.operation()).isEqualTo(CompletedOperation.FAST_REGISTER);
            assertThat(failed.cause().terminate().triple()).isEqualTo("0/0/00");
            WorkCompletion flushed = pair.client().awaitReceive();
            assertThat(flushed.id()).isEqualTo(31);
            assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(flushed.cause().startedByRequest()).isEqualTo(Traffic.FAILING);
            pair.requireEnded();
            // What is valid stays so: only the connection is over.
            assertThat(region.valid()).isTrue();
        }
    }

    /** The responder may send nothing before the peer's first message, not even a Terminate (RFC 5044 section 7.1.2). */
    @Test
    void breaksAConnectionOnWhichItMayNotSpeakYet() {
        try (RequestPair pair = RequestPair.open()) {
            var silent = pair.pair().newServerEnd();
            var client = pair.pair().newClientEnd();
            pair.pair().connect(new PairLink(client, silent));
            silent.post(pair.request().localInvalidate(0x7fff_ff01).id(9));
            RequestPair.requireFailure(
                    silent.awaitSend(), 9, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
            silent.awaitState(QueuePairState.ERROR);
            client.awaitState(QueuePairState.ERROR);
            assertThat(client.awaitEvents(1).get(0).kind()).isEqualTo(AsyncEvent.Kind.CONNECTION_RESET);
        }
    }
}
