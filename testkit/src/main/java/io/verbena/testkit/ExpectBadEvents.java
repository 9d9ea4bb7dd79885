package io.verbena.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares which bad events a test, or all tests of a class, may see: {@link ForbidBadEvents} does not fail for those. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface ExpectBadEvents {
    /** Returns the kinds that are expected; by default all of them. */
    RecordedEvent.Kind[] value() default {
        RecordedEvent.Kind.ACCESS_REFUSED,
        RecordedEvent.Kind.ASYNC_EVENT,
        RecordedEvent.Kind.BUFFER_REFUSED,
        RecordedEvent.Kind.CONNECTION_CLOSED,
        RecordedEvent.Kind.CONNECTION_FAILED,
        RecordedEvent.Kind.FPDU_REJECTED,
        RecordedEvent.Kind.MESSAGE_DROPPED,
        RecordedEvent.Kind.SEND_QUEUE_DRAINED,
        RecordedEvent.Kind.TERMINATE
    };
}
