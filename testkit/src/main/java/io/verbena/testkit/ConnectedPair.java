package io.verbena.testkit;

import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.cm.ReadyToReceive;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test a {@link DevicePair} as a parameter, connected over loopback TCP as this annotation says, and closes it after
 * the test: what is left behind then fails the test.
 *
 * <pre>{@code
 * @Test
 * void sends(@ConnectedPair DevicePair pair) { ... }
 *
 * @Test
 * @ConnectedPair(crc = false, callerDriven = true)
 * void sendsWithoutCrc(DevicePair pair) { ... }
 * }</pre>
 *
 * <p>What goes wrong on the devices while the test runs fails it, too, unless it is declared by {@link ExpectBadEvents}.
 *
 * <p>On a parameter it holds for that pair, on a method for all pairs of the method, on a class for all of its methods.
 */
@Documented
@ExtendWith(ConnectedPairExtension.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD, ElementType.TYPE})
public @interface ConnectedPair {
    /** Returns whether the ends ask for CRC. */
    boolean crc() default true;

    /** Returns whether there are markers in what the client sends. */
    boolean markersToServer() default false;

    /** Returns whether there are markers in what the server sends. */
    boolean markersToClient() default false;

    /** Returns the MPA revision. */
    int revision() default 2;

    /** Returns the opening messages of the peer-to-peer model; none for client-server. */
    ReadyToReceive[] readyToReceive() default {};

    /** Returns the placement mode; direct switches CRC off. */
    PlacementMode placement() default PlacementMode.VALIDATED;

    /** Returns whether the test's thread makes the devices progress. */
    boolean callerDriven() default false;

    /** Returns whether both queue pairs live on one device. */
    boolean oneDevice() default false;
}
