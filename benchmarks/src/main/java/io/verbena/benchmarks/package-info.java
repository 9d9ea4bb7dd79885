/**
 * Measurements. So far the parts only, with JMH; how to run them stands in {@code docs/building.md}. Whole runs beside raw TCP
 * and plain Netty come with the work on performance.
 */
package io.verbena.benchmarks;
