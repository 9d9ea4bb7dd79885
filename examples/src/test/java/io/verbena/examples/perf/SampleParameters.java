package io.verbena.examples.perf;

/** Parameters for tests to begin from. */
final class SampleParameters {
    private SampleParameters() {}

    /** Returns a test that differs from the defaults in nearly all fields. */
    static PerfParameters unusual() {
        return new PerfParameters(
                PerfOperation.SEND,
                PerfMeasure.BANDWIDTH,
                true,
                true,
                true,
                true,
                true,
                100,
                7,
                9,
                11,
                256,
                3,
                2,
                5000,
                8192,
                1_500_000_000L,
                new RunLength(0, 12345));
    }
}
