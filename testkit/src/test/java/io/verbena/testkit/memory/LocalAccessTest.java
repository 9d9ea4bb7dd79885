package io.verbena.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The checks of local memory, in their order: each wrong element is wrong in every later respect too, and the completion
 * names the first.
 */
@Tag("tcp")
@Timeout(60)
class LocalAccessTest {
    private static final int OCTETS = 256;

    /** What the memory is used for. */
    enum Use {
        SEND(true),
        WRITE(true),
        READ_SINK(false),
        ATOMIC_SINK(false),
        RECEIVE(false);

        private final boolean source;

        Use(boolean source) {
            this.source = source;
        }

        AccessFlag right() {
            return source ? AccessFlag.LOCAL_READ : AccessFlag.LOCAL_WRITE;
        }

        /** All rights but the one that is needed. */
        Set<AccessFlag> otherRights() {
            return EnumSet.of(source ? AccessFlag.LOCAL_WRITE : AccessFlag.LOCAL_READ);
        }
    }

    /** What is the first thing wrong with it. */
    enum Fault {
        ZERO(FailedCheck.ENTRY_VALID, WorkCompletionStatus.LOCAL_INVALID_STAG),
        NOT_VALID(FailedCheck.ENTRY_VALID, WorkCompletionStatus.LOCAL_INVALID_STAG),
        WINDOW(FailedCheck.ENTRY_TYPE, WorkCompletionStatus.LOCAL_INVALID_STAG),
        OTHER_DOMAIN(FailedCheck.PROTECTION_DOMAIN, WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN),
        STALE(FailedCheck.TAG_INSTANCE, WorkCompletionStatus.LOCAL_INVALID_STAG),
        WRAPS(FailedCheck.ADDRESS_WRAP, WorkCompletionStatus.LOCAL_ADDRESS_WRAP),
        BEFORE_THE_START(FailedCheck.BASE_AND_BOUNDS, WorkCompletionStatus.LOCAL_BOUNDS),
        BEHIND_THE_END(FailedCheck.BASE_AND_BOUNDS, WorkCompletionStatus.LOCAL_BOUNDS),
        NO_RIGHT(FailedCheck.ACCESS_RIGHT, WorkCompletionStatus.LOCAL_ACCESS);

        private final FailedCheck check;
        private final WorkCompletionStatus status;

        Fault(FailedCheck check, WorkCompletionStatus status) {
            this.check = check;
            this.status = status;
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Use.values()).flatMap(use -> Stream.of(Fault.values()).map(fault -> Arguments.of(use, fault)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Requirement({"SYS-MEM-08", "VRB-PR-06", "VRB-ST-03", "VRB-ST-04", "VRB-ST-01", "VRB-MR-01"})
    void namesTheFirstCheckThatFails(Use use, Fault fault) {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults());
                OtherDomain otherDomain =
                        OtherDomain.beside(pair, use == Use.RECEIVE ? pair.server() : pair.client())) {
            PairEnd end = use == Use.RECEIVE ? pair.server() : pair.client();
            ByteBuffer memory = Guarded.filled(OCTETS);
            Element wrong = element(end, otherDomain, Guarded.middle(memory), use, fault);
            MemorySnapshot before = end.device().queryMemory(wrong.stag);

            WorkCompletion failed = perform(pair, use, wrong);

            assertThat(failed.status()).isEqualTo(fault.status);
            assertThat(failed.cause().check()).isEqualTo(fault.check);
            assertThat(failed.cause().stag()).isEqualTo(wrong.stag);
            assertThat(failed.cause().address()).isEqualTo(wrong.address);
            assertThat(failed.cause().right()).isEqualTo(use.right());
            end.awaitState(QueuePairState.ERROR);
            assertThat(end.device().queryMemory(wrong.stag)).isEqualTo(before);
            assertThat(new Guarded(memory, null).untouched()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    @Requirement("VRB-ST-01")
    void refusesAKeyWithOneBitWrong(int bit) {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            MemoryRegion source = pair.client().register(OCTETS);
            pair.client().post(new SendRequest().send().local(source.stag() ^ 1 << bit, source.startAddress(), 8));
            WorkCompletion failed = pair.client().awaitSend();
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
            assertThat(failed.cause().check()).isEqualTo(FailedCheck.TAG_INSTANCE);
        }
    }

    private record Element(int stag, long address) {}

    private static Element element(PairEnd end, OtherDomain other, ByteBuffer octets, Use use, Fault fault) {
        RegionOptions crippled = RegionOptions.defaults().withExactAccess(use.otherRights());
        switch (fault) {
            case ZERO:
                return new Element(0, -1);
            case NOT_VALID: {
                MemoryRegion region = other.allocateRegion(4, false);
                return new Element(region.stag() ^ 1, -1);
            }
            case WINDOW: {
                RegionOptions bindable = RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND);
                MemoryRegion region = other.register(octets, bindable);
                WindowBinding binding = other.bind(region, OCTETS, AccessFlag.REMOTE_WRITE);
                return new Element(binding.stag() ^ 1, -1);
            }
            case OTHER_DOMAIN: {
                MemoryRegion region = other.register(octets, crippled);
                return new Element(region.stag() ^ 1, -1);
            }
            default: {
                MemoryRegion region = end.register(List.of(octets), crippled);
                int stag = fault == Fault.STALE ? region.stag() ^ 1 : region.stag();
                long address = switch (fault) {
                    case STALE, WRAPS -> -1;
                    case BEFORE_THE_START -> region.startAddress() - 1;
                    case BEHIND_THE_END -> region.startAddress() + OCTETS - 1;
                    default -> region.startAddress();
                };
                return new Element(stag, address);
            }
        }
    }

    private static WorkCompletion perform(DevicePair pair, Use use, Element wrong) {
        MemoryRegion remote = pair.server()
                .register(OCTETS, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_ATOMIC);
        SendRequest request = new SendRequest();
        switch (use) {
            case SEND -> request.send();
            case WRITE -> request.write(remote.remote());
            case READ_SINK -> request.read(remote.remote());
            case ATOMIC_SINK -> request.fetchAdd(remote.stag(), remote.startAddress(), 1);
            case RECEIVE -> {
                pair.server()
                        .queuePair()
                        .postReceive(new ReceiveRequest().receive(5).local(wrong.stag, wrong.address, 2))
                        .orThrow();
                request.send().local(pair.client().register(OCTETS), 0, 2);
                pair.client().queuePair().postSend(request).orThrow();
                return pair.server().awaitReceive();
            }
        }
        request.local(wrong.stag, wrong.address, use == Use.ATOMIC_SINK ? 8 : 2);
        pair.client().queuePair().postSend(request).orThrow();
        return pair.client().awaitSend();
    }

    /** A message of several pieces is checked piece by piece: the first that fails is named, and nothing moves. */
    @ParameterizedTest
    @EnumSource(
            value = Use.class,
            names = {"SEND", "WRITE", "RECEIVE"})
    @Requirement("SYS-MEM-08")
    void checksEveryPiece(Use use) {
        for (int bad = 0; bad < 3; bad++) {
            try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
                PairEnd end = use == Use.RECEIVE ? pair.server() : pair.client();
                ByteBuffer memory = Guarded.filled(OCTETS);
                MemoryRegion good = end.register(Guarded.middle(memory));
                MemoryRegion target = pair.server().register(OCTETS, AccessFlag.REMOTE_WRITE);
                long[] addresses = {good.startAddress(), good.startAddress() + 8, good.startAddress() + 16};
                addresses[bad] = good.startAddress() + OCTETS - 7;
                ReceiveRequest receive = new ReceiveRequest().receive(5);
                SendRequest request = new SendRequest();
                SendRequest posted = use == Use.WRITE ? request.write(target.remote()) : request.send();
                for (long address : addresses) {
                    if (use == Use.RECEIVE) {
                        receive.local(good.stag(), address, 8);
                    } else {
                        posted.local(good.stag(), address, 8);
                    }
                }
                if (use == Use.RECEIVE) {
                    end.queuePair().postReceive(receive).orThrow();
                    posted.local(pair.client().register(OCTETS), 0, 8);
                }
                pair.client().post(posted);
                WorkCompletion failed = use == Use.RECEIVE ? end.awaitReceive() : end.awaitSend();
                assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_BOUNDS);
                assertThat(failed.cause().address()).isEqualTo(addresses[bad]);
                assertThat(new Guarded(memory, null).untouched()).isTrue();
            }
        }
    }

    /** What the peer would have refused is never sent: its end hears of the failure here, not of a wrong access. */
    @ParameterizedTest
    @EnumSource(
            value = Use.class,
            names = {"WRITE", "READ_SINK", "ATOMIC_SINK"})
    void looksAtLocalMemoryBeforeThePeerLooksAtItsOwn(Use use) {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            int stale = pair.client().register(OCTETS).stag() ^ 1;
            SendRequest request = new SendRequest();
            switch (use) {
                case WRITE -> request.write(0, 0);
                case READ_SINK -> request.read(0, 0);
                default -> request.fetchAdd(0, 0, 1);
            }
            pair.client().post(request.id(3).local(stale, 0, 8));
            WorkCompletion failed = pair.client().awaitSend();
            assertThat(failed.id()).isEqualTo(3);
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
            pair.server().awaitState(QueuePairState.ERROR);
            assertThat(pair.server().awaitEvents(1))
                    .extracting(AsyncEvent::kind)
                    .containsExactly(AsyncEvent.Kind.TERMINATE_RECEIVED);
        }
    }

    /** Each piece is checked in full: a receive that promises more than there is fails even where that much is not needed. */
    @Test
    void failsAReceiveThatReachesOutOfItsRegionThoughTheMessageWouldFit() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ByteBuffer memory = Guarded.filled(OCTETS);
            MemoryRegion inbox = pair.server().register(Guarded.middle(memory));
            pair.server()
                    .queuePair()
                    .postReceive(new ReceiveRequest().receive(5).local(inbox.stag(), inbox.startAddress(), OCTETS + 1))
                    .orThrow();
            MemoryRegion source = pair.client().register(8);
            pair.client().post(new SendRequest().send().local(source, 0, 8));
            WorkCompletion failed = pair.server().awaitReceive();
            assertThat(failed.id()).isEqualTo(5);
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_BOUNDS);
            assertThat(failed.cause().check()).isEqualTo(FailedCheck.BASE_AND_BOUNDS);
            assertThat(new Guarded(memory, null).untouched()).isTrue();
        }
    }
}
