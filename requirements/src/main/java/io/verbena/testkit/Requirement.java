package io.verbena.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rows of the requirements catalogue that a test shows, such as {@code "MPA-4.2-01"}, {@code "SYS-MEM-09"} or
 * {@code "VRB-CQ-07"}.
 *
 * <p>A test may carry an id only if it fails when the rule is broken. On a class it holds for all its tests together. The
 * build fails on an id that the catalogue does not know.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Requirement {
    /** Returns the ids. */
    String[] value();
}
