package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.verbena.memory.PreparedBinding;
import io.verbena.memory.PreparedRegistration;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TagRecord;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When requests that change memory are carried out, and what their failure stops: verbs 8.5, SYS-MEM-06 and -07. */
class MemoryRequestsTest {
    private static final int NOWHERE = 0x7fff_ff01;

    private final SendRequest request = new SendRequest();

    private static Desk desk(RegistrationFailurePolicy policy, int sendDepth) {
        return new Desk(
                1000,
                options ->
                        options.withDepths(sendDepth, 8).withFastRegister(true).withRegistrationFailurePolicy(policy));
    }

    private static Desk connected(RegistrationFailurePolicy policy) {
        return desk(policy, 64).connect();
    }

    private static Desk anticipatory() {
        return connected(RegistrationFailurePolicy.ANTICIPATORY);
    }

    private static Desk reactive() {
        return connected(RegistrationFailurePolicy.REACTIVE);
    }

    private static TagRecord allocate(Desk desk) {
        return desk.memory.allocateRegion(Desk.DOMAIN, 4, true);
    }

    private static PreparedRegistration prepare(Desk desk, TagRecord region) {
        return desk.memory.prepareRegistration(
                region,
                List.of(ByteBuffer.allocateDirect(100)),
                RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.WINDOW_BIND));
    }

    /** Takes completions of the send queue: {@code 5 SUCCESS}. */
    private static List<String> sends(Desk desk) {
        return desk.sendCompletions();
    }

    private void register(Desk desk, long id, PreparedRegistration registration) {
        desk.post(request.fastRegister(registration).id(id));
    }

    private void failHere(Desk desk, long id) {
        desk.post(request.localInvalidate(NOWHERE).id(id));
    }

    // ---- when they are carried out ----

    @Test
    void theyNeedNoTransport() {
        Desk desk = anticipatory();
        TableEntry source = desk.region(5000, AccessFlag.LOCAL_WRITE);
        TagRecord region = allocate(desk);
        desk.bytes.allowance = 100;
        desk.send(1, source, 5000);
        register(desk, 2, prepare(desk, region));
        // It is in force while the message before it is under way, and completes after it.
        assertThat(region.current().valid()).isTrue();
        assertThat(sends(desk)).isEmpty();
        desk.allow(Long.MAX_VALUE);
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS");
        assertThat(desk.opcodes()).containsOnly("SEND");
    }

    @Test
    void theyNeedNoPeerThatHasSpoken() {
        Desk desk = desk(RegistrationFailurePolicy.ANTICIPATORY, 64);
        TagRecord region = allocate(desk);
        register(desk, 1, prepare(desk, region));
        assertThat(region.current().valid()).isFalse();
        desk.initiator = false;
        desk.connect();
        assertThat(region.current().valid()).isTrue();
        assertThat(sends(desk)).containsExactly("1 SUCCESS");
        assertThat(desk.frames()).isEmpty();
    }

    /** Behind a message that may not go yet they wait like everything else on the queue. */
    @Test
    void theyDoNotOvertakeWhatWasPostedBefore() {
        Desk desk = desk(RegistrationFailurePolicy.ANTICIPATORY, 64);
        desk.initiator = false;
        desk.connect();
        TagRecord region = allocate(desk);
        desk.send(1, desk.region(8), 8);
        register(desk, 2, prepare(desk, region));
        assertThat(region.current().valid()).isFalse();
        desk.arrive(Peer.write(0, 0, 0));
        assertThat(region.current().valid()).isTrue();
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS");
    }

    @Test
    void aReadFenceHoldsThemBack() {
        Desk desk = anticipatory();
        TableEntry sink = desk.region(8, AccessFlag.LOCAL_WRITE);
        TagRecord region = allocate(desk);
        desk.read(1, sink, 8);
        desk.post(request.fastRegister(prepare(desk, region)).id(2).readFence(true));
        assertThat(region.current().valid()).isFalse();
        desk.arrive(Peer.readResponse(sink.stag(), sink.startAddress(), true, 8));
        assertThat(region.current().valid()).isTrue();
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS");
    }

    @Test
    void aLocalFenceMakesAnInvalidateWaitForEverythingBefore() {
        Desk desk = anticipatory();
        TableEntry region = desk.region(5000, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 100;
        desk.send(1, region, 5000);
        desk.post(request.localInvalidate(region.stag()).id(2).localFence(true));
        assertThat(region.valid()).isTrue();
        desk.allow(Long.MAX_VALUE);
        assertThat(region.valid()).isFalse();
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS");
    }

    @Test
    void aLocalFenceWaitsForReadsToo() {
        Desk desk = anticipatory();
        TableEntry sink = desk.region(8, AccessFlag.LOCAL_WRITE);
        desk.read(1, sink, 8);
        desk.send(2, sink, 8);
        desk.post(request.localInvalidate(sink.stag()).id(3).localFence(true));
        assertThat(sink.valid()).isTrue();
        desk.arrive(Peer.readResponse(sink.stag(), sink.startAddress(), true, 8));
        assertThat(sink.valid()).isFalse();
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS", "3 SUCCESS");
    }

    @Test
    void withoutAFenceAnInvalidateTakesEffectAtOnce() {
        Desk desk = anticipatory();
        TableEntry source = desk.region(5000);
        TableEntry other = desk.region(8);
        desk.bytes.allowance = 100;
        desk.send(1, source, 5000);
        desk.post(request.localInvalidate(other.stag()).id(2));
        assertThat(other.valid()).isFalse();
    }

    @Test
    void manyOfThemLeaveTheLoopToOthersNowAndThen() {
        Desk desk = desk(RegistrationFailurePolicy.ANTICIPATORY, 512);
        desk.connect();
        List<TagRecord> regions = new ArrayList<>();
        List<Long> inForceWhenAnotherHadItsTurn = new ArrayList<>();
        for (int i = 0; i < 99; i++) {
            TagRecord region = allocate(desk);
            regions.add(region);
            desk.engine.postSend(request.fastRegister(prepare(desk, region)).id(i));
        }
        desk.engine.ring();
        desk.loop.execute(() -> inForceWhenAnotherHadItsTurn.add(
                regions.stream().filter(region -> region.current().valid()).count()));
        desk.loop.run();
        assertThat(inForceWhenAnotherHadItsTurn).containsExactly(64L);
        assertThat(regions).allMatch(region -> region.current().valid());
        assertThat(sends(desk)).hasSize(99);
    }

    @Test
    void aDisconnectWaitsForThemAndForNothingElse() {
        Desk desk = anticipatory();
        TableEntry sink = desk.region(8, AccessFlag.LOCAL_WRITE);
        desk.read(1, sink, 8);
        desk.post(request.localInvalidate(sink.stag()).id(2).localFence(true));
        CompletableFuture<Boolean> inOrder = new CompletableFuture<>();
        desk.engine.disconnect(1_000_000_000L, inOrder);
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        desk.arrive(Peer.readResponse(sink.stag(), sink.startAddress(), true, 8));
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.CLOSING);
        desk.arriveFin();
        assertThat(inOrder).isCompletedWithValue(true);
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS");
    }

    @Test
    void aDisconnectGoesOnWhenAMemoryRequestWasTheLast() {
        Desk desk = anticipatory();
        desk.engine.postSend(request.localInvalidate(desk.region(8).stag()).id(1));
        desk.engine.ring();
        desk.engine.disconnect(1_000_000_000L, new CompletableFuture<>());
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        desk.loop.run();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.CLOSING);
        assertThat(sends(desk)).containsExactly("1 SUCCESS");
    }

    // ---- messages that expose memory ----

    @Test
    void aMessageIsSentOnlyIfItsMemoryIsThere() {
        Desk desk = reactive();
        TagRecord region = allocate(desk);
        PreparedRegistration stale = prepare(desk, region);
        PreparedRegistration registration = prepare(desk, region);
        desk.post(request.send()
                .exposing(registration)
                .id(1)
                .local(registration.stag(), registration.startAddress(), 100));
        assertThat(sends(desk)).containsExactly("1 SUCCESS");
        assertThat(desk.opcodes()).containsExactly("SEND");
        desk.post(request.send().exposing(stale).id(2));
        assertThat(sends(desk)).containsExactly("2 LOCAL_INVALID_STAG");
        desk.engine.resumeSendQueue();
        desk.post(request.send().id(3));
        assertThat(sends(desk)).containsExactly("3 SUCCESS");
        // No number of the sequence was lost with the one that was not sent.
        assertThat(desk.frames()).extracting(Peer.Frame::sequence).containsExactly(1, 2);
    }

    @Test
    void aMessageThatFailsLeavesItsMemoryRegistered() {
        Desk desk = reactive();
        TagRecord region = allocate(desk);
        desk.post(request.send().exposing(prepare(desk, region)).id(1).local(NOWHERE, 0, 8));
        assertThat(sends(desk)).containsExactly("1 LOCAL_INVALID_STAG");
        assertThat(region.current().valid()).isTrue();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.TERMINATE);
    }

    // ---- anticipatory ----

    @Test
    void aFailureEndsTheStream() {
        Desk desk = anticipatory();
        failHere(desk, 1);
        desk.send(2, desk.region(8), 8);
        assertThat(desk.opcodes()).containsExactly("TERMINATE");
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        desk.arriveFin();
        assertThat(sends(desk)).first().isEqualTo("1 LOCAL_INVALID_STAG");
    }

    @Test
    void aFailureBeforeTheFirstMessageBreaksTheConnection() {
        Desk desk = desk(RegistrationFailurePolicy.ANTICIPATORY, 64);
        desk.initiator = false;
        desk.post(request.localInvalidate(NOWHERE).id(1));
        desk.post(request.send().id(2));
        desk.connect();
        assertThat(desk.frames()).isEmpty();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
        List<WorkCompletion> completions = Desk.copies(desk.sends);
        assertThat(completions)
                .extracting(WorkCompletion::status)
                .containsExactly(WorkCompletionStatus.LOCAL_INVALID_STAG, WorkCompletionStatus.FLUSHED);
        assertThat(completions.get(1).cause().startedByRequest()).isEqualTo(1);
        assertThat(desk.ends).hasSize(1);
    }

    @Test
    void aFailureWhileTheTransportIsFullEndsTheStreamWhenItTakesOctetsAgain() {
        Desk desk = anticipatory();
        desk.bytes.allowance = 100;
        desk.send(1, desk.region(5000), 5000);
        failHere(desk, 2);
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.TERMINATE);
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
    }

    // ---- reactive ----

    @Test
    void aDrainKeepsTheOrderOfPostingAcrossAResume() {
        Desk desk = reactive();
        TableEntry sink = desk.region(8, AccessFlag.LOCAL_WRITE);
        desk.read(1, sink, 8);
        failHere(desk, 2);
        desk.send(3, sink, 8);
        assertThat(desk.engine.sendQueueDrained()).isTrue();
        desk.engine.resumeSendQueue();
        assertThat(desk.engine.sendQueueDrained()).isFalse();
        desk.send(4, sink, 8);
        // Everything but the Read is done, and nothing overtakes it.
        assertThat(sends(desk)).isEmpty();
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "SEND");
        desk.arrive(Peer.readResponse(sink.stag(), sink.startAddress(), true, 8));
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 LOCAL_INVALID_STAG", "3 FLUSHED", "4 SUCCESS");
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        assertThat(desk.engine.sendQueue().busy()).isZero();
    }

    /** What waited when the application resumed is flushed even if there was no room for its completion then. */
    @Test
    void aResumeLetsGoOnlyWhatIsPostedBehindIt() {
        Desk desk = desk(RegistrationFailurePolicy.REACTIVE, 4);
        desk.connect();
        TableEntry sink = desk.region(8, AccessFlag.LOCAL_WRITE);
        desk.read(1, sink, 8);
        failHere(desk, 2);
        for (int id = 3; id <= 10; id++) {
            desk.post(request.send().id(id));
        }
        // Eight places in the completion order, so the last two still wait on the queue.
        assertThat(desk.engine.sendQueue().waiting()).isEqualTo(2);
        desk.engine.resumeSendQueue();
        desk.post(request.send().id(11));
        desk.arrive(Peer.readResponse(sink.stag(), sink.startAddress(), true, 8));
        List<String> all = sends(desk);
        assertThat(all)
                .hasSize(11)
                .startsWith("1 SUCCESS", "2 LOCAL_INVALID_STAG")
                .endsWith("10 FLUSHED", "11 SUCCESS");
        assertThat(all.subList(2, 10)).allMatch(line -> line.endsWith("FLUSHED"));
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "SEND");
    }

    @Test
    void aDrainFlushesAtOnceWhateverTheWireDoes() {
        Desk desk = desk(RegistrationFailurePolicy.REACTIVE, 64);
        desk.initiator = false;
        desk.connect();
        failHere(desk, 1);
        desk.post(request.send().id(2));
        assertThat(sends(desk)).containsExactly("1 LOCAL_INVALID_STAG", "2 FLUSHED");
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    void aDrainEndsWithTheConnection() {
        Desk desk = reactive();
        failHere(desk, 1);
        desk.engine.abort("a test");
        assertThat(desk.engine.sendQueueDrained()).isFalse();
        desk.engine.modify(QueuePairState.IDLE);
        desk.connect();
        desk.post(request.send().id(2));
        assertThat(sends(desk)).containsExactly("1 LOCAL_INVALID_STAG", "2 SUCCESS");
    }

    @Test
    void flushedRequestsSayWhichOneFailed() {
        Desk desk = reactive();
        failHere(desk, 77);
        desk.post(request.send().id(2));
        WorkCompletion flushed = Desk.copies(desk.sends).get(1);
        assertThat(flushed.cause().startedByRequest()).isEqualTo(77);
        assertThat(flushed.cause().root().check()).isEqualTo(FailedCheck.ENTRY_VALID);
        assertThat(flushed.cause().message()).contains("the local invalidate was refused");
    }

    /** A completion queue that overflows with flushed requests ends the stream as always. */
    @Test
    void aDrainMayOverrunItsCompletionQueue() {
        Desk desk = new Desk(4, options -> options.withRegistrationFailurePolicy(RegistrationFailurePolicy.REACTIVE));
        desk.connect();
        failHere(desk, 1);
        for (int id = 2; id <= 8; id++) {
            int late = id;
            assertThatCode(() -> desk.post(request.send().id(late))).doesNotThrowAnyException();
        }
        assertThat(desk.lastFrame().triple()).isEqualTo("0/2/07");
    }

    // ---- windows ----

    @Test
    void windowsOfTheQueuePairEndWithTheConnectionOthersDoNot() {
        Desk desk = anticipatory();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND);
        TagRecord ofQueuePair = desk.memory.allocateWindow(Desk.DOMAIN, WindowType.QUEUE_PAIR);
        TagRecord ofDomain = desk.memory.allocateWindow(Desk.DOMAIN, WindowType.PROTECTION_DOMAIN);
        desk.post(request.bindWindow(binding(desk, ofQueuePair, region)).id(1));
        desk.post(request.bindWindow(binding(desk, ofDomain, region)).id(2));
        assertThat(sends(desk)).containsExactly("1 SUCCESS", "2 SUCCESS");
        assertThat(ofQueuePair.current().valid()).isTrue();
        desk.engine.modify(QueuePairState.CLOSING);
        desk.arriveFin();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.IDLE);
        assertThat(ofQueuePair.current().valid()).isFalse();
        assertThat(ofDomain.current().valid()).isTrue();
    }

    private static PreparedBinding binding(Desk desk, TagRecord window, TableEntry region) {
        return desk.memory.prepareBinding(window, region.record(), 0, 50, false, Set.of(AccessFlag.REMOTE_WRITE));
    }
}
