package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.transport.StreamError;
import io.verbena.transport.StreamOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(30)
class TransportCloseTest {
    private final TcpPair pair = new TcpPair();

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void breaksTheStreamsThatAreLeft() throws Exception {
        var first = pair.connect(Probe::new, Probe::new);
        var second = pair.connect(Probe::new, Probe::new);
        pair.client.close();
        assertThat(first.client().failure.get(1, TimeUnit.SECONDS).error()).isEqualTo(StreamError.TRANSPORT_CLOSED);
        assertThat(second.client().failure.get(1, TimeUnit.SECONDS).error()).isEqualTo(StreamError.TRANSPORT_CLOSED);
        assertThat(first.server().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.RESET);
        assertThat(second.server().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.RESET);
        assertThat(first.client().failures).hasValue(1);
    }

    @Test
    void leavesClosedStreamsAlone() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().onLoop(ends.client().stream::close);
        pair.client.close();
        ends.server().endOfStream.get(10, TimeUnit.SECONDS);
        assertThat(ends.client().failure).isNotDone();
        assertThat(ends.server().failure).isNotDone();
    }

    @Test
    void stopsListening() throws Exception {
        var listening = pair.server.listen(TcpPair.anyPort(), StreamOptions.defaults(), Probe::new);
        pair.server.close();
        var attempt = TcpPair.connect(
                pair.client, pair.client.loop(0), listening.localAddress(), StreamOptions.defaults(), Probe::new);
        assertThat(attempt).failsWithin(10, TimeUnit.SECONDS);
        listening.close();
    }

    @Test
    void doesNotWaitForItselfOnALoop() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().onLoop(pair.client::close);
        assertThat(ends.client().failure.get(10, TimeUnit.SECONDS).error()).isEqualTo(StreamError.TRANSPORT_CLOSED);
    }
}
