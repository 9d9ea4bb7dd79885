package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.PairEnd;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A window is withdrawn while its peer reads from it: what is served is served, the next Read is the last. */
@Tag("tcp")
@Timeout(60)
class WindowUnderReadsTest {
    private static final int OCTETS = 4096;
    private static final int READS = 32;

    /** How the window is withdrawn, and what the peer's Read finds then. */
    enum Withdrawal {
        INVALIDATED(WindowType.QUEUE_PAIR, FailedCheck.ENTRY_VALID),
        FREED(WindowType.QUEUE_PAIR, FailedCheck.ENTRY_VALID),
        BOUND_ELSEWHERE(WindowType.PROTECTION_DOMAIN, FailedCheck.TAG_INSTANCE);

        private final WindowType type;
        private final FailedCheck check;

        Withdrawal(WindowType type, FailedCheck check) {
            this.type = type;
            this.check = check;
        }
    }

    @ParameterizedTest
    @EnumSource(Withdrawal.class)
    @Requirement("SYS-MEM-11")
    void failsTheFirstReadThatComesTooLate(Withdrawal how) {
        try (RequestPair pair = RequestPair.open()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 2 * OCTETS);
            MemoryWindow window = pair.client().allocateWindow(how.type);
            WindowBinding binding = window.binding(ground.region(), 0, OCTETS, AccessFlag.REMOTE_READ);
            WindowTest.bind(pair, pair.client(), binding);
            PairEnd reader = pair.server();
            MemoryRegion sink = reader.register(OCTETS);
            SendBatch reads = new SendBatch();
            for (int i = 0; i < READS; i++) {
                reads.add().read(binding.remote()).id(i).local(sink, 0, OCTETS);
            }
            assertThat(reader.queuePair().postSend(reads)).isEqualTo(READS);
            assertThat(reader.awaitSendSuccess().id()).isZero();
            switch (how) {
                case INVALIDATED -> {
                    pair.client().post(pair.request().localInvalidate(binding.stag()));
                    pair.client().awaitSendSuccess();
                }
                case FREED -> window.close();
                case BOUND_ELSEWHERE ->
                    WindowTest.bind(
                            pair,
                            pair.client(),
                            window.binding(ground.region(), OCTETS, OCTETS, AccessFlag.REMOTE_READ));
            }
            // This one comes too late for certain. If another did before it, the queue pair takes it no more.
            boolean posted = reader.queuePair()
                    .postSend(pair.request().read(binding.remote()).id(READS).local(sink, 0, OCTETS))
                    .posted();
            int next = 1;
            WorkCompletion completion = reader.awaitSend();
            while (completion.success()) {
                assertThat(completion.id()).isEqualTo(next++);
                completion = reader.awaitSend();
            }
            assertThat(completion.id()).isEqualTo(next++);
            assertThat(completion.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
            while (next < (posted ? READS + 1 : READS)) {
                WorkCompletion flushed = reader.awaitSend();
                assertThat(flushed.id()).isEqualTo(next++);
                assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            }
            AsyncEvent event = pair.client().awaitEvents(1).get(0);
            assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.REMOTE_PROTECTION);
            assertThat(event.cause().check()).isEqualTo(how.check);
            assertThat(event.cause().stag()).isEqualTo(binding.stag());
            pair.client().awaitState(QueuePairState.ERROR);
            assertThat(ground.region().valid()).isTrue();
        }
    }
}
