/**
 * The part of the test kit that tests of every module need, also of those the rest of the kit stands on: the annotation
 * {@link io.verbena.testkit.Requirement}. It knows nothing but the JDK.
 */
package io.verbena.testkit;
