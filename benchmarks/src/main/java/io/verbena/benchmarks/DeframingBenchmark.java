package io.verbena.benchmarks;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.FpduDeframer;
import io.verbena.mpa.MpaError;
import io.verbena.mpa.SegmentReceiver;
import io.verbena.mpa.StagingSource;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MarkerLayout;
import io.verbena.transport.StreamHandler;
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

/** What it costs to find and check one FPDU that has arrived whole, with a tagged segment in it that is placed nowhere. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeframingBenchmark {
    /** Octets of payload. */
    @Param({"64", "1024", "64736"})
    public int payloadOctets;

    /** Whether CRC is in force. */
    @Param({"true", "false"})
    public boolean crc;

    private final ByteBuffer[] targets = new ByteBuffer[StreamHandler.MAX_TARGETS];
    private final CountingReceiver receiver = new CountingReceiver();
    private FpduDeframer deframer;
    private int fpduOctets;

    /** Puts the FPDU to where a read would have brought it. */
    @Setup
    public void prepare() {
        ByteBuffer scratch = ByteBuffer.allocateDirect(MarkerLayout.MAX_FPDU_OCTETS);
        int ulpduOctets = TaggedHeader.OCTETS + payloadOctets;
        fpduOctets = FpduLayout.fpduOctets(ulpduOctets);
        FpduLayout.putUlpduLength(scratch, 0, ulpduOctets);
        new TaggedHeader()
                .wrap(scratch, FpduLayout.ULPDU)
                .control(DdpControl.encode(true, true))
                .ulpControl(0x40)
                .stag(0x12345678)
                .taggedOffset(0);
        if (crc) {
            new FpduCrc().seal(scratch, 0);
        }
        deframer = new FpduDeframer(receiver, new NoStaging(), scratch, crc, false, FpduDeframer.Placing.AFTER_CRC);
        if (deframe() != 1) {
            throw new IllegalStateException("the FPDU was not found");
        }
    }

    /** Asks where to read to, and takes the FPDU there; returns the segments found so far. */
    @Benchmark
    public long deframe() {
        deframer.targets(targets);
        deframer.onOctets(fpduOctets);
        return receiver.segments;
    }

    /** Counts segments. */
    private static final class CountingReceiver implements SegmentReceiver {
        private long segments;

        @Override
        public int onSegmentBegin(ByteBuffer lent, int offset, int available, int segmentOctets) {
            return TaggedHeader.OCTETS;
        }

        @Override
        public boolean onPayload(ByteBuffer lent, int offset, int octets) {
            return true;
        }

        @Override
        public int payloadTargets(ByteBuffer[] lent, int from, int limit, int octets) {
            throw new IllegalStateException("nothing was missing");
        }

        @Override
        public void onPayloadArrived(int octets, FpduCrc crcSoFar) {
            throw new IllegalStateException("nothing was missing");
        }

        @Override
        public boolean onSegmentEnd() {
            segments++;
            return true;
        }

        @Override
        public void onFramingError(MpaError error) {
            throw new IllegalStateException("the FPDU is good, but: " + error);
        }
    }

    /** Has no memory, because none is needed. */
    private static final class NoStaging implements StagingSource {
        @Override
        public boolean ready(boolean whole) {
            return true;
        }

        @Override
        public boolean atHand(boolean whole) {
            return true;
        }

        @Override
        public ByteBuffer stage(ByteBuffer borrowed, int ulpdu, int available) {
            return null;
        }

        @Override
        public ByteBuffer keepLittle(ByteBuffer borrowed, int ulpdu, int available) {
            return null;
        }

        @Override
        public boolean admits(ByteBuffer lent, int ulpdu, int available) {
            return true;
        }

        @Override
        public void release(ByteBuffer given) {
            throw new IllegalStateException("nothing was given");
        }
    }
}
