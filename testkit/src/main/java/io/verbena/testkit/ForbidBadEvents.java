package io.verbena.testkit;

import io.verbena.testkit.RecordedEvent.Kind;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.observe.StackEvents;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test in which something bad happened that it did not declare: a rejected FPDU, a refused access, a Terminate, a
 * drained send queue, a failed or broken connection, an asynchronous event that is a failure, or an exception that no thread caught.
 *
 * <pre>{@code
 * @RegisterExtension
 * final ForbidBadEvents events = new ForbidBadEvents();
 *
 * Device device = Device.open(events.watch(DeviceOptions.defaults()));
 * }</pre>
 *
 * <p>What is expected is declared by {@link ExpectBadEvents}, or while the test runs by {@link #expect}. Everything is
 * recorded ({@link #recorded()}).
 *
 * <p>Thread rule: one test at a time, since uncaught exceptions are a matter of the whole JVM; the devices' threads report
 * as they like.
 */
public final class ForbidBadEvents implements BeforeEachCallback, AfterEachCallback {
    private final RecordingEvents recording = new RecordingEvents();
    private final Set<Kind> expected = Collections.synchronizedSet(EnumSet.noneOf(Kind.class));
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private Thread.UncaughtExceptionHandler handlerBefore;

    /** Returns the listener to give to devices. */
    public StackEvents listener() {
        return recording;
    }

    /** Returns a copy of {@code options} with the listener. */
    public DeviceOptions watch(DeviceOptions options) {
        return options.withListener(recording);
    }

    /** Returns what happened so far. */
    public RecordingEvents recorded() {
        return recording;
    }

    /** Declares that events of these kinds may happen in this test. */
    public ForbidBadEvents expect(Kind... kinds) {
        Collections.addAll(expected, kinds);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            uncaught.add(new AssertionError("uncaught in thread " + thread.getName(), failure));
        });
        Stream.of(context.getRequiredTestMethod(), context.getRequiredTestClass())
                .map(element -> element.getAnnotation(ExpectBadEvents.class))
                .filter(annotation -> annotation != null)
                .forEach(annotation -> expect(annotation.value()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
        List<RecordedEvent> bad = recording.matching(event -> isBad(event) && !expected.contains(event.kind()));
        if (bad.isEmpty() && uncaught.isEmpty()) {
            return;
        }
        String lines = bad.stream().map(RecordedEvent::toString).collect(Collectors.joining("\n"));
        AssertionError failure = new AssertionError("unexpected events:\n" + lines);
        uncaught.forEach(failure::addSuppressed);
        throw failure;
    }

    private static boolean isBad(RecordedEvent event) {
        return switch (event.kind()) {
            case ACCESS_REFUSED,
                    FPDU_REJECTED,
                    TERMINATE,
                    CONNECTION_FAILED,
                    SEND_QUEUE_DRAINED,
                    MESSAGE_DROPPED,
                    BUFFER_REFUSED,
                    CAPTURE_ENDED -> true;
            case CONNECTION_CLOSED -> event.detail() != null;
            case ASYNC_EVENT -> event.detail(AsyncEvent.class).kind() != AsyncEvent.Kind.CLOSE_COMPLETE;
            case DEVICE_OPENED,
                    BUFFER_WAIT,
                    BUFFER_WAIT_END,
                    INLINE_REFUSED,
                    DEVICE_CLOSED,
                    CONNECTION_STARTED,
                    CONNECTION_ESTABLISHED,
                    STARTUP_FRAME,
                    QUEUE_PAIR_CREATED,
                    QUEUE_PAIR_DESTROYED,
                    STATE_CHANGED,
                    SEGMENT,
                    COMPLETION,
                    REGION_REGISTERED,
                    REGION_DEREGISTERED,
                    FAST_REGISTERED,
                    WINDOW_ALLOCATED,
                    WINDOW_BOUND,
                    WINDOW_FREED,
                    INVALIDATED,
                    SEND_QUEUE_RESUMED,
                    COMPLETION_QUEUE_CREATED,
                    COMPLETION_QUEUE_DESTROYED,
                    STREAM_PAUSED,
                    STREAM_RESUMED,
                    SHARED_RECEIVE_QUEUE_CREATED,
                    SHARED_RECEIVE_QUEUE_DESTROYED -> false;
        };
    }
}
