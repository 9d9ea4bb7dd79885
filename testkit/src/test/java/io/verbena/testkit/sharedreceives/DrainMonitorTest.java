package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.DrainAction;
import io.verbena.verbs.DrainMonitor;
import io.verbena.verbs.DrainRate;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SharedReceiveQueueOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A monitor over a completion queue that several queue pairs share names the one that drains the shared receive queue. */
@Tag("tcp")
@Timeout(60)
@ConnectedPair
@ExpectBadEvents
class DrainMonitorTest {
    private static final CompletionHandler IGNORE = completion -> {};
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final List<DrainRate> named = new ArrayList<>();
    private long now;

    @Test
    @Requirement({"SYS-SRQ-07", "DDP-8.3.2-06", "RDMAP-8.1.2-08", "SEC-6.4.3.1-01"})
    void namesTheOffenderOnceOverASlidingWindow(DevicePair pair) {
        with(pair, sharing -> named::add, sharing -> {
            DrainMonitor monitor = sharing.monitor;
            sharing.receive(sharing.links[0], 4);
            sharing.receive(sharing.links[1], 4);
            sharing.receive(sharing.links[2], 2);
            assertThat(named).isEmpty();
            assertThat(monitor.offender()).isNull();
            assertThat(monitor.rates())
                    .containsExactly(
                            new DrainRate(sharing.number(0), 4, 4.0, 0.4),
                            new DrainRate(sharing.number(1), 4, 4.0, 0.4),
                            new DrainRate(sharing.number(2), 2, 2.0, 0.2));
            sharing.receive(sharing.links[2], 10);
            // The seventh of these makes more than half: 9 of 17.
            assertThat(named).containsExactly(new DrainRate(sharing.number(2), 9, 9.0, 9.0 / 17));
            assertThat(monitor.offender().queuePairNumber()).isEqualTo(sharing.number(2));

            now = WINDOW.toNanos() - 1;
            assertThat(monitor.rates()).hasSize(3);
            now = WINDOW.toNanos();
            assertThat(monitor.rates()).isEmpty();
            assertThat(monitor.offender()).isNull();

            // Below in between, so it is named again.
            sharing.receive(sharing.links[0], 6);
            sharing.receive(sharing.links[1], 6);
            sharing.receive(sharing.links[2], 13);
            assertThat(named).hasSize(2);
        });
    }

    @Test
    @Requirement("SYS-SRQ-07")
    void lowersTheLimitOfTheOffender(DevicePair pair) {
        with(pair, Sharing::lowering, sharing -> {
            sharing.receive(sharing.links[0], 11);
            assertThat(sharing.inbox.holder(sharing.links[0]).limit()).isEqualTo(1);
            assertThat(sharing.inbox.holder(sharing.links[1]).limit()).isEqualTo(64);
            send(sharing.links[0], 3, 1);
            sharing.inbox.awaitSeen(sharing.links[0], 14);
            assertThat(sharing.inbox.holder(sharing.links[0]).droppedMessages()).isEqualTo(2);
            sharing.receive(sharing.links[1], 3);
        });
    }

    @Test
    @Requirement("SYS-SRQ-07")
    void dropsTheOffender(DevicePair pair) {
        with(pair, sharing -> DrainAction.drop(sharing::find), sharing -> {
            sharing.receive(sharing.links[1], 5);
            sharing.receive(sharing.links[0], 6);
            sharing.links[0].server().awaitState(QueuePairState.ERROR);
            sharing.receive(sharing.links[1], 1);
            sharing.receive(sharing.links[2], 3);
            assertThat(sharing.links[1].server().queuePair().state()).isEqualTo(QueuePairState.RTS);
        });
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatThrownBy(() -> monitor(Duration.ofNanos(15), 0.5, 1))
                .hasMessage("window PT0.000000015S must be at least 16 ns");
        assertThatThrownBy(() -> monitor(WINDOW, 0, 1)).hasMessage("tolerated share 0.0 must be above 0 to 1");
        assertThatThrownBy(() -> monitor(WINDOW, Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> monitor(WINDOW, 1.1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> monitor(WINDOW, 0.5, 0)).hasMessage("least 0 must be at least 1");
    }

    private DrainMonitor monitor(Duration window, double tolerated, long least) {
        return new DrainMonitor(() -> now, window, tolerated, least, named::add, IGNORE);
    }

    /** Runs a test with three links whose servers share a receive queue and a completion queue. */
    private void with(DevicePair pair, Function<Sharing, DrainAction> action, Consumer<Sharing> test) {
        CompletionQueue completions = pair.serverDevice().createCompletionQueue(64);
        Sharing sharing = new Sharing(pair, completions);
        sharing.monitor =
                new DrainMonitor(() -> now, WINDOW, 0.5, 10, action.apply(sharing), completion -> sharing.received++);
        test.accept(sharing);
        for (PairLink link : sharing.links) {
            link.server().queuePair().close();
        }
        completions.close();
    }

    private static final class Sharing {
        private final DevicePair pair;
        private final CompletionQueue completions;
        private final SharedInbox inbox;
        private final PairLink[] links = new PairLink[3];
        private DrainMonitor monitor;
        private int received;

        Sharing(DevicePair pair, CompletionQueue completions) {
            this.pair = pair;
            this.completions = completions;
            inbox = new SharedInbox(
                    pair, SharedReceiveQueueOptions.ofDepth(64).withRefusal(ReceiveRefusal.DROP_MESSAGE));
            for (int i = 0; i < links.length; i++) {
                links[i] = pair.connectSharing(
                        options -> QueuePairOptions.with(completions).withSharedReceiveQueue(inbox.queue()));
            }
            inbox.post(64);
        }

        int number(int link) {
            return links[link].server().queuePair().number();
        }

        QueuePair find(int number) {
            for (PairLink link : links) {
                if (link.server().queuePair().number() == number) {
                    return link.server().queuePair();
                }
            }
            return null;
        }

        DrainAction lowering() {
            return DrainAction.lowerLimit(inbox.queue(), this::find, 1);
        }

        /** Sends and receives so many messages, one after the other. */
        void receive(PairLink link, int count) {
            for (int i = 0; i < count; i++) {
                send(link, 1, 1);
                int before = received;
                pair.await("a message", () -> completions.poll(1, monitor) == 1);
                assertThat(received).isEqualTo(before + 1);
            }
        }
    }
}
