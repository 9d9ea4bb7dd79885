/** The pages of {@code docs/verbs}: their examples run here, and here it is checked that the pages show them as they are. */
package io.verbena.testkit.verbs;
