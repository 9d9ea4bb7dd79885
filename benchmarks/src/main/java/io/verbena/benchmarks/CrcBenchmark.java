package io.verbena.benchmarks;

import io.verbena.mpa.FpduCrc;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the CRC of one FPDU costs, over direct memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CrcBenchmark {
    /** Octets that the CRC is taken over. */
    @Param({"16", "64", "1024", "64736"})
    public int octets;

    private final FpduCrc crc = new FpduCrc();
    private ByteBuffer memory;

    /** Makes the octets. */
    @Setup
    public void prepare() {
        memory = ByteBuffer.allocateDirect(octets);
    }

    /** In one piece; returns the CRC. */
    @Benchmark
    public int onePiece() {
        crc.reset();
        crc.update(memory, 0, octets);
        return crc.wireValue();
    }

    /** In two pieces, as header and payload are; returns the CRC. */
    @Benchmark
    public int twoPieces() {
        crc.reset();
        crc.update(memory, 0, 16);
        crc.update(memory, 16, octets - 16);
        return crc.wireValue();
    }
}
