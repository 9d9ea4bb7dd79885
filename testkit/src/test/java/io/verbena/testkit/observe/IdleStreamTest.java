package io.verbena.testkit.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.observe.StackEvents;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that connect and then do nothing: who runs a device can tell them from those that work, and be rid of them. */
@Tag("tcp")
@Timeout(30)
class IdleStreamTest {
    /** Notes over which queue pairs octets travelled since it was asked last. */
    private static final class Travellers implements StackEvents {
        private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();

        @Override
        public void onSocketTransfer(String device, Direction direction, int queuePairNumber, long octets) {
            numbers.add(queuePairNumber);
        }
    }

    /** RFC 5042 section 6.4.2. */
    @Test
    @Requirement("SEC-6.4.2-01")
    void canBeFoundAndReaped() {
        Travellers travellers = new Travellers();
        try (DevicePair pair =
                DevicePair.open(PairOptions.defaults().withListeners(new StackEvents() {}, travellers))) {
            PairLink idle = pair.connectAnother();
            work(pair);
            travellers.numbers.clear();
            work(pair);
            List<Integer> asleep = List.of(pair.server(), idle.server()).stream()
                    .map(end -> end.queuePair().number())
                    .filter(number -> !travellers.numbers.contains(number))
                    .toList();
            assertThat(asleep).containsExactly(idle.server().queuePair().number());

            int before = pair.serverDevice().query().queuePairs();
            idle.server().queuePair().close();
            assertThat(pair.serverDevice().query().queuePairs()).isEqualTo(before - 1);
            idle.client().awaitState(QueuePairState.ERROR);
            work(pair);
        }
    }

    private static void work(DevicePair pair) {
        MemoryRegion source = pair.client().register(64);
        pair.server().postReceive(1, pair.server().register(64));
        pair.client().post(new SendRequest().send().local(source, 0, 64));
        pair.client().awaitSendSuccess();
        pair.server().awaitReceiveSuccess();
    }
}
