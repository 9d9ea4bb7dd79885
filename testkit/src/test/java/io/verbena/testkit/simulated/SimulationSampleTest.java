package io.verbena.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples of {@code docs/simulation.md}, which shows the bodies of these tests. */
@Tag("sim")
@Timeout(60)
class SimulationSampleTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    @Test
    void aStalledLink() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(42)) {
            network.linkOptions(LinkOptions.defaults().withLatency(Duration.ofMillis(5), Duration.ofMillis(1)));
            try (DevicePair pair = DevicePair.open(PairOptions.defaults().withOpener(network::open))) {
                SimulatedLink link = network.link(pair.client().connection());
                pair.server().postEmptyReceive(1);

                link.toServer().stall();
                pair.client().queuePair().postSend(new SendRequest().send()).orThrow();
                network.pass(Duration.ofHours(1));
                assertThat(pair.server().receiveCompletions().poll(1, completion -> {}))
                        .isZero();

                link.toServer().resume();
                assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(1);
            }
        }
    }

    @Test
    void theSecondMessageFirst() {
        try (SimulatedNetwork network = SimulatedNetwork.seeded(42)) {
            network.linkOptions(LinkOptions.defaults().withOutOfOrder(OutOfOrder.scripted()));
            try (DevicePair pair = DevicePair.open(PairOptions.defaults().withOpener(network::open))) {
                FpduTraffic toServer =
                        network.link(pair.client().connection()).toServer().fpdus();
                ByteBuffer first = ByteBuffer.allocateDirect(8);
                ByteBuffer second = ByteBuffer.allocateDirect(8);
                pair.server().postReceive(1, pair.server().register(first));
                pair.server().postReceive(2, pair.server().register(second));

                int number = toServer.nextNumber();
                toServer.holdBack();
                for (byte value = 1; value <= 2; value++) {
                    ByteBuffer message = ByteBuffer.wrap(new byte[] {value});
                    pair.client()
                            .queuePair()
                            .postSend(new SendRequest().send().inline(message))
                            .orThrow();
                }
                network.settle();

                toServer.deliver(number + 1);
                network.settle();
                assertThat(second.get(0)).as("placed at once").isEqualTo((byte) 2);
                List<Long> completed = new ArrayList<>();
                pair.server().receiveCompletions().poll(2, (WorkCompletion one) -> completed.add(one.id()));
                assertThat(completed).as("delivered in order").isEmpty();

                toServer.deliver(number);
                network.settle();
                pair.server().receiveCompletions().poll(2, (WorkCompletion one) -> completed.add(one.id()));
                assertThat(completed).containsExactly(1L, 2L);
            }
        }
    }

    @Test
    void thePageShowsTheseSamples() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/simulation.md"));
        String source = Files.readString(
                ROOT.resolve("testkit/src/test/java/io/verbena/testkit/simulated/SimulationSampleTest.java"));
        List<String> samples = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        assertThat(samples)
                .hasSize(2)
                .allSatisfy(sample -> assertThat(withoutBlanks(source)).contains(withoutBlanks(sample)));
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "");
    }
}
