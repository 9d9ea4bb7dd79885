package io.verbena.testkit.sharedreceives;

import static io.verbena.testkit.sharedreceives.SharedInbox.OCTETS;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.AllocationMeter;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sends through a shared receive queue allocate nothing once warm, whether a message draws one receive or several. */
@Tag("tcp")
@Timeout(60)
class SharedSteadyStateTest {
    private static final int WARM_UP = 10_000;
    private static final int MEASURED = 3_000;

    /** For the odd resize inside the JDK; one octet a message would be as much. */
    private static final long ALLOWED_OCTETS = MEASURED;

    @ParameterizedTest
    @CsvSource({
        "VALIDATED,64,1,false",
        "DIRECT,64,1,true",
        "VALIDATED,700,3,false",
        "EAGER,700,3,false",
        "DIRECT,700,3,true"
    })
    void allocatesNothing(PlacementMode mode, int octets, int receives, boolean pausing) {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withPlacement(mode))) {
            SharedInbox inbox =
                    new SharedInbox(pair, SharedReceiveQueueOptions.ofDepth(16).withReceivesPerMessage(4));
            PairLink link = pair.connectSharing(options -> options.withSharedReceiveQueue(inbox.queue())
                    .withMissingReceive(pausing ? MissingReceive.PAUSE : MissingReceive.TERMINATE));
            Round round = new Round(inbox, link, octets, receives);
            for (int i = 0; i < WARM_UP; i++) {
                round.run();
            }
            long allocated = AllocationMeter.least(name -> name.startsWith("verbena"), ALLOWED_OCTETS, () -> {
                for (int i = 0; i < MEASURED; i++) {
                    round.run();
                }
            });
            assertThat(allocated).isLessThan(ALLOWED_OCTETS);
        }
    }

    /** One message with all it needs made beforehand. */
    private static final class Round {
        private final SharedInbox inbox;
        private final PairLink link;
        private final int octets;
        private final int receives;
        private final MemoryRegion source;
        private final SendRequest request = new SendRequest();
        private final ReceiveRequest receive = new ReceiveRequest();
        private final CompletionCursor sent;
        private final CompletionCursor received;

        Round(SharedInbox inbox, PairLink link, int octets, int receives) {
            this.inbox = inbox;
            this.link = link;
            this.octets = octets;
            this.receives = receives;
            source = link.client().register(octets);
            sent = link.client().sendCompletions().cursor();
            received = link.server().receiveCompletions().cursor();
        }

        void run() {
            for (int i = 0; i < receives; i++) {
                inbox.queue()
                        .postReceive(receive.receive(i).local(inbox.memory(), (long) i * OCTETS, OCTETS))
                        .orThrow();
            }
            link.client()
                    .queuePair()
                    .postSend(request.send().local(source, 0, octets))
                    .orThrow();
            await(sent);
            for (int i = 0; i < receives; i++) {
                await(received);
            }
        }

        private static void await(CompletionCursor cursor) {
            while (!cursor.next()) {
                Thread.onSpinWait();
            }
            if (!cursor.success()) {
                throw new AssertionError(cursor.status() + ": " + cursor.cause());
            }
        }
    }
}
