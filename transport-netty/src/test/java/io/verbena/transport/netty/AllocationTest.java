package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(60)
class AllocationTest {
    private static final int ROUND_TRIPS = 20_000;

    /** Until its code is compiled, a run may allocate; what a round trip costs shows in every run. */
    private static final int MOST_RUNS = 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Sends back what comes, from and into the same buffers, until it has seen so many messages. */
    private static final class Rally extends Probe {
        private static final int MESSAGE_OCTETS = 64;

        private final GatherList list = new GatherList(2);
        private final ByteBuffer head = ByteBuffer.allocateDirect(16);
        private final ByteBuffer body = ByteBuffer.allocateDirect(MESSAGE_OCTETS - 16);
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private int left;

        Rally(ByteStream stream) {
            super(stream);
        }

        void play(int roundTrips) {
            left = roundTrips;
            head.clear();
            body.clear();
            hit();
        }

        private void hit() {
            list.clear();
            list.add(head);
            list.add(body);
            stream.write(list);
        }

        @Override
        public int targets(ByteBuffer[] lent) {
            lent[0] = head.clear();
            lent[1] = body.clear();
            return 2;
        }

        @Override
        public void onOctets(int octets, boolean filled) {
            if (octets != MESSAGE_OCTETS) {
                throw new IllegalStateException(octets + " octets in one piece");
            }
            if (--left == 0) {
                over.complete(null);
            } else {
                head.flip();
                body.flip();
                hit();
            }
        }
    }

    private static Rally serving(ByteStream stream) {
        Rally rally = new Rally(stream);
        rally.left = Integer.MAX_VALUE;
        return rally;
    }

    @Test
    void readingAndWritingOnBackgroundLoopsAllocatesNothing() throws Exception {
        try (TcpPair pair = new TcpPair()) {
            var warm = pair.connect(Rally::new, AllocationTest::serving);
            warm.client().onLoop(() -> warm.client().play(ROUND_TRIPS));
            warm.client().over.get(30, TimeUnit.SECONDS);
            long most = Long.MAX_VALUE;
            for (int run = 0; run < MOST_RUNS && most >= ROUND_TRIPS; run++) {
                var ends = pair.connect(Rally::new, AllocationTest::serving);
                long[] before = allocated(ends);
                ends.client().onLoop(() -> ends.client().play(ROUND_TRIPS));
                ends.client().over.get(30, TimeUnit.SECONDS);
                long[] after = allocated(ends);
                most = Math.max(after[0] - before[0], after[1] - before[1]);
            }
            assertThat(most / (double) ROUND_TRIPS).isLessThan(1);
        }
    }

    private static long[] allocated(TcpPair.Connection<Rally, Rally> ends) throws Exception {
        long[] octets = new long[2];
        ends.client().onLoop(() -> octets[0] = THREADS.getCurrentThreadAllocatedBytes());
        ends.server().onLoop(() -> octets[1] = THREADS.getCurrentThreadAllocatedBytes());
        return octets;
    }

    @Test
    void readingAndWritingOnCallerDrivenLoopsAllocatesNothing() throws Exception {
        try (StreamTransport left = NettyStreamTransport.open(1, true, "left-");
                StreamTransport right = NettyStreamTransport.open(1, true, "right-");
                var listening = right.listen(TcpPair.anyPort(), StreamOptions.defaults(), AllocationTest::serving)) {
            CompletableFuture<Rally> connected =
                    TcpPair.connect(left, left.loop(0), listening.localAddress(), StreamOptions.defaults(), Rally::new);
            while (!connected.isDone()) {
                left.loop(0).drive(0);
                right.loop(0).drive(0);
            }
            Rally client = connected.get(1, TimeUnit.SECONDS);
            rally(client, left, right);
            long least = Long.MAX_VALUE;
            for (int run = 0; run < MOST_RUNS && least >= ROUND_TRIPS; run++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                rally(client, left, right);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least / (double) ROUND_TRIPS).isLessThan(1);
        }
    }

    private static void rally(Rally client, StreamTransport left, StreamTransport right) {
        client.play(ROUND_TRIPS);
        while (client.left > 0) {
            left.loop(0).drive(0);
            right.loop(0).drive(0);
        }
    }
}
