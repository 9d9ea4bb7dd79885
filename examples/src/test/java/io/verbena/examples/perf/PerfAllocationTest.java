package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.examples.RunningTool;
import io.verbena.examples.Verbena;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message costs nothing on the heap: the tool measures the stack and not the collector. */
class PerfAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /**
     * The least of so many counts at most: what a library makes once, or again after a collection, is in some of them, and code
     * that is not compiled yet makes objects that compiled code does without.
     */
    private static final int MOST_RUNS = 20;

    /** The signs of life cost some octets a second, however many messages there are; one object a message costs 16. */
    private static final double ENOUGH = 8;

    private static final int FEW = 200;
    private static final int MANY = 1200;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "write bandwidth --size 64 --batch 8",
                "read bandwidth --size 64",
                "send bandwidth --size 64 --bidirectional",
                "send latency --inline 64"
            })
    void moreMessagesAllocateNoMore(String test) throws Exception {
        try (RunningTool server = RunningTool.start("perf", "serve", "--listen", "127.0.0.1:0")) {
            String line = "perf " + test.replaceFirst("(bandwidth|latency)", "$1 127.0.0.1:" + server.port())
                    + " --driven --region 256k --warm-up 0 --iterations ";
            long few = Long.MAX_VALUE;
            long many = Long.MAX_VALUE;
            double each = Double.MAX_VALUE;
            for (int run = 0; run < MOST_RUNS && each >= ENOUGH; run++) {
                few = Math.min(few, allocated(line + FEW));
                many = Math.min(many, allocated(line + MANY));
                each = (many - few) / (double) (MANY - FEW);
            }

            assertThat(each).as(test).isLessThan(ENOUGH);
        }
    }

    /** Runs a client on this thread, which drives its device, and returns the octets it allocated. */
    private static long allocated(String line) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        StringWriter words = new StringWriter();
        int exitCode = Verbena.run(new PrintWriter(words), new PrintWriter(words), line.split(" "));
        long after = THREADS.getCurrentThreadAllocatedBytes();
        assertThat(exitCode).as(words.toString()).isZero();
        return after - before;
    }
}
