package io.verbena.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rows of the requirements catalogue that a test shows, such as {@code "MPA-4.2-01"}, {@code "SYS-MEM-09"} or
 * {@code "VRB-CQ-07"}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Requirement {
    /** Returns the ids. */
    String[] value();
}
