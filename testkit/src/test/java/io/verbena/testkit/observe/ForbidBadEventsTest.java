package io.verbena.testkit.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.ForbidBadEvents;
import io.verbena.testkit.RecordedEvent;
import io.verbena.testkit.RecordedEvent.Kind;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtensionContext;

class ForbidBadEventsTest {
    private static final FailureCause CAUSE =
            FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CRC).build();

    private final Thread.UncaughtExceptionHandler handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
    private final ForbidBadEvents events = new ForbidBadEvents();

    @BeforeEach
    void begins(TestInfo test) {
        events.beforeEach(context(test));
    }

    @AfterEach
    void givesTheHandlerBack() {
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(handlerBefore);
    }

    @Test
    void passesIfNothingBadHappened() {
        events.listener().onStateChanged("d", 1, QueuePairState.IDLE, QueuePairState.RTS);
        events.listener().onConnectionClosed("d", 1, null);
        events.listener().onAsyncEvent("d", new AsyncEvent(AsyncEvent.Kind.CLOSE_COMPLETE, 1, -1, null));

        events.afterEach(null);

        assertThat(events.recorded().all())
                .extracting(RecordedEvent::kind)
                .containsExactly(Kind.STATE_CHANGED, Kind.CONNECTION_CLOSED, Kind.ASYNC_EVENT);
    }

    @Test
    void failsOnABadEventAndNamesIt() {
        events.listener().onFpduRejected("d", 7, CAUSE);

        assertThatThrownBy(() -> events.afterEach(null))
                .isInstanceOf(AssertionError.class)
                .hasMessage("unexpected events:\nd qp 7 FPDU_REJECTED CRC: " + CAUSE.message());
    }

    @Test
    void passesIfTheBadEventWasDeclaredWhileTheTestRan() {
        events.expect(Kind.CONNECTION_CLOSED);
        events.listener().onConnectionClosed("d", 7, CAUSE);

        events.afterEach(null);
    }

    @Test
    @ExpectBadEvents(Kind.ACCESS_REFUSED)
    void failsOnAnotherBadEventThanTheDeclaredOne() {
        events.listener().onAccessRefused("d", 7, CAUSE);
        events.listener().onAsyncEvent("d", new AsyncEvent(AsyncEvent.Kind.STREAM_INTEGRITY, 7, -1, CAUSE));

        assertThatThrownBy(() -> events.afterEach(null))
                .hasMessageContaining("ASYNC_EVENT STREAM_INTEGRITY")
                .hasMessageNotContaining("ACCESS_REFUSED");
    }

    @Test
    void failsOnAnExceptionThatNoThreadCaught() throws InterruptedException {
        Thread thread = new Thread(
                () -> {
                    throw new IllegalStateException("lost");
                },
                "loser");
        thread.start();
        thread.join(10_000);

        assertThatThrownBy(() -> events.afterEach(null))
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(lost -> assertThat(lost).hasMessage("uncaught in thread loser")));
    }

    @Test
    void aWaitThatIsInVainShowsWhatThereWas() {
        events.listener().onDeviceOpened("d");

        assertThatThrownBy(() -> events.recorded()
                        .await("Terminate", event -> event.kind() == Kind.TERMINATE, Duration.ofMillis(10)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("no Terminate within 10 ms; there was:\nd DEVICE_OPENED ");
        events.afterEach(null);
    }

    private static ExtensionContext context(TestInfo test) {
        return (ExtensionContext) Proxy.newProxyInstance(
                ExtensionContext.class.getClassLoader(),
                new Class<?>[] {ExtensionContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRequiredTestMethod" -> test.getTestMethod().orElseThrow();
                    case "getRequiredTestClass" -> test.getTestClass().orElseThrow();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
