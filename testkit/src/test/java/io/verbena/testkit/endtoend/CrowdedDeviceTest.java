package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.AllocationMeter;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an operation does must not depend on how much else is on the device. Time is not looked at here but what is made on the
 * heap: who goes through everything most often makes a list, an array or a stream of it first.
 */
@Tag("tcp")
@Timeout(60)
class CrowdedDeviceTest {
    private static final int OTHERS = 2_000;
    private static final int WARM_UP = 2_000;
    private static final int MEASURED = 500;

    /** In a list of all others each would have a reference of four octets at least. */
    private static final long ALLOWED_OCTETS = OTHERS;

    private enum Step {
        WRITE,
        REGISTER_AND_DEREGISTER,
        BIND_AND_INVALIDATE,
        CREATE_AND_DESTROY
    }

    @Test
    void makesNoMoreForAnOperationWhereThereIsMuchElse() {
        Map<Step, Long> alone = octets(0);
        Map<Step, Long> crowded = octets(OTHERS);

        for (Step step : Step.values()) {
            assertThat(crowded.get(step))
                    .as(
                            "octets for %s with %d queue pairs, regions and windows, of which alone there are %d",
                            step, OTHERS, alone.get(step))
                    .isLessThan(alone.get(step) + ALLOWED_OCTETS);
        }
    }

    /** Returns the octets that each step makes on the heap with so many others. */
    private static Map<Step, Long> octets(int others) {
        PairOptions options = PairOptions.defaults().withOneDevice().withCallerDrivenProgress();
        try (DevicePair pair = DevicePair.open(options);
                Steps steps = new Steps(pair)) {
            steps.crowd(others);
            Map<Step, Long> octets = new EnumMap<>(Step.class);
            for (Step step : Step.values()) {
                for (int i = 0; i < WARM_UP; i++) {
                    steps.take(step);
                }
                AllocationMeter meter = AllocationMeter.startWithCaller(name -> name.startsWith("verbena"));
                for (int i = 0; i < MEASURED; i++) {
                    steps.take(step);
                }
                octets.put(step, meter.octets() / MEASURED);
            }
            return octets;
        }
    }

    /** The steps, with what they need made beforehand. */
    private static final class Steps implements AutoCloseable {
        private static final int OCTETS = 64;

        private final PairEnd client;
        private final ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
        private final MemoryRegion region;
        private final MemoryWindow window;
        private final RemoteRegion remote;
        private final CompletionCursor sent;
        private final List<QueuePair> others = new ArrayList<>();
        private final SendRequest request = new SendRequest();

        Steps(DevicePair pair) {
            client = pair.client();
            region = client.register(
                    List.of(memory), RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND));
            window = client.allocateWindow(WindowType.QUEUE_PAIR);
            remote = pair.server()
                    .register(OCTETS, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
                    .remote();
            sent = client.sendCompletions().cursor();
        }

        /** Makes queue pairs, regions and bound windows beside those that are used. */
        void crowd(int count) {
            for (int i = 0; i < count; i++) {
                others.add(client.domain()
                        .createQueuePair(
                                QueuePairOptions.with(client.sendCompletions()).withDepths(1, 1)));
                client.register(memory, AccessFlag.LOCAL_WRITE);
                bind(client.allocateWindow(WindowType.QUEUE_PAIR));
            }
        }

        void take(Step step) {
            switch (step) {
                case WRITE -> post(request.write(remote).local(region, 0, OCTETS));
                case REGISTER_AND_DEREGISTER ->
                    client.register(memory, AccessFlag.LOCAL_WRITE).close();
                case BIND_AND_INVALIDATE -> post(request.localInvalidate(bind(window)));
                case CREATE_AND_DESTROY ->
                    client.domain()
                            .createQueuePair(QueuePairOptions.with(client.sendCompletions())
                                    .withDepths(1, 1))
                            .close();
            }
        }

        /** Returns the STag of the bound window. */
        private int bind(MemoryWindow unbound) {
            WindowBinding binding = unbound.binding(region, 0, OCTETS, AccessFlag.REMOTE_READ);
            post(request.bindWindow(binding));
            return binding.stag();
        }

        @Override
        public void close() {
            others.forEach(QueuePair::close);
        }

        private void post(SendRequest next) {
            client.queuePair().postSend(next).orThrow();
            client.await("a completion", sent::next);
            assertThat(sent.success()).isTrue();
        }
    }
}
