/**
 * What tests need of two peers: connected pairs, a simulated network under virtual time, injected faults.
 */
package io.verbena.testkit;
