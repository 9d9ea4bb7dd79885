package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletionStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Binds and invalidates that ask for no completion get one only if they fail. */
@Tag("tcp")
@Timeout(30)
class UnsignaledMemoryRequestTest {

    @Test
    @Requirement({"VRB-PS-07", "VRB-WC-05"})
    void givesNoCompletionForSuccess() {
        try (RequestPair pair = RequestPair.open()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding first = window.binding(ground.region(), 0, 50, AccessFlag.REMOTE_WRITE);
            WindowBinding second = window.binding(ground.region(), 50, 50, AccessFlag.REMOTE_WRITE);
            pair.client().post(pair.request().bindWindow(first).id(1).signaled(false));
            pair.client()
                    .post(pair.request().localInvalidate(first.stag()).id(2).signaled(false));
            pair.client().post(pair.request().bindWindow(second).id(3));
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(3);
            assertThat(pair.client().sendCompletions().size()).isZero();
            pair.serverWrites(second.remote(), 50);
            assertThat(ground.octets(50, 50)).isEqualTo(RequestPair.pattern(50));
        }
    }

    @Test
    @Requirement({"VRB-PS-07", "VRB-WC-05"})
    void givesACompletionForFailure() {
        try (RequestPair pair = RequestPair.open(RegistrationFailurePolicy.REACTIVE)) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding outside = window.binding(ground.region(), 1, 100, AccessFlag.REMOTE_WRITE);
            pair.client().post(pair.request().bindWindow(outside).id(1).signaled(false));
            RequestPair.requireFailure(
                    pair.client().awaitSend(), 1, WorkCompletionStatus.LOCAL_BOUNDS, FailedCheck.BASE_AND_BOUNDS);
            pair.client().queuePair().resumeSendQueue();
            int stale = ground.region().stag() ^ 1;
            pair.client().post(pair.request().localInvalidate(stale).id(2).signaled(false));
            RequestPair.requireFailure(
                    pair.client().awaitSend(), 2, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            assertThat(ground.region().valid()).isTrue();
        }
    }
}
