/** The raw peer checked against written-down octets and against itself, before anything else is checked against it. */
package io.verbena.testkit.raw;
