package io.verbena.benchmarks.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacingTest {
    /** However TCP cuts it, the stream comes to lie in the region as it was sent. */
    @Test
    void copiesTheStreamToItsPlaces() {
        EndTask task = new EndTask(EndTask.Role.SERVER, Contender.NETTY, BenchRow.WRITE_64_RATE, Effort.QUICK);
        byte[] stream = new byte[4096];
        Random random = new Random(11);
        random.nextBytes(stream);
        try (NettyStation station = new NettyStation(task)) {
            Placing placing = new Placing(station);
            int whole = 0;
            for (int at = 0; at < stream.length; ) {
                int octets = Math.min(1 + random.nextInt(200), stream.length - at);
                ByteBuf arrived = Unpooled.wrappedBuffer(stream, at, octets);
                whole += placing.place(arrived);
                at += octets;
            }

            assertThat(whole).isEqualTo(stream.length / 64);
            assertThat(placing.offset()).isEqualTo(stream.length - 64);
            byte[] placed = new byte[stream.length];
            station.memory().getBytes(0, placed);
            assertThat(placed).isEqualTo(stream);
        }
    }
}
