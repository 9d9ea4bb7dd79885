/** Two devices in the simulated network: plain streams, segments out of order, and the tables that only they show. */
package io.verbena.testkit.simulated;
