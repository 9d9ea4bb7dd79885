package io.verbena.benchmarks;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.mpa.FpduFramer;
import io.verbena.mpa.TransmitArena;
import io.verbena.transport.GatherList;
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

/** What it costs to put one FPDU around a tagged segment whose payload is gathered. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FramingBenchmark {
    private static final int GATHER_BUFFERS = 8;
    private static final int ARENA_OCTETS = 4096;

    /** Octets of payload. */
    @Param({"64", "1024", "64736"})
    public int payloadOctets;

    /** Whether CRC is in force. */
    @Param({"true", "false"})
    public boolean crc;

    private final GatherList gather = new GatherList(GATHER_BUFFERS);
    private final TransmitArena arena = new TransmitArena(ByteBuffer.allocateDirect(ARENA_OCTETS));
    private final TaggedHeader header = new TaggedHeader();
    private FpduFramer framer;
    private ByteBuffer payload;

    /** Makes the framer and the payload. */
    @Setup
    public void prepare() {
        framer = new FpduFramer(crc, false);
        payload = ByteBuffer.allocateDirect(payloadOctets);
    }

    /** Frames one segment; returns the octets that would be written. */
    @Benchmark
    public long frame() {
        gather.clear();
        framer.beginRound(arena, null, gather);
        int at = framer.begin(TaggedHeader.OCTETS, payloadOctets);
        header.wrap(framer.arena(), at)
                .control(DdpControl.encode(true, true))
                .ulpControl(0x40)
                .stag(0x12345678)
                .taggedOffset(0);
        framer.gather(payload);
        framer.end();
        framer.finishRound();
        return gather.remaining();
    }
}
