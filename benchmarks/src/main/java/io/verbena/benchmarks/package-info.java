/**
 * Measurements, always beside raw TCP in the same run.
 */
package io.verbena.benchmarks;
