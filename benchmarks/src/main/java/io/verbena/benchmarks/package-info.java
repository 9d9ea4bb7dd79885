/**
 * Measurements of the parts, with JMH; how to run them stands in {@code docs/building.md}. Whole runs beside raw TCP and plain
 * Netty are in the packages below, and described in {@code docs/performance.md}.
 */
package io.verbena.benchmarks;
