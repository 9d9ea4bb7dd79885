package io.verbena.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segments that arrive ahead of the stream are placed at once and delivered in order (RFC 5041 sections 5.3, 5.4). */
@Tag("sim")
@Timeout(60)
class OutOfOrderTest {
    private static final int OCTETS = 4000;

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1);
    private DevicePair pair;
    private FpduTraffic toServer;
    private FpduTraffic toClient;
    private MemoryRegion source;
    private int first;

    @BeforeEach
    void connect() {
        network.linkOptions(LinkOptions.defaults().withOutOfOrder(OutOfOrder.scripted()));
        pair = DevicePair.open(PairOptions.defaults().withOpener(network::open));
        SimulatedLink link = network.link(pair.client().connection());
        toServer = link.toServer().fpdus();
        toClient = link.toClient().fpdus();
        ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS).put(HexVectors.pattern(OCTETS));
        source = pair.client().register(octets.flip(), AccessFlag.REMOTE_READ);
        network.settle();
        first = toServer.nextNumber();
        toServer.holdBack();
        toClient.holdBack();
    }

    @AfterEach
    void close() {
        toServer.deliverRest();
        toClient.deliverRest();
        network.settle();
        pair.close();
        network.close();
    }

    private void send(int octets) {
        pair.client()
                .queuePair()
                .postSend(new SendRequest().send().signaled(false).local(source, 0, octets))
                .orThrow();
        network.settle();
    }

    private void deliver(int... numbers) {
        for (int number : numbers) {
            toServer.deliver(first + number);
        }
        network.settle();
    }

    private boolean received() {
        return pair.server()
                        .receiveCompletions()
                        .poll(1, completion -> assertThat(completion.success()).isTrue())
                == 1;
    }

    private static boolean same(ByteBuffer octets, int from, int end) {
        byte[] pattern = HexVectors.pattern(OCTETS);
        for (int i = from; i < end; i++) {
            if (octets.get(i) != pattern[i]) {
                return false;
            }
        }
        return true;
    }

    @Test
    void placesSegmentsOfASendAtOnceAndDeliversItWhenItIsWhole() {
        ByteBuffer inbox = ByteBuffer.allocateDirect(OCTETS);
        pair.server().postReceive(1, pair.server().register(inbox));
        send(OCTETS);
        assertThat(toServer.heldBack()).containsExactly(first, first + 1, first + 2);
        deliver(2);
        assertThat(same(inbox, 3000, OCTETS)).isTrue();
        assertThat(inbox.get(0)).isZero();
        deliver(1);
        assertThat(received()).isFalse();
        deliver(0);
        assertThat(received()).isTrue();
        assertThat(same(inbox, 0, OCTETS)).isTrue();
        assertThat(toServer.takenAhead()).isEqualTo(2);
    }
}
