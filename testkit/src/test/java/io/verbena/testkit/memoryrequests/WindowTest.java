package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows, from allocation to the end (SYS-MEM-11); what is refused is in {@link WindowRefusalTest}. */
@Tag("tcp")
@Timeout(60)
class WindowTest {
    private static final AccessFlag[] BOTH = {AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE};

    /** A region of the client to bind windows to, without remote rights of its own, full of 0xA5. */
    record Ground(ByteBuffer buffer, MemoryRegion region) {
        static Ground of(PairEnd end, int octets) {
            ByteBuffer buffer = RequestPair.filled(octets);
            return new Ground(buffer, end.register(buffer.duplicate(), AccessFlag.WINDOW_BIND));
        }

        byte[] octets(int from, int length) {
            return RequestPair.octets(buffer, from, length);
        }
    }

    static void bind(RequestPair pair, PairEnd end, WindowBinding binding) {
        end.post(pair.request().bindWindow(binding).id(40));
        WorkCompletion bound = end.awaitSendSuccess();
        assertThat(bound.id()).isEqualTo(40);
        assertThat(bound.operation()).isEqualTo(CompletedOperation.BIND_WINDOW);
    }

    private static void invalidate(RequestPair pair, int stag) {
        pair.client().post(pair.request().localInvalidate(stag).id(41));
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.LOCAL_INVALIDATE);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement({"SYS-MEM-11", "VRB-MW-03", "VRB-MO-08"})
    void opensAPartOfARegionToThePeer(Way way) {
        try (RequestPair pair = RequestPair.open(way::apply)) {
            Ground ground = Ground.of(pair.client(), 20_000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            assertThat(window.valid()).isFalse();
            WindowBinding binding = window.binding(ground.region(), 7000, 5000, BOTH);
            assertThat(binding.startAddress()).isEqualTo(ground.region().startAddress() + 7000);
            bind(pair, pair.client(), binding);
            assertThat(window.valid()).isTrue();
            assertThat(window.stag()).isEqualTo(binding.stag());
            pair.serverWrites(binding.remote(), 5000);
            assertThat(ground.octets(7000, 5000)).isEqualTo(RequestPair.pattern(5000));
            assertThat(ground.octets(0, 7000)).containsOnly(0xA5);
            assertThat(ground.octets(12_000, 8000)).containsOnly(0xA5);
            assertThat(pair.serverReads(binding.remote(), 5000)).isEqualTo(RequestPair.pattern(5000));
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-02"})
    void canBeginAtAddressZero() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 10_000);
            WindowBinding binding = pair.client()
                    .allocateWindow(WindowType.QUEUE_PAIR)
                    .zeroBasedBinding(ground.region(), 4095, 100, BOTH);
            assertThat(binding.startAddress()).isZero();
            bind(pair, pair.client(), binding);
            pair.serverWrites(binding.remote().slice(50, 50), 50);
            assertThat(ground.octets(4145, 50)).isEqualTo(RequestPair.pattern(50));
            assertThat(ground.octets(4095, 50)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "SYS-MEM-02"})
    void isSeenInTheTable() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 10_000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding binding = window.binding(ground.region(), 10, 20, AccessFlag.REMOTE_READ);
            bind(pair, pair.client(), binding);
            MemorySnapshot bound = window.query();
            assertThat(bound.type()).isEqualTo(EntryType.WINDOW);
            assertThat(bound.valid()).isTrue();
            assertThat(bound.queuePairNumber())
                    .isEqualTo(pair.client().queuePair().number());
            assertThat(bound.lengthOctets()).isEqualTo(20);
            assertThat(bound.access()).containsExactly(AccessFlag.REMOTE_READ);
            assertThat(ground.region().query().boundWindows()).isEqualTo(1);
            invalidate(pair, binding.stag());
            assertThat(window.query().valid()).isFalse();
            assertThat(window.query().queuePairNumber()).isEqualTo(-1);
            assertThat(ground.region().query().boundWindows()).isZero();
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-03", "DDP-8.3-01", "DDP-8.3.1-04"})
    void isBoundAgainToAnotherRangeAndAnotherRegion() {
        try (RequestPair pair = RequestPair.open()) {
            Ground first = Ground.of(pair.client(), 1000);
            Ground second = Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding[] bindings = {
                window.binding(first.region(), 0, 100, BOTH),
                window.binding(first.region(), 500, 100, BOTH),
                window.binding(second.region(), 900, 100, BOTH)
            };
            for (WindowBinding binding : bindings) {
                bind(pair, pair.client(), binding);
                pair.serverWrites(binding.remote(), 100);
                invalidate(pair, binding.stag());
            }
            assertThat(first.octets(0, 100)).isEqualTo(RequestPair.pattern(100));
            assertThat(first.octets(500, 100)).isEqualTo(RequestPair.pattern(100));
            assertThat(second.octets(900, 100)).isEqualTo(RequestPair.pattern(100));
            assertThat(first.octets(100, 400)).containsOnly(0xA5);
            // The old key is dead.
            bind(pair, pair.client(), window.binding(first.region(), 0, 100, BOTH));
            requireRefused(pair, bindings[0].remote(), "1/1/00", FailedCheck.TAG_INSTANCE);
        }
    }

    /** The server's Write ends the connection; the cause is named at both ends and nothing is changed. */
    static void requireRefused(RequestPair pair, RemoteRegion target, String triple, FailedCheck check) {
        pair.serverTriesToWrite(target);
        pair.client().awaitState(QueuePairState.ERROR);
        pair.server().awaitState(QueuePairState.ERROR);
        AsyncEvent here = pair.client().awaitEvents(1).get(0);
        assertThat(here.kind()).isEqualTo(AsyncEvent.Kind.REMOTE_PROTECTION);
        assertThat(here.cause().check()).isEqualTo(check);
        assertThat(here.cause().stag()).isEqualTo(target.stag());
        assertThat(here.cause().terminate().triple()).isEqualTo(triple);
        AsyncEvent there = pair.server().awaitEvents(1).get(0);
        assertThat(there.kind()).isEqualTo(AsyncEvent.Kind.TERMINATE_RECEIVED);
        assertThat(there.cause().terminate().triple()).isEqualTo(triple);
        assertThat(there.cause().stag()).isEqualTo(target.stag());
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-08"})
    void ofADomainIsBoundAgainWithoutAnInvalidateAndUnboundByNoOctets() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.PROTECTION_DOMAIN);
            bind(pair, pair.client(), window.binding(ground.region(), 0, 100, BOTH));
            WindowBinding again = window.binding(ground.region(), 200, 100, BOTH);
            bind(pair, pair.client(), again);
            assertThat(ground.region().query().boundWindows()).isEqualTo(1);
            pair.serverWrites(again.remote(), 100);
            assertThat(ground.octets(200, 100)).isEqualTo(RequestPair.pattern(100));
            bind(pair, pair.client(), window.binding(ground.region(), 0, 0));
            assertThat(window.valid()).isFalse();
            assertThat(ground.region().query().boundWindows()).isZero();
            requireRefused(pair, again.remote(), "1/1/00", FailedCheck.ENTRY_VALID);
        }
    }

    /** Bound all the same (libibverbs refuses it): valid, and in the way of the next binding until it is invalidated. */
    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01"})
    void ofAQueuePairIsBoundToNoOctetsAndOpensNone() {
        try (RequestPair pair = RequestPair.open(RegistrationFailurePolicy.REACTIVE)) {
            Ground ground = Ground.of(pair.client(), 100);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding nothing = window.binding(ground.region(), 100, 0, BOTH);
            bind(pair, pair.client(), nothing);
            assertThat(window.valid()).isTrue();
            assertThat(window.stag()).isEqualTo(nothing.stag());
            assertThat(window.query().lengthOctets()).isZero();
            assertThat(window.query().queuePairNumber())
                    .isEqualTo(pair.client().queuePair().number());
            assertThat(ground.region().query().boundWindows()).isEqualTo(1);
            pair.serverWrites(nothing.remote(), 0);
            WindowBinding something = window.binding(ground.region(), 0, 100, BOTH);
            pair.client().post(pair.request().bindWindow(something).id(42));
            RequestPair.requireFailure(
                    pair.client().awaitSend(),
                    42,
                    WorkCompletionStatus.MEMORY_MANAGEMENT,
                    FailedCheck.ENTRY_NOT_INVALID);
            pair.client().queuePair().resumeSendQueue();
            invalidate(pair, nothing.stag());
            WindowBinding again = window.binding(ground.region(), 0, 0);
            bind(pair, pair.client(), again);
            requireRefused(pair, again.remote(), "1/1/01", FailedCheck.BASE_AND_BOUNDS);
            assertThat(ground.octets(0, 100)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-04", "VRB-MW-05", "DDP-8.3.1-05"})
    void hasRightsOfItsOwnWhateverTheRegionHas() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            // Two windows over the same octets.
            WindowBinding reading = pair.client()
                    .allocateWindow(WindowType.QUEUE_PAIR)
                    .binding(ground.region(), 0, 100, AccessFlag.REMOTE_READ);
            WindowBinding writing = pair.client()
                    .allocateWindow(WindowType.QUEUE_PAIR)
                    .binding(ground.region(), 50, 100, AccessFlag.REMOTE_WRITE);
            bind(pair, pair.client(), reading);
            bind(pair, pair.client(), writing);
            pair.serverWrites(writing.remote(), 50);
            assertThat(RequestPair.octets(ByteBuffer.wrap(pair.serverReads(reading.remote(), 100)), 50, 50))
                    .isEqualTo(RequestPair.pattern(50));
            requireRefused(pair, reading.remote(), "1/1/02", FailedCheck.ACCESS_RIGHT);
            assertThat(ground.octets(0, 50)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MR-01"})
    void endsWhereItsRangeEnds() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            WindowBinding binding =
                    pair.client().allocateWindow(WindowType.QUEUE_PAIR).binding(ground.region(), 100, 100, BOTH);
            bind(pair, pair.client(), binding);
            pair.serverWrites(binding.remote().slice(92, 8), 8);
            requireRefused(
                    pair,
                    new RemoteRegion(binding.stag(), binding.startAddress() + 93, 8),
                    "1/1/01",
                    FailedCheck.BASE_AND_BOUNDS);
            assertThat(ground.octets(200, 800)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-07"})
    void canBeFreedWhileBound() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding binding = window.binding(ground.region(), 0, 100, BOTH);
            bind(pair, pair.client(), binding);
            window.close();
            assertThat(ground.region().query().boundWindows()).isZero();
            requireRefused(pair, binding.remote(), "1/1/00", FailedCheck.ENTRY_VALID);
            assertThat(ground.octets(0, 100)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MR-13"})
    void keepsItsRegionRegistered() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding binding = window.binding(ground.region(), 0, 100, BOTH);
            bind(pair, pair.client(), binding);
            assertThatThrownBy(() -> ground.region().close()).isInstanceOf(ResourceInUseException.class);
            pair.serverWrites(binding.remote(), 100);
            assertThat(ground.octets(0, 100)).isEqualTo(RequestPair.pattern(100));
            invalidate(pair, binding.stag());
            ground.region().close();
        }
    }

    @ParameterizedTest
    @EnumSource(WindowType.class)
    @Requirement({"SYS-MEM-11", "VRB-MW-05", "SYS-MEM-09", "RDMAP-8.1.1-02", "VRB-PD-03"})
    void servesTheQueuePairsThatItsTypeAllows(WindowType type) {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            PairLink other = pair.pair().connectAnother();
            WindowBinding binding = pair.client().allocateWindow(type).binding(ground.region(), 0, 100, BOTH);
            bind(pair, other.client(), binding);
            if (type == WindowType.PROTECTION_DOMAIN) {
                pair.serverWrites(binding.remote(), 100);
                assertThat(ground.octets(0, 100)).isEqualTo(RequestPair.pattern(100));
            } else {
                requireRefused(pair, binding.remote(), "1/1/02", FailedCheck.QUEUE_PAIR_ASSOCIATION);
                assertThat(ground.octets(0, 100)).containsOnly(0xA5);
                // The stream that it belongs to is as before.
                assertThat(other.client().queuePair().state()).isEqualTo(QueuePairState.RTS);
            }
        }
    }

    @Test
    @Requirement({"SYS-MEM-09", "SYS-MEM-11"})
    void isTheOnlyWayInUnderTheStrictPolicy() {
        try (RequestPair pair = RequestPair.open(options -> options.withQueuePairs(
                queuePair -> queuePair.withRemoteAccessPolicy(RemoteAccessPolicy.WINDOWS_ONLY)))) {
            ByteBuffer buffer = RequestPair.filled(100);
            MemoryRegion region =
                    pair.client().register(buffer.duplicate(), AccessFlag.REMOTE_WRITE, AccessFlag.WINDOW_BIND);
            WindowBinding binding =
                    pair.client().allocateWindow(WindowType.QUEUE_PAIR).binding(region, 0, 50, AccessFlag.REMOTE_WRITE);
            bind(pair, pair.client(), binding);
            pair.serverWrites(binding.remote(), 50);
            assertThat(RequestPair.octets(buffer, 0, 50)).isEqualTo(RequestPair.pattern(50));
            requireRefused(pair, region.remote(50, 8), "1/1/00", FailedCheck.ENTRY_TYPE);
            assertThat(RequestPair.octets(buffer, 50, 50)).containsOnly(0xA5);
        }
    }

    @ParameterizedTest
    @EnumSource(WindowType.class)
    @Requirement({"SYS-MEM-11", "SYS-MEM-12"})
    void isGoodForOneMessageUnlessTheDeviceSaysOtherwise(WindowType type) {
        try (RequestPair pair = RequestPair.open(options -> options.withDevices(
                device -> device.withWindowLifetime(DeviceOptions.defaults().windowLifetime())))) {
            Ground ground = Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(type);
            WindowBinding binding = window.binding(ground.region(), 0, 100, BOTH);
            bind(pair, pair.client(), binding);
            pair.serverWrites(binding.remote(), 50);
            assertThat(window.valid()).isFalse();
            assertThat(ground.region().query().boundWindows()).isZero();
            // It can be bound again without an invalidate, and the first STag leads nowhere.
            bind(pair, pair.client(), window.binding(ground.region(), 200, 100, BOTH));
            pair.serverTriesToWrite(binding.remote());
            pair.client().awaitState(QueuePairState.ERROR);
            assertThat(ground.octets(0, 50)).isEqualTo(RequestPair.pattern(50));
            assertThat(ground.octets(50, 950)).containsOnly(0xA5);
        }
    }

    /** What was bound for one peer must not serve the next one. */
    @Test
    @Requirement({"SYS-MEM-11", "DDP-8.2-04"})
    void ofAQueuePairEndsWithTheConnection() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            MemoryWindow ofQueuePair = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            MemoryWindow ofDomain = pair.client().allocateWindow(WindowType.PROTECTION_DOMAIN);
            WindowBinding stale = ofQueuePair.binding(ground.region(), 0, 100, BOTH);
            WindowBinding lasting = ofDomain.binding(ground.region(), 200, 100, BOTH);
            bind(pair, pair.client(), stale);
            bind(pair, pair.client(), lasting);
            pair.client().queuePair().abort();
            assertThat(ofQueuePair.valid()).isFalse();
            assertThat(ofDomain.valid()).isTrue();
            assertThat(ground.region().query().boundWindows()).isEqualTo(1);
            pair.server().awaitState(QueuePairState.ERROR);
            pair.client().queuePair().modify(QueuePairState.IDLE);
            pair.server().queuePair().modify(QueuePairState.IDLE);
            pair.pair().connect(new PairLink(pair.client(), pair.server()));
            pair.proveDelivery(pair.client(), pair.server());
            pair.serverWrites(lasting.remote(), 100);
            pair.serverTriesToWrite(stale.remote());
            pair.client().awaitState(QueuePairState.ERROR);
            assertThat(pair.client().queuePair().query().cause().check()).isEqualTo(FailedCheck.ENTRY_VALID);
            assertThat(ground.octets(0, 100)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement("SYS-MEM-11")
    void ofAQueuePairEndsWithTheQueuePair() {
        try (RequestPair pair = RequestPair.open()) {
            Ground ground = Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            bind(pair, pair.client(), window.binding(ground.region(), 0, 100, BOTH));
            pair.client().queuePair().close();
            assertThat(window.valid()).isFalse();
            ground.region().close();
        }
    }
}
