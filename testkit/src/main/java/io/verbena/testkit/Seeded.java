package io.verbena.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test once for each of several seeds. The method takes a {@code long} (the seed) or a
 * {@link java.util.SplittableRandom} made from it.
 *
 * <p>A failure says the one command that replays it: {@code -Dverbena.seed=0x...} runs that seed alone, and
 * {@code -Dverbena.seeds=N} runs N seeds instead of {@link #count()}.
 */
@Documented
@TestTemplate
@ExtendWith(SeededExtension.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Seeded {
    /** Returns how many seeds a normal run tries. */
    int count() default 10;
}
