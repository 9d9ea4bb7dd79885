package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows that the peer revokes by a Send with Invalidate; what it may not revoke is in {@link InvalidateTest}. */
@Tag("tcp")
@Timeout(60)
class PeerInvalidateTest {
    private static final int NO_QUEUE_PAIR = -1;

    private static void revoke(RequestPair pair, PairEnd from, PairEnd to, int stag) {
        to.postEmptyReceive(5);
        from.post(pair.request().sendInvalidate(stag).id(6));
        WorkCompletion received = to.awaitReceiveSuccess();
        assertThat(received.id()).isEqualTo(5);
        assertThat(received.invalidated()).isTrue();
        assertThat(received.invalidatedStag()).isEqualTo(stag);
        from.awaitSendSuccess();
    }

    @ParameterizedTest
    @EnumSource(WindowType.class)
    @Requirement({"SYS-MEM-11", "VRB-MW-06"})
    void revokesAWindowOfEitherTypeAndLeavesItsRegionAlone(WindowType type) {
        try (RequestPair pair = RequestPair.open()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            MemoryWindow window = pair.client().allocateWindow(type);
            WindowBinding first = window.binding(ground.region(), 0, 50, AccessFlag.REMOTE_WRITE);
            WindowTest.bind(pair, pair.client(), first);
            pair.serverWrites(first.remote(), 50);
            revoke(pair, pair.server(), pair.client(), first.stag());
            assertThat(window.valid()).isFalse();
            assertThat(window.query().queuePairNumber()).isEqualTo(NO_QUEUE_PAIR);
            assertThat(ground.region().valid()).isTrue();
            assertThat(ground.region().query().boundWindows()).isZero();
            // It is free for another binding, and the STag that was revoked leads nowhere.
            WindowBinding second = window.binding(ground.region(), 50, 50, AccessFlag.REMOTE_WRITE);
            WindowTest.bind(pair, pair.client(), second);
            pair.serverWrites(second.remote(), 50);
            assertThat(ground.octets(50, 50)).isEqualTo(RequestPair.pattern(50));
            WindowTest.requireRefused(pair, first.remote(), "1/1/00", FailedCheck.TAG_INSTANCE);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-06"})
    void revokesAWindowOfTheDomainThatAnotherQueuePairHasBound() {
        try (RequestPair pair = RequestPair.open()) {
            PairLink other = pair.pair().connectAnother();
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            WindowBinding binding = pair.client()
                    .allocateWindow(WindowType.PROTECTION_DOMAIN)
                    .binding(ground.region(), 0, 100, AccessFlag.REMOTE_WRITE);
            WindowTest.bind(pair, other.client(), binding);
            pair.serverWrites(binding.remote(), 100);
            revoke(pair, pair.server(), pair.client(), binding.stag());
            assertThat(binding.window().valid()).isFalse();
            WindowTest.requireRefused(pair, binding.remote(), "1/1/00", FailedCheck.ENTRY_VALID);
        }
    }
}
