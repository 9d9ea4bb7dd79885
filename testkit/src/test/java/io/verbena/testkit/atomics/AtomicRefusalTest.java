package io.verbena.testkit.atomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Atomic operations that the target's device refuses: the cause is named at both ends, the operation fails by name, and no octet
 * changes.
 */
@Tag("tcp")
@Timeout(30)
class AtomicRefusalTest {
    private static final int OCTETS = 64;

    private final SendRequest request = new SendRequest();

    static Stream<Arguments> offsetsAndModes() {
        return IntStream.range(1, 8)
                .boxed()
                .flatMap(offset -> Stream.of(true, false)
                        .map(adds -> Arguments.of(offset, adds, PlacementMode.values()[offset % 3])));
    }

    @ParameterizedTest
    @MethodSource("offsetsAndModes")
    @Requirement({
        "SYS-MEM-15",
        "EXT-5.1.1-02",
        "EXT-5.1.1-03",
        "EXT-5.1.1-04",
        "EXT-5.1.2-03",
        "EXT-5.1.2-04",
        "EXT-5.1.2-05",
        "EXT-5.1.2-06",
        "EXT-8.2-04",
        "EXT-8.2-05",
        "EXT-5.1.1-01",
        "EXT-5.1.2-02"
    })
    void refusesAddressesThatAreNotMultiplesOfEight(int offset, boolean adds, PlacementMode mode) {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withPlacement(mode))) {
            Counter target = Counter.open(pair.server(), OCTETS);
            FailureCause atClient = requireRefused(
                    pair,
                    target,
                    adds
                            ? request.fetchAdd(target.stag(), target.at(offset), 1)
                            : request.compareSwap(target.stag(), target.at(offset), 0, 1),
                    FailedCheck.ALIGNMENT,
                    "0/2/07",
                    WorkCompletionStatus.REMOTE_INVALID_REQUEST);
            assertThat(atClient.message()).contains("address is not a multiple of 8");
        }
    }

    @Test
    @Requirement("SYS-MEM-15")
    void refusesAddressesOutside() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            Counter target = Counter.open(pair.server(), OCTETS);
            requireAccessRefused(pair, target, target.stag(), target.at(OCTETS), FailedCheck.BASE_AND_BOUNDS, "0/1/01");
        }
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            Counter target = Counter.open(pair.server(), OCTETS - 4);
            requireAccessRefused(
                    pair, target, target.stag(), target.at(OCTETS - 8), FailedCheck.BASE_AND_BOUNDS, "0/1/01");
        }
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            Counter target = Counter.open(pair.server(), OCTETS);
            requireAccessRefused(pair, target, target.stag(), target.at(-8), FailedCheck.BASE_AND_BOUNDS, "0/1/01");
        }
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            Counter target = Counter.open(pair.server(), OCTETS);
            requireAccessRefused(pair, target, target.stag(), -4, FailedCheck.ADDRESS_WRAP, "0/1/04");
        }
    }

    @Test
    @Requirement("SYS-MEM-15")
    void needsTheRemoteAtomicRight() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            MemoryRegion writable =
                    pair.server().register(memory.duplicate(), AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
            requireAccessRefused(
                    pair,
                    new Counter(memory, writable),
                    writable.stag(),
                    writable.startAddress(),
                    FailedCheck.ACCESS_RIGHT,
                    "0/1/02");
        }
    }

    @Test
    @Requirement("SYS-MEM-15")
    void refusesStagsThatLeadNowhere() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            Counter target = Counter.open(pair.server(), OCTETS);
            int stag = target.stag();
            target.region().close();
            requireAccessRefused(pair, target, stag, target.at(0), FailedCheck.ENTRY_VALID, "0/1/00");
        }
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            Counter target = Counter.open(pair.server(), OCTETS);
            requireAccessRefused(pair, target, target.stag() ^ 1, target.at(0), FailedCheck.TAG_INSTANCE, "0/1/00");
        }
    }

    @Test
    @Requirement("SYS-MEM-15")
    void refusesMemoryOfAnotherDomain() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ProtectionDomain other = pair.serverDevice().allocateProtectionDomain();
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            try (MemoryRegion foreign = other.register(List.of(memory), Counter.rights())) {
                requireAccessRefused(
                        pair,
                        new Counter(memory, foreign),
                        foreign.stag(),
                        foreign.startAddress(),
                        FailedCheck.PROTECTION_DOMAIN,
                        "0/1/03");
            }
            other.close();
        }
    }

    /** RFC 7306 section 1.1: as an adapter without atomic operations would answer. */
    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"EXT-1.1-02", "SYS-MEM-15", "VRB-QP-11"})
    void refusesAllWhereTheQueuePairDoesNotAllowThem(PlacementMode mode) {
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withQueuePairs(queuePair -> queuePair.withRemoteAtomics(false));
        try (DevicePair pair = DevicePair.open(options)) {
            Counter target = Counter.open(pair.server(), OCTETS);
            FailureCause atClient = requireRefused(
                    pair,
                    target,
                    request.fetchAdd(target.stag(), target.at(0), 0),
                    FailedCheck.QUEUE_PAIR_ACCESS,
                    "0/2/06",
                    WorkCompletionStatus.REMOTE_INVALID_REQUEST);
            assertThat(atClient.message()).contains("does not allow atomic operations");
        }
    }

    private void requireAccessRefused(
            DevicePair pair, Counter target, int stag, long address, FailedCheck check, String triple) {
        requireRefused(
                pair, target, request.swap(stag, address, -1), check, triple, WorkCompletionStatus.REMOTE_ACCESS);
    }

    private static FailureCause requireRefused(
            DevicePair pair,
            Counter target,
            SendRequest operation,
            FailedCheck check,
            String triple,
            WorkCompletionStatus status) {
        Counter sink = Counter.open(pair.client(), 8);
        int stag = operation.remoteStag();
        long address = operation.remoteAddress();
        SendRequest behind = new SendRequest();
        pair.client()
                .queuePair()
                .postSend(operation.id(7).local(sink.region(), 0, 8))
                .orThrow();
        pair.client()
                .queuePair()
                .postSend(behind.fetchAdd(target.stag(), target.at(0), 1).id(8).local(sink.region(), 0, 8));
        WorkCompletion failed = pair.client().awaitSend();
        assertThat(failed.id()).isEqualTo(7);
        assertThat(failed.status()).isEqualTo(status);
        FailureCause atClient = failed.cause();
        assertThat(atClient.detectedBy()).isEqualTo(FailureCause.End.REMOTE);
        assertThat(atClient.terminate().triple()).isEqualTo(triple);
        assertThat(atClient.stag()).isEqualTo(stag);
        assertThat(atClient.address()).isEqualTo(address);
        assertThat(atClient.lengthOctets()).isEqualTo(8);
        pair.client().awaitState(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
        AsyncEvent event = pair.server().awaitEvents(1).get(0);
        FailureCause atServer = event.cause();
        assertThat(atServer.check()).as("%s", event).isEqualTo(check);
        assertThat(atServer.terminate().triple()).isEqualTo(triple);
        assertThat(atServer.terminate().ddpHeader()).hasSize(18);
        assertThat(atServer.terminate().rdmapHeader()).isEmpty();
        if (check != FailedCheck.QUEUE_PAIR_ACCESS) {
            assertThat(atServer.stag()).isEqualTo(stag);
            assertThat(atServer.address()).isEqualTo(address);
            assertThat(atServer.right()).isEqualTo(AccessFlag.REMOTE_ATOMIC);
        }
        assertThat(target.memory().duplicate().clear())
                .isEqualTo(ByteBuffer.allocate(target.memory().capacity()));
        assertThat(sink.value(0)).isZero();
        return atClient;
    }
}
