package io.verbena.testkit;

/**
 * One event as {@link RecordingEvents} saw it. Immutable.
 *
 * @param kind which event
 * @param device name of the device
 * @param queuePairNumber the queue pair it is about, or -1
 * @param detail what came with it: a {@code FailureCause}, {@code TerminateInformation}, {@code Connection},
 *     {@code AsyncEvent}, {@code Throwable}, {@code QueuePairState} (the new one), {@code WorkCompletionStatus}, an STag, or null
 * @param text the event in one line, for failure messages
 */
public record RecordedEvent(Kind kind, String device, int queuePairNumber, Object detail, String text) {
    /** The events of {@code StackEvents}. */
    public enum Kind {
        DEVICE_OPENED,
        DEVICE_CLOSED,
        CONNECTION_STARTED,
        CONNECTION_ESTABLISHED,
        CONNECTION_FAILED,
        CONNECTION_CLOSED,
        STARTUP_FRAME,
        QUEUE_PAIR_CREATED,
        QUEUE_PAIR_DESTROYED,
        STATE_CHANGED,
        SEGMENT,
        FPDU_REJECTED,
        ACCESS_REFUSED,
        TERMINATE,
        COMPLETION,
        REGION_REGISTERED,
        REGION_DEREGISTERED,
        FAST_REGISTERED,
        WINDOW_ALLOCATED,
        WINDOW_BOUND,
        WINDOW_FREED,
        INVALIDATED,
        SEND_QUEUE_DRAINED,
        SEND_QUEUE_RESUMED,
        COMPLETION_QUEUE_CREATED,
        COMPLETION_QUEUE_DESTROYED,
        SHARED_RECEIVE_QUEUE_CREATED,
        SHARED_RECEIVE_QUEUE_DESTROYED,
        MESSAGE_DROPPED,
        CAPTURE_ENDED,
        STREAM_PAUSED,
        STREAM_RESUMED,
        BUFFER_WAIT,
        BUFFER_WAIT_END,
        INLINE_REFUSED,
        BUFFER_REFUSED,
        ASYNC_EVENT
    }

    /**
     * Returns the detail as a {@code type}.
     *
     * @throws ClassCastException if it is something else
     */
    public <T> T detail(Class<T> type) {
        return type.cast(detail);
    }

    @Override
    public String toString() {
        return device + (queuePairNumber < 0 ? "" : " qp " + queuePairNumber) + " " + kind + " " + text;
    }
}
