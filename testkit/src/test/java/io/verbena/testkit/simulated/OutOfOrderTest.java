package io.verbena.testkit.simulated;

import static io.verbena.testkit.simulated.ScriptedPair.OCTETS;
import static io.verbena.testkit.simulated.ScriptedPair.requireOnly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Segments that arrive ahead of the stream are placed at once and delivered in order (RFC 5041 sections 5.3, 5.4). */
@Tag("sim")
@Timeout(60)
class OutOfOrderTest {
    private final ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS);
    private final ByteBuffer others = ByteBuffer.allocateDirect(OCTETS);

    @Test
    @Requirement({"SYS-MEM-13", "DDP-5.3-03", "RDMAP-5.5-04"})
    void placesSegmentsOfASendAtOnceAndDeliversItWhenItIsWhole() {
        try (ScriptedPair pair = new ScriptedPair()) {
            pair.server().postReceive(1, pair.server().register(octets));
            assertThat(pair.send(3000)).isEqualTo(3);
            pair.deliver(2);
            int third = firstOctet(octets);
            assertThat(third).isBetween(2000, 2100);
            requireOnly(octets, third, 3000);
            pair.deliver(1);
            requireOnly(octets, firstOctet(octets), 3000);
            assertThat(pair.receive(pair.server())).isEmpty();
            pair.deliver(0);
            requireOnly(octets, 0, 3000);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::success, WorkCompletion::lengthOctets)
                    .containsExactly(tuple(true, 3000L));
            assertThat(pair.toServer().takenAhead()).isEqualTo(2);
        }
    }

    @Test
    @Requirement({"SYS-MEM-13", "RDMAP-5.5-04"})
    void placesWhatComesAheadWhileAnEarlierMessageIsUnderWay() {
        try (ScriptedPair pair = new ScriptedPair()) {
            ByteBuffer third = ByteBuffer.allocateDirect(OCTETS);
            pair.server().postReceive(1, pair.server().register(octets));
            pair.server().postReceive(2, pair.server().register(others));
            pair.server().postReceive(3, pair.server().register(third));
            assertThat(pair.send(3000)).isEqualTo(3);
            pair.send(900);
            // The first message has begun: its last segment goes to its own receive, the next message to the one
            // behind.
            pair.deliver(0);
            pair.deliver(2);
            assertThat(octets.get(2999)).isEqualTo(HexVectors.pattern(3000)[2999]);
            pair.deliver(3);
            requireOnly(others, 0, 900);
            requireOnly(third, 0, 0);
            assertThat(pair.toServer().takenAhead()).isEqualTo(2);
            assertThat(pair.receive(pair.server())).isEmpty();
            pair.deliver(1);
            requireOnly(octets, 0, 3000);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L, 2L);
        }
    }

    /** Returns the index of the first octet that is not zero; the pattern has a zero nowhere near it. */
    private static int firstOctet(ByteBuffer in) {
        int at = 0;
        while (in.get(at) == 0) {
            at++;
        }
        return at;
    }

    @Test
    @Requirement({"RDMAP-5.5-03", "RDMAP-5.5-05"})
    void placesAWriteInAnyOrderBeforeTheSendThatTellsOfIt() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion target = pair.server().register(octets, AccessFlag.REMOTE_WRITE);
            pair.server().postEmptyReceive(1);
            assertThat(pair.write(target, 2000)).isEqualTo(2);
            assertThat(pair.post(new SendRequest().send())).isEqualTo(1);
            pair.deliver(1);
            requireOnly(octets, ScriptedPair.TAGGED_PAYLOAD_OCTETS, 2000);
            pair.deliver(2);
            assertThat(pair.receive(pair.server())).isEmpty();
            pair.deliver(0);
            assertThat(pair.receive(pair.server())).singleElement().matches(WorkCompletion::success);
            requireOnly(octets, 0, 2000);
        }
    }

    @Test
    @Requirement({"SYS-MEM-13", "DDP-4.1-07", "RDMAP-5.5-03"})
    void laterSendsTakeLaterReceivesAndCompleteInOrder() {
        try (ScriptedPair pair = new ScriptedPair()) {
            pair.server().postReceive(1, pair.server().register(octets));
            pair.server().postReceive(2, pair.server().register(others));
            pair.send(900);
            pair.send(1000);
            pair.deliver(1);
            requireOnly(others, 0, 1000);
            requireOnly(octets, 0, 0);
            assertThat(pair.receive(pair.server())).isEmpty();
            pair.deliver(0);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L, 2L);
            requireOnly(octets, 0, 900);
        }
    }

    /** RFC 5041 section 4.1: all of the third and the fifth message is there, and they wait for those before them all the same. */
    @Test
    @Requirement({"SYS-MEM-13", "DDP-4.1-07", "DDP-5.4-01"})
    void deliversNothingOverAGap() {
        try (ScriptedPair pair = new ScriptedPair()) {
            for (int id = 1; id <= 5; id++) {
                pair.server().postReceive(id, pair.server().register(1000));
                pair.send(900);
            }
            pair.deliver(4, 2, 0);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L);
            pair.deliver(1);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(2L, 3L);
            pair.deliver(3);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(4L, 5L);
        }
    }

    @Test
    void aSendAheadWhoseReceiveIsNotPostedComesAgain() {
        try (ScriptedPair pair = new ScriptedPair()) {
            pair.server().postReceive(1, pair.server().register(octets));
            pair.send(900);
            pair.send(1000);
            pair.deliver(1);
            assertThat(pair.toServer().refused()).isEqualTo(1);
            pair.server().postReceive(2, pair.server().register(others));
            pair.deliver(0);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L, 2L);
            requireOnly(others, 0, 1000);
        }
    }

    @Test
    @Requirement({"SYS-MEM-10", "SYS-MEM-13", "RDMAP-5.5-17", "RDMAP-5.5-11"})
    void aReadRequestAheadIsAnsweredInItsTurn() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion target = pair.server().register(octets, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
            MemoryRegion sink = pair.client().register(others);
            pair.write(target, 1000);
            pair.post(new SendRequest().read(target.remote(0, 1000)).id(7).local(sink, 0, 1000));
            pair.deliver(1);
            assertThat(pair.answers()).isZero();
            assertThat(pair.toServer().takenAhead()).isEqualTo(1);
            pair.deliver(0);
            assertThat(pair.answers()).isEqualTo(1);
            pair.deliverToClient(0);
            requireOnly(others, 0, 1000);
            assertThat(pair.sent(pair.client())).extracting(WorkCompletion::id).endsWith(7L);
        }
    }

    @Test
    @Requirement({"SYS-MEM-13", "RDMAP-5.5-06", "RDMAP-5.5-10"})
    void responsesToLaterReadsArePlacedAheadAndCompleteInOrder() {
        try (ScriptedPair pair = new ScriptedPair()) {
            ByteBuffer readable = ByteBuffer.allocateDirect(OCTETS).put(HexVectors.pattern(OCTETS));
            MemoryRegion from = pair.server().register(readable.flip(), AccessFlag.REMOTE_READ);
            MemoryRegion first = pair.client().register(octets);
            MemoryRegion second = pair.client().register(others);
            pair.post(new SendRequest().read(from.remote(0, 2000)).id(1).local(first, 0, 2000));
            pair.post(new SendRequest().read(from.remote(0, 500)).id(2).local(second, 0, 500));
            pair.deliver(0, 1);
            assertThat(pair.answers()).isEqualTo(3);
            pair.deliverToClient(2);
            requireOnly(others, 0, 500);
            pair.deliverToClient(1);
            requireOnly(octets, firstOctet(octets), 2000);
            assertThat(pair.sent(pair.client())).isEmpty();
            pair.deliverToClient(0);
            requireOnly(octets, 0, 2000);
            assertThat(pair.sent(pair.client())).extracting(WorkCompletion::id).containsExactly(1L, 2L);
        }
    }

    @Test
    @Requirement({"EXT-5.4-03", "EXT-5.4-05"})
    void immediateDataAndAtomicsWaitForTheirTurn() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion counter = pair.server().register(octets, AccessFlag.REMOTE_ATOMIC);
            MemoryRegion before = pair.client().register(8);
            pair.server().postReceive(1, pair.server().register(others));
            pair.server().postEmptyReceive(2);
            pair.server().postReceive(3, pair.server().register(OCTETS));
            pair.send(300);
            pair.post(new SendRequest().immediate(77));
            pair.post(new SendRequest()
                    .fetchAdd(counter.stag(), counter.startAddress(), 5)
                    .id(9)
                    .local(before, 0, 8));
            pair.send(400);
            // 0: Send, 1: Immediate Data, 2: Atomic Request, 3: Send
            pair.deliver(3, 2, 1);
            assertThat(pair.toServer().takenAhead()).isEqualTo(3);
            assertThat(pair.receive(pair.server())).isEmpty();
            assertThat(octets.getLong(0)).isZero();
            pair.deliver(0);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id, WorkCompletion::success)
                    .containsExactly(tuple(1L, true), tuple(2L, true), tuple(3L, true));
            assertThat(octets.getLong(0)).isNotZero();
            pair.deliverToClient(0);
            assertThat(pair.sent(pair.client())).extracting(WorkCompletion::id).contains(9L);
        }
    }

    @Test
    void aSendWithInvalidateActsInItsTurnAndAWriteBehindItIsRefused() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion target = pair.server().register(octets, AccessFlag.REMOTE_WRITE);
            pair.server().postEmptyReceive(1);
            pair.write(target, 500);
            pair.post(new SendRequest().sendInvalidate(target.stag()));
            pair.write(target, 700);
            pair.deliver(1);
            assertThat(target.query().valid()).isTrue();
            // What was placed while the memory was valid is judged in its turn, when it is not.
            pair.deliver(2);
            pair.deliver(0);
            assertThat(target.query().valid()).isFalse();
            assertThat(pair.receive(pair.server())).singleElement().matches(WorkCompletion::success);
            assertThat(pair.server().awaitEvents(1))
                    .extracting(event -> event.cause().check())
                    .containsExactly(FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    void duplicatesAreHarmless() {
        try (ScriptedPair pair = new ScriptedPair()) {
            pair.server().postReceive(1, pair.server().register(octets));
            pair.server().postReceive(2, pair.server().register(others));
            pair.send(2000);
            pair.send(900);
            pair.deliver(2, 1, 2, 1, 2);
            pair.deliver(0, 0, 1, 2);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L, 2L);
            requireOnly(octets, 0, 2000);
            requireOnly(others, 0, 900);
        }
    }

    @Test
    @Requirement("SYS-MEM-13")
    void anErrorFoundAheadActsInItsTurn() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion forbidden = pair.server().register(octets);
            pair.server().postReceive(1, pair.server().register(others));
            pair.send(900);
            pair.write(forbidden, 1000);
            pair.deliver(1);
            assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
            pair.deliver(0);
            List<WorkCompletion> received = pair.receive(pair.server());
            assertThat(received)
                    .singleElement()
                    .satisfies(completion -> assertThat(completion.success()).isTrue());
            assertThat(pair.server().queuePair().state()).isNotEqualTo(QueuePairState.RTS);
            requireOnly(octets, 0, 0);
            assertThat(pair.server().awaitEvents(1))
                    .extracting(event -> event.cause().check())
                    .containsExactly(FailedCheck.ACCESS_RIGHT);
        }
    }

    @Test
    @Requirement("SYS-MEM-13")
    void theFirstErrorInTheOrderOfTheStreamWins() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion forbidden = pair.server().register(octets);
            MemoryRegion closed = pair.server().register(others, AccessFlag.REMOTE_WRITE);
            SendRequest stale = new SendRequest().write(closed.remote(0, 1000)).local(pair.source(), 0, 1000);
            closed.close();
            pair.post(stale);
            pair.write(forbidden, 1000);
            pair.deliver(1);
            pair.deliver(0);
            assertThat(pair.server().awaitEvents(1))
                    .extracting(event -> event.cause().check())
                    .containsExactly(FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    void withMarkersEverythingComesInOrder() {
        try (ScriptedPair pair =
                new ScriptedPair(OutOfOrder.random(), PairOptions.defaults().withMarkers(true, true))) {
            pair.server().postReceive(1, pair.server().register(octets));
            pair.client()
                    .queuePair()
                    .postSend(new SendRequest().send().local(pair.source(), 0, 3000))
                    .orThrow();
            pair.network().settle();
            assertThat(pair.receive(pair.server())).hasSize(1);
            requireOnly(octets, 0, 3000);
            assertThat(pair.toServer().takenAhead()).isZero();
        }
    }

    @Test
    void whatLiesOutsideTheWindowIsDroppedAndComesAgain() {
        try (ScriptedPair pair =
                new ScriptedPair(OutOfOrder.scripted().withAheadOctets(2500), PairOptions.defaults())) {
            MemoryRegion target = pair.server().register(octets, AccessFlag.REMOTE_WRITE);
            assertThat(pair.write(target, 4000)).isEqualTo(4);
            pair.deliver(3);
            assertThat(pair.toServer().droppedOutside()).isEqualTo(1);
            requireOnly(octets, 0, 0);
            pair.deliver(1, 2, 0);
            requireOnly(octets, 0, 4000);
        }
    }
}
