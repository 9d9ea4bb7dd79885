/**
 * A seeded random walk over the memory verbs, compared step by step with a small model. Start at
 * {@link io.verbena.testkit.walk.ModelTag}: the rules, in plain Java.
 */
package io.verbena.testkit.walk;
