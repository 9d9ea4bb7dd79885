package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.SendRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More busy connections than staging buffers: they wait for each other, and all come to their end. */
@Tag("tcp")
@Timeout(60)
class SmallPoolTest {
    private static final int BUFFERS = 6;
    private static final int LINKS = 12;
    private static final int OCTETS = 1 << 20;

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement("SYS-POOL-05")
    void sharesFewStagingBuffersAmongManyConnections(PlacementMode mode) {
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withMarkers(true, true)
                .withDevices(device -> device.withLimits(fewBuffers()));
        try (DevicePair pair = DevicePair.open(options)) {
            TestMemory source = TestMemory.pattern(pair.client(), OCTETS);
            List<PairLink> links = new ArrayList<>();
            List<TestMemory> targets = new ArrayList<>();
            List<TestMemory> sinks = new ArrayList<>();
            for (int i = 0; i < LINKS; i++) {
                links.add(pair.connectAnother());
                targets.add(TestMemory.open(pair.server(), OCTETS));
                sinks.add(TestMemory.open(pair.client(), OCTETS));
            }
            SendRequest request = new SendRequest();
            for (int i = 0; i < LINKS; i++) {
                var queuePair = links.get(i).client().queuePair();
                var remote = targets.get(i).region().remote();
                queuePair
                        .postSend(request.write(remote).local(source.region(), 0, OCTETS))
                        .orThrow();
                queuePair
                        .postSend(request.read(remote).local(sinks.get(i).region(), 0, OCTETS))
                        .orThrow();
            }
            for (int i = 0; i < LINKS; i++) {
                links.get(i).client().awaitSendSuccess();
                links.get(i).client().awaitSendSuccess();
                assertThat(sinks.get(i).octets()).isEqualTo(source.octets());
            }
        }
    }

    private static DeviceLimits fewBuffers() {
        return DeviceLimits.defaults().withStagingBuffers(BUFFERS);
    }
}
