package io.verbena.testkit.sharedreceives;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.DrainAction;
import io.verbena.verbs.DrainMonitor;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveLimits;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Forty well-behaved clients of uneven speed and one queue pair for a hostile peer, on one shared receive queue and one
 * completion queue. It goes in rounds: each client sends one, two or three messages, which is its credit; all that arrived is
 * looked at; then everything is taken in, checked to the last octet, and posted again. Time stands still.
 */
final class Crowd implements AutoCloseable {
    static final int CLIENTS = 40;
    static final int LIMIT = 12;
    static final int CREDIT = 3;
    static final int OCTETS = 64;
    static final int DEPTH = (CLIENTS + 1) * LIMIT;

    private static final double TOLERATED_SHARE = 0.1;
    private static final int OF_ALL_IN_A_ROUND =
            IntStream.range(0, CLIENTS).map(Crowd::burst).sum();

    private final DevicePair pair;
    private final SharedReceiveQueue queue;
    private final CompletionQueue arrivals;
    private final ByteBuffer octets = ByteBuffer.allocateDirect(DEPTH * OCTETS);
    private final MemoryRegion memory;
    private final PairLink[] clients = new PairLink[CLIENTS];
    private final int[] taken = new int[CLIENTS];
    private final PairEnd hostile;
    private final DrainMonitor monitor;
    private final Set<Integer> named = new TreeSet<>();
    private final List<WorkCompletion> ofHostile = new ArrayList<>();
    private int rounds;

    Crowd(DevicePair pair, ReceiveRefusal refusal) {
        this.pair = pair;
        queue = pair.serverSharedReceives(SharedReceiveQueueOptions.ofDepth(DEPTH)
                .withLimits(ReceiveLimits.equalShares())
                .withRefusal(refusal)
                .withReceivesPerMessage(2 * LIMIT)
                .withLowWatermark(DEPTH / 4));
        memory = pair.server().register(List.of(octets.duplicate()), RegionOptions.access(AccessFlag.LOCAL_WRITE));
        arrivals = pair.serverDevice().createCompletionQueue(DEPTH);
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = pair.connectSharing(this::options);
            queue.armHeld(clients[i].server().queuePair(), CREDIT);
        }
        hostile = pair.newServerEnd(this::options);
        queue.armHeld(hostile.queuePair(), CREDIT);
        DrainAction name = offender -> named.add(offender.queuePairNumber());
        monitor = new DrainMonitor(
                () -> 0, Duration.ofSeconds(1), TOLERATED_SHARE, OF_ALL_IN_A_ROUND, name, this::takeIn);
        for (int place = 0; place < DEPTH; place++) {
            post(place);
        }
    }

    private QueuePairOptions options(QueuePairOptions own) {
        return QueuePairOptions.with(arrivals).withSharedReceiveQueue(queue);
    }

    private void post(long place) {
        queue.postReceive(new ReceiveRequest().receive(place).local(memory, place * OCTETS, OCTETS))
                .orThrow();
    }

    /** Returns the queue pair for the hostile peer, not connected yet. */
    PairEnd hostile() {
        return hostile;
    }

    /** Returns how many messages a client sends in a round. */
    private static int burst(int client) {
        return 1 + client % CREDIT;
    }

    /** Every client sends, then {@code attack} happens, and all messages of the clients have arrived. */
    void round(Runnable attack) {
        rounds++;
        for (int i = 0; i < CLIENTS; i++) {
            for (int k = 0; k < burst(i); k++) {
                ByteBuffer message = message(i, taken[i] + k);
                clients[i]
                        .client()
                        .post(new SendRequest().send().inline(message).signaled(false));
            }
        }
        attack.run();
        pair.await("all messages of well-behaved clients", () -> {
            SharedReceiveQueueSnapshot now = queue.query();
            return IntStream.range(0, CLIENTS).allMatch(i -> holder(now, i).drawn() == (long) rounds * burst(i));
        });
    }

    private static ByteBuffer message(int client, int sequence) {
        ByteBuffer message = ByteBuffer.allocate(OCTETS).putInt(client).putInt(sequence);
        while (message.hasRemaining()) {
            message.put((byte) (client * 7 + sequence * 13 + message.position()));
        }
        return message.flip();
    }

    /** Returns what the hostile peer's queue pair has to do with the queue now. */
    ReceiveHolder holder() {
        return queue.query().holder(hostile.queuePair().number());
    }

    private ReceiveHolder holder(SharedReceiveQueueSnapshot now, int client) {
        return now.holder(clients[client].server().queuePair().number());
    }

    /** Insists that the accounts are right: each client holds what it sent, the hostile peer so many. */
    void assertLevels(int heldByHostile) {
        SharedReceiveQueueSnapshot now = queue.query();
        assertThat(now.posted()).isEqualTo(DEPTH).isEqualTo(now.free() + now.held());
        assertThat(now.held()).isEqualTo(OF_ALL_IN_A_ROUND + heldByHostile);
        for (int i = 0; i < CLIENTS; i++) {
            ReceiveHolder holder = holder(now, i);
            assertThat(holder.held()).isEqualTo(burst(i));
            assertThat(holder.limit()).isEqualTo(LIMIT);
            assertThat(holder.droppedMessages()).isZero();
        }
        assertThat(holder().held()).isEqualTo(heldByHostile).isLessThanOrEqualTo(LIMIT);
        assertThat(now.armed()).as("the watermark was not passed").isTrue();
    }

    /** Takes in all that has arrived, and insists that every message is the one its client sent next. */
    void takeIn() {
        pair.await("all completions", () -> arrivals.size() >= OF_ALL_IN_A_ROUND);
        takeInWhatIsThere();
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(taken[i]).as("messages of client %d", i).isEqualTo(rounds * burst(i));
        }
    }

    /** Takes in what has arrived by now, if anything. */
    void takeInWhatIsThere() {
        arrivals.poll(DEPTH, monitor);
    }

    private void takeIn(WorkCompletion completion) {
        int client = client(completion.queuePairNumber());
        if (client < 0) {
            ofHostile.add(completion.copy());
        } else {
            assertThat(completion.success()).isTrue();
            assertThat(octets.slice((int) completion.id() * OCTETS, (int) completion.lengthOctets()))
                    .isEqualTo(message(client, taken[client]));
            taken[client]++;
        }
        post(completion.id());
    }

    private int client(int queuePairNumber) {
        for (int i = 0; i < CLIENTS; i++) {
            if (clients[i].server().queuePair().number() == queuePairNumber) {
                return i;
            }
        }
        return -1;
    }

    /** Returns what completed for the hostile peer's queue pair, taken in so far. */
    List<WorkCompletion> ofHostile() {
        return ofHostile;
    }

    /** Insists that the monitor names the hostile peer, and has never named anybody else. */
    void assertMonitorNamesTheOffenderAlone() {
        assertThat(monitor.offender()).isNotNull();
        assertThat(monitor.offender().queuePairNumber())
                .isEqualTo(hostile.queuePair().number());
        assertMonitorNamesNobodyElse();
    }

    /** Insists that the monitor has never named anybody but the hostile peer. */
    void assertMonitorNamesNobodyElse() {
        assertThat(named).isSubsetOf(hostile.queuePair().number());
    }

    /** Waits for events of these kinds about the hostile peer, and insists that no event names anybody else. */
    void assertEventsNameTheOffenderAlone(AsyncEvent.Kind... kinds) {
        for (AsyncEvent.Kind kind : kinds) {
            pair.await(
                    kind + " about the hostile peer",
                    () -> hostile.events().stream().anyMatch(event -> event.kind() == kind));
        }
        assertThat(pair.serverEvents())
                .allSatisfy(event -> assertThat(event.queuePairNumber())
                        .as("%s", event)
                        .isEqualTo(hostile.queuePair().number()));
    }

    @Override
    public void close() {
        hostile.queuePair().close();
        for (PairLink link : clients) {
            link.server().queuePair().close();
        }
        arrivals.close();
    }
}
