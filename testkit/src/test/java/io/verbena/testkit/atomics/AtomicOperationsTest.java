package io.verbena.testkit.atomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.ExpectBadEvents;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.LocalAtomics;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each atomic operation, remote and local: what it makes of memory, what it returns, and when. */
@Tag("tcp")
@Timeout(30)
class AtomicOperationsTest {
    private final SendRequest request = new SendRequest();

    /** FetchAdd and CmpSwap with masks: the values are those of the wire formats' table. */
    @ParameterizedTest
    @CsvSource({
        "VALIDATED, false, false",
        "EAGER, false, false",
        "DIRECT, false, false",
        "VALIDATED, true, false",
        "DIRECT, true, false",
        "VALIDATED, false, true"
    })
    @Requirement({
        "SYS-MEM-15",
        "EXT-5-03",
        "EXT-5.1.1-05",
        "EXT-5.1.1-06",
        "EXT-5.1.1-07",
        "EXT-5.1.2-01",
        "EXT-5.2.1-01",
        "EXT-5.2.1-12",
        "EXT-5.2.2-05",
        "EXT-5.2.1-08"
    })
    void changesTheWordAndReturnsWhatItWas(PlacementMode mode, boolean callerDriven, boolean markers) {
        PairOptions options = PairOptions.defaults().withPlacement(mode).withMarkers(markers, markers);
        try (DevicePair pair = DevicePair.open(callerDriven ? options.withCallerDrivenProgress() : options)) {
            Counter target = Counter.open(pair.server(), 64);
            Counter sink = Counter.open(pair.client(), 8);
            long address = target.at(16);
            int stag = target.stag();
            pair.server().postEmptyReceive(55);
            requireRemote(pair, target, sink, request.fetchAdd(stag, address, 1), -1L, 0);
            requireRemote(pair, target, sink, request.fetchAdd(stag, address, 1), 0xFFFFFFFFL, 0x100000000L);
            requireRemote(pair, target, sink, request.fetchAdd(stag, address, 1, 0x80000000L), 0xFFFFFFFFL, 0);
            requireRemote(
                    pair,
                    target,
                    sink,
                    request.fetchAdd(stag, address, 0x0001000100010001L, 0x8000800080008000L),
                    0x00FF00FF00FF00FFL,
                    0x0100010001000100L);
            requireRemote(pair, target, sink, request.fetchAdd(stag, address, 1, 0x80), 0xFF, 0);
            requireRemote(pair, target, sink, request.fetchAdd(stag, address, -3), 1, -2);
            requireRemote(pair, target, sink, request.compareSwap(stag, address, 0x2222, 0x1111), 0x2222, 0x1111);
            requireRemote(pair, target, sink, request.compareSwap(stag, address, 0x2222, 0x1111), 0x2223, 0x2223);
            requireRemote(
                    pair,
                    target,
                    sink,
                    request.compareSwap(stag, address, 0x88, 0xFF, 0xAABB, 0xFFFF),
                    0x1122334455667788L,
                    0x112233445566AABBL);
            requireRemote(
                    pair,
                    target,
                    sink,
                    request.compareSwap(stag, address, 0, 0, -1L, 0xFF00000000000000L),
                    0x1122334455667788L,
                    0xFF22334455667788L);
            requireRemote(pair, target, sink, request.swap(stag, address, 42), 0x1234, 42);
            assertThat(target.value(8)).isZero();
            assertThat(target.value(24)).isZero();
            // RFC 7306 section 5.2.1: the responder's application hears nothing of it, and the receive waits for a
            // Send.
            assertThat(pair.server().receiveCompletions().size()).isZero();
            assertThat(pair.server().sendCompletions().size()).isZero();
            pair.client().post(request.send().id(8));
            assertThat(pair.server().awaitReceiveSuccess().id()).isEqualTo(55);
            assertThat(pair.server().receiveCompletions().size()).isZero();
        }
    }

    private static void requireRemote(
            DevicePair pair, Counter target, Counter sink, SendRequest operation, long before, long after) {
        target.value(16, before);
        sink.value(0, 0xA5A5A5A5A5A5A5A5L);
        boolean adds = operation.operation() == SendOperation.FETCH_ADD;
        pair.client()
                .queuePair()
                .postSend(operation.id(7).local(sink.region(), 0, 8))
                .orThrow();
        WorkCompletion completion = pair.client().awaitSendSuccess();
        assertThat(completion.id()).isEqualTo(7);
        assertThat(completion.operation())
                .isEqualTo(adds ? CompletedOperation.FETCH_ADD : CompletedOperation.COMPARE_SWAP);
        assertThat(completion.lengthOctets()).isEqualTo(8);
        assertThat(sink.value(0)).isEqualTo(before);
        assertThat(target.value(16)).isEqualTo(after);
    }

    /** The address counts, not where the octets lie: here in the middle of two heap buffers of odd lengths. */
    @Test
    @ConnectedPair
    @Requirement({"EXT-5.2.1-02", "SYS-MEM-15"})
    void worksAcrossBuffersOfARegionAtAnOddBase(DevicePair pair) {
        ByteBuffer first = ByteBuffer.allocate(9);
        ByteBuffer second = ByteBuffer.allocateDirect(11);
        MemoryRegion region =
                pair.server().register(List.of(first, second), Counter.rights().withStartAddress(0x10003));
        ByteBuffer sinkMemory = ByteBuffer.allocateDirect(11);
        MemoryRegion sink = pair.client().register(sinkMemory);
        LocalAtomics local = region.atomics();
        local.swap(5, 0x0102030405060708L);
        QueuePair client = pair.client().queuePair();
        client.postSend(request.fetchAdd(region.stag(), 0x10008, 1).local(sink, 3, 8))
                .orThrow();
        pair.client().awaitSendSuccess();
        assertThat(sinkMemory.order(ByteOrder.nativeOrder()).getLong(3)).isEqualTo(0x0102030405060708L);
        assertThat(local.fetchAdd(5, 0)).isEqualTo(0x0102030405060709L);
        for (int i = 0; i < 5; i++) {
            assertThat(first.get(i)).isZero();
        }
        for (int i = 4; i < 11; i++) {
            assertThat(second.get(i)).isZero();
        }
    }

    @Test
    @ConnectedPair
    void seesTheWriteBeforeIt(DevicePair pair) {
        Counter target = Counter.open(pair.server(), 8);
        Counter local = Counter.open(pair.client(), 16);
        QueuePair client = pair.client().queuePair();
        for (int i = 1; i <= 200; i++) {
            local.value(0, i);
            client.postSend(request.write(target.stag(), target.at(0))
                            .signaled(false)
                            .local(local.region(), 0, 8))
                    .orThrow();
            client.postSend(request.fetchAdd(target.stag(), target.at(0), 1000).local(local.region(), 8, 8))
                    .orThrow();
            pair.client().awaitSendSuccess();
            assertThat(local.value(8)).isEqualTo(i);
            assertThat(target.value(0)).isEqualTo(1000 + i);
        }
    }

    /** Each swap finds what the one before left, though all are posted at once and only four may be outstanding. */
    @Test
    @Requirement({"EXT-5.2.1-10", "EXT-5.2.1-11", "EXT-5.4-08", "EXT-5.2.2-03", "EXT-5.2.2-04", "EXT-5.2.2-07"})
    void performsAChainOfDependentSwapsInOrderAmongReads() {
        PairOptions options = PairOptions.defaults().withQueuePairs(queuePair -> queuePair.withReadDepths(4, 4));
        try (DevicePair pair = DevicePair.open(options)) {
            Counter target = Counter.open(pair.server(), 8);
            Counter sink = Counter.open(pair.client(), 8 * 100);
            QueuePair client = pair.client().queuePair();
            for (int i = 0; i < 100; i++) {
                boolean reads = i % 3 == 2;
                SendRequest next = reads
                        ? request.read(target.stag(), target.at(0))
                        : request.compareSwap(target.stag(), target.at(0), steps(i), steps(i) + 1);
                client.postSend(next.id(i).local(sink.region(), 8L * i, 8)).orThrow();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(i);
                assertThat(client.query().outboundReads()).isLessThanOrEqualTo(4);
                assertThat(sink.value(8 * i)).as("value found by %d", i).isEqualTo(steps(i));
            }
            assertThat(target.value(0)).isEqualTo(steps(100));
        }
    }

    /** Returns how many of the first {@code i} requests are swaps. */
    private static long steps(int i) {
        return i - i / 3;
    }

    @Test
    @ConnectedPair
    @Requirement("EXT-5.4-07")
    void fencesASendUntilItsValueIsThere(DevicePair pair) {
        Counter target = Counter.open(pair.server(), 8);
        Counter local = Counter.open(pair.client(), 8);
        Counter inbox = Counter.open(pair.server(), 8);
        QueuePair client = pair.client().queuePair();
        for (int i = 0; i < 100; i++) {
            pair.server().postReceive(i, inbox.region());
            client.postSend(request.fetchAdd(target.stag(), target.at(0), 1)
                            .signaled(false)
                            .local(local.region(), 0, 8))
                    .orThrow();
            client.postSend(request.send().readFence(true).local(local.region(), 0, 8))
                    .orThrow();
            pair.client().awaitSendSuccess();
            pair.server().awaitReceiveSuccess();
            assertThat(inbox.value(0)).isEqualTo(i);
        }
    }

    @Test
    @ConnectedPair
    void refusesRequestsThatCanNeverWork(DevicePair pair) {
        Counter local = Counter.open(pair.client(), 32);
        QueuePair client = pair.client().queuePair();
        assertThatThrownBy(() -> client.postSend(request.fetchAdd(1, 0, 1).local(local.region(), 0, 16)))
                .hasMessage("an atomic operation needs exactly one piece of local memory of 8 octets, the request has"
                        + " 1 of 16");
        assertThatThrownBy(() -> client.postSend(request.swap(1, 0, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("the request has 0");
        assertThatThrownBy(() -> client.postSend(request.swap(1, 0, 1).inline(ByteBuffer.allocate(8))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no inline octets");
        assertThatThrownBy(() -> client.postSend(request.immediate(1).local(local.region(), 0, 8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("carries its 8 octets itself");
    }

    @Test
    @ConnectedPair
    @ExpectBadEvents
    @Requirement("EXT-8.1-01")
    void failsIfItsSinkMayNotBeWritten(DevicePair pair) {
        Counter target = Counter.open(pair.server(), 8);
        MemoryRegion readOnly = pair.client()
                .register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.access(AccessFlag.LOCAL_READ));
        pair.client()
                .queuePair()
                .postSend(request.fetchAdd(target.stag(), target.at(0), 1).local(readOnly, 0, 8))
                .orThrow();
        WorkCompletion failed = pair.client().awaitSend();
        assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_ACCESS);
        assertThat(failed.cause().check()).isEqualTo(FailedCheck.ACCESS_RIGHT);
        assertThat(failed.cause().right()).isEqualTo(AccessFlag.LOCAL_WRITE);
        pair.server().awaitEvents(1);
        assertThat(pair.server().queuePair().query().terminate().triple()).isEqualTo("0/0/00");
        assertThat(pair.server().queuePair().query().terminate().ddpHeader()).isEmpty();
        assertThat(target.value(0)).isZero();
    }

    @Test
    @ExpectBadEvents
    void failsWhereNoneMayBeOutstanding() {
        PairOptions options = PairOptions.defaults().withQueuePairs(queuePair -> queuePair.withReadDepths(0, 0));
        try (DevicePair pair = DevicePair.open(options)) {
            Counter target = Counter.open(pair.server(), 8);
            Counter sink = Counter.open(pair.client(), 8);
            pair.client()
                    .queuePair()
                    .postSend(request.swap(target.stag(), target.at(0), 1).local(sink.region(), 0, 8))
                    .orThrow();
            assertThat(pair.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.ZERO_READ_RESOURCES);
            assertThat(target.value(0)).isZero();
        }
    }

    // ---- local ----

    @Test
    @ConnectedPair
    @Requirement("SYS-MEM-15")
    void localOperationsKeepTheSameRules(DevicePair pair) {
        Counter counter = Counter.open(pair.server(), 24);
        LocalAtomics local = counter.region().atomics();
        counter.value(8, 0x00FF00FF00FF00FFL);
        assertThat(local.fetchAdd(8, 0x0001000100010001L, 0x8000800080008000L)).isEqualTo(0x00FF00FF00FF00FFL);
        assertThat(counter.value(8)).isEqualTo(0x0100010001000100L);
        assertThat(local.compareSwap(8, 0x0100010001000100L, 5)).isEqualTo(0x0100010001000100L);
        assertThat(local.compareSwap(8, 6, 7)).isEqualTo(5);
        assertThat(local.compareSwap(8, 0x105, 0xFF, 0x1AB, 0xFF)).isEqualTo(5);
        assertThat(local.swap(8, -1)).isEqualTo(0xAB);
        assertThat(counter.value(8)).isEqualTo(-1);
        assertThat(counter.value(0)).isZero();
        assertThat(counter.value(16)).isZero();
        assertThatThrownBy(() -> local.fetchAdd(4, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("at offset 4 must be a multiple of 8");
        assertThatThrownBy(() -> local.fetchAdd(24, 1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("8 octets at offset 24 are not inside a region of 24 octets");
        assertThatThrownBy(() -> local.fetchAdd(-8, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        MemoryRegion readOnly = pair.server()
                .register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.access(AccessFlag.LOCAL_READ));
        assertThatThrownBy(() -> readOnly.atomics().swap(0, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("does not have the right LOCAL_WRITE");
        counter.region().close();
        assertThatThrownBy(() -> local.swap(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThat(counter.value(0)).isZero();
    }
}
