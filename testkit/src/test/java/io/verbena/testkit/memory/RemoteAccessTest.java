package io.verbena.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The checks of what a peer wants to reach, in their order: each wrong access is wrong in every later respect too, and both
 * ends learn of the first.
 */
@Tag("tcp")
@Timeout(60)
class RemoteAccessTest {
    private static final int OCTETS = 256;

    /** What the peer wants. */
    enum Use {
        WRITE(AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ),
        READ(AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE),
        ATOMIC(AccessFlag.REMOTE_ATOMIC, AccessFlag.REMOTE_WRITE);

        private final AccessFlag right;
        private final AccessFlag other;

        Use(AccessFlag right, AccessFlag other) {
            this.right = right;
            this.other = other;
        }
    }

    /** What is the first thing wrong with it, and the Terminate codes for a Write (layer 1) and a Read or atomic operation (layer 0). */
    enum Fault {
        ZERO(FailedCheck.ENTRY_VALID, "00", "00"),
        NOT_VALID(FailedCheck.ENTRY_VALID, "00", "00"),
        REGION_WHERE_WINDOWS_ARE_ASKED_FOR(FailedCheck.ENTRY_TYPE, "00", "00"),
        WINDOW_OF_ANOTHER_QUEUE_PAIR(FailedCheck.QUEUE_PAIR_ASSOCIATION, "02", "03"),
        OTHER_DOMAIN(FailedCheck.PROTECTION_DOMAIN, "02", "03"),
        WINDOW_OF_ANOTHER_DOMAIN(FailedCheck.PROTECTION_DOMAIN, "02", "03"),
        STALE(FailedCheck.TAG_INSTANCE, "00", "00"),
        STALE_WINDOW(FailedCheck.TAG_INSTANCE, "00", "00"),
        WRAPS(FailedCheck.ADDRESS_WRAP, "03", "04"),
        BEFORE_THE_START(FailedCheck.BASE_AND_BOUNDS, "01", "01"),
        BEHIND_THE_END(FailedCheck.BASE_AND_BOUNDS, "01", "01"),
        BEHIND_THE_END_OF_A_WINDOW(FailedCheck.BASE_AND_BOUNDS, "01", "01"),
        NO_RIGHT(FailedCheck.ACCESS_RIGHT, "02", "02"),
        WINDOW_WITHOUT_THE_RIGHT(FailedCheck.ACCESS_RIGHT, "02", "02");

        private final FailedCheck check;
        private final String writeCode;
        private final String readCode;

        Fault(FailedCheck check, String writeCode, String readCode) {
            this.check = check;
            this.writeCode = writeCode;
            this.readCode = readCode;
        }

        String triple(Use use) {
            return use == Use.WRITE ? "1/1/" + writeCode : "0/1/" + readCode;
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Use.values()).flatMap(use -> Stream.of(Fault.values()).map(fault -> Arguments.of(use, fault)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Requirement({
        "SYS-MEM-09",
        "SYS-MEM-15",
        "DDP-4.2-05",
        "DDP-8.2-01",
        "DDP-8.2-02",
        "DDP-8.3-04",
        "DDP-8.3.1-01",
        "DDP-8.3.1-02",
        "DDP-8.3.1-05",
        "SEC-6.1.1-02",
        "SEC-6.1.1-03",
        "RDMAP-3.2-06",
        "RDMAP-8.1.2-03",
        "VRB-ST-03",
        "VRB-ST-04",
        "VRB-ST-01",
        "VRB-MR-01"
    })
    void bothEndsLearnOfTheFirstCheckThatFails(Use use, Fault fault) {
        PairOptions options = fault == Fault.REGION_WHERE_WINDOWS_ARE_ASKED_FOR
                ? PairOptions.defaults()
                        .withQueuePairs(pair -> pair.withRemoteAccessPolicy(RemoteAccessPolicy.WINDOWS_ONLY))
                : PairOptions.defaults();
        try (DevicePair pair = DevicePair.open(options);
                OtherDomain otherDomain = OtherDomain.beside(pair, pair.server())) {
            ByteBuffer memory = Guarded.filled(OCTETS);
            Target wrong = target(pair, otherDomain, Guarded.middle(memory), use, fault);
            MemorySnapshot before = pair.serverDevice().queryMemory(wrong.stag);

            WorkCompletion completion = perform(pair, use, wrong);

            AsyncEvent event = pair.server().awaitEvents(1).get(0);
            assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.REMOTE_PROTECTION);
            assertThat(event.cause().check()).isEqualTo(fault.check);
            assertThat(event.cause().stag()).isEqualTo(wrong.stag);
            assertThat(event.cause().address()).isEqualTo(wrong.address);
            assertThat(event.cause().right()).isEqualTo(use.right);
            assertThat(event.cause().terminate().triple()).isEqualTo(fault.triple(use));
            FailureCause heard;
            if (use != Use.WRITE) {
                assertThat(completion.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
                heard = completion.cause();
            } else {
                AsyncEvent told = pair.client().awaitEvents(1).get(0);
                assertThat(told.kind()).isEqualTo(AsyncEvent.Kind.TERMINATE_RECEIVED);
                heard = told.cause();
            }
            assertThat(heard.detectedBy()).isEqualTo(FailureCause.End.REMOTE);
            assertThat(heard.terminate().triple()).isEqualTo(fault.triple(use));
            assertThat(heard.stag()).isEqualTo(wrong.stag);
            pair.server().awaitState(QueuePairState.ERROR);
            assertThat(new Guarded(memory, null).untouched()).isTrue();
            // A window that belongs to a queue pair ends with that queue pair's connection.
            if (before != null
                    && before.queuePairNumber() != pair.server().queuePair().number()) {
                assertThat(pair.serverDevice().queryMemory(wrong.stag)).isEqualTo(before);
            }
        }
    }

    private record Target(int stag, long address) {}

    private static Target target(DevicePair pair, OtherDomain other, ByteBuffer octets, Use use, Fault fault) {
        PairEnd end = pair.server();
        RegionOptions crippled = RegionOptions.access(AccessFlag.LOCAL_WRITE, use.other, AccessFlag.WINDOW_BIND);
        switch (fault) {
            case ZERO:
                return new Target(0, -1);
            case NOT_VALID: {
                MemoryRegion region = other.allocateRegion(4, true);
                return new Target(region.stag() ^ 1, -1);
            }
            case OTHER_DOMAIN, REGION_WHERE_WINDOWS_ARE_ASKED_FOR: {
                MemoryRegion region = other.register(octets, crippled);
                return new Target(region.stag() ^ 1, -1);
            }
            case WINDOW_OF_ANOTHER_QUEUE_PAIR: {
                PairLink another = pair.connectAnother();
                WindowBinding binding = bind(another.server(), end.register(List.of(octets), crippled), use.other);
                return new Target(binding.stag() ^ 1, -1);
            }
            case WINDOW_OF_ANOTHER_DOMAIN: {
                MemoryRegion region = other.register(octets, crippled);
                WindowBinding binding = other.bind(region, OCTETS / 2, use.other);
                return new Target(binding.stag() ^ 1, -1);
            }
            case STALE_WINDOW: {
                WindowBinding binding = bind(end, end.register(List.of(octets), crippled), use.other);
                return new Target(binding.stag() ^ 1, -1);
            }
            case BEHIND_THE_END_OF_A_WINDOW: {
                WindowBinding binding = bind(end, end.register(List.of(octets), crippled), use.other);
                return new Target(binding.stag(), binding.startAddress() + OCTETS / 2 - 1);
            }
            case WINDOW_WITHOUT_THE_RIGHT: {
                WindowBinding binding = bind(end, end.register(List.of(octets), crippled), use.other);
                return new Target(binding.stag(), binding.startAddress());
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
                return new Target(stag, address);
            }
        }
    }

    /** Binds a window of the queue pair to the first half of the region. */
    private static WindowBinding bind(PairEnd end, MemoryRegion region, AccessFlag access) {
        MemoryWindow window = end.allocateWindow(WindowType.QUEUE_PAIR);
        WindowBinding binding = window.binding(region, 0, OCTETS / 2, access);
        end.queuePair().postSend(new SendRequest().bindWindow(binding)).orThrow();
        end.awaitSendSuccess();
        return binding;
    }

    private static WorkCompletion perform(DevicePair pair, Use use, Target wrong) {
        MemoryRegion local = pair.client().register(OCTETS);
        SendRequest request = new SendRequest();
        switch (use) {
            case WRITE -> request.write(wrong.stag, wrong.address).local(local, 0, 2);
            case READ -> request.read(wrong.stag, wrong.address).local(local, 0, 2);
            case ATOMIC -> request.fetchAdd(wrong.stag, wrong.address, 1).local(local, 0, 8);
        }
        pair.client().queuePair().postSend(request).orThrow();
        return pair.client().awaitSend();
    }

    @ParameterizedTest
    @EnumSource(WindowType.class)
    @Requirement({"SYS-MEM-09", "DDP-8.2-02", "DDP-8.3-03", "DDP-8.3.1-02", "SEC-6.1.1-01", "SEC-6.1.1-03"})
    void aWindowIsGoodForItsQueuePairOrItsDomain(WindowType type) {
        PairOptions options = PairOptions.defaults()
                .withDevices(device -> device.withWindowLifetime(WindowLifetime.UNTIL_INVALIDATED))
                .withQueuePairs(pair -> pair.withRemoteAccessPolicy(RemoteAccessPolicy.WINDOWS_ONLY));
        try (DevicePair pair = DevicePair.open(options)) {
            PairLink another = pair.connectAnother();
            ByteBuffer memory = Guarded.filled(OCTETS);
            MemoryRegion region = pair.server().register(Guarded.middle(memory), AccessFlag.WINDOW_BIND);
            MemoryWindow window = pair.server().allocateWindow(type);
            WindowBinding binding = window.zeroBasedBinding(region, 16, 32, AccessFlag.REMOTE_WRITE);
            pair.server()
                    .queuePair()
                    .postSend(new SendRequest().bindWindow(binding))
                    .orThrow();
            pair.server().awaitSendSuccess();
            assertThat(window.query().queuePairNumber())
                    .isEqualTo(
                            type == WindowType.QUEUE_PAIR
                                    ? pair.server().queuePair().number()
                                    : -1);

            byte[] pattern = HexVectors.pattern(32);
            MemoryRegion source = pair.client().register(ByteBuffer.wrap(pattern.clone()));
            SendRequest write = new SendRequest();
            pair.client()
                    .queuePair()
                    .postSend(write.write(binding.stag(), 0).local(source, 0, 32))
                    .orThrow();
            Guarded guarded = new Guarded(memory, region);
            pair.server().await("the Write", () -> guarded.octets(47, 1)[0] == pattern[31]);
            assertThat(guarded.octets(16, 32)).isEqualTo(pattern);
            assertThat(guarded.guardsUntouched()).isTrue();

            another.client()
                    .queuePair()
                    .postSend(write.write(binding.stag(), 0).local(source, 1, 1))
                    .orThrow();
            if (type == WindowType.PROTECTION_DOMAIN) {
                pair.server().await("the other Write", () -> guarded.octets(16, 1)[0] == pattern[1]);
            } else {
                assertThat(another.server().awaitEvents(1).get(0).cause().check())
                        .isEqualTo(FailedCheck.QUEUE_PAIR_ASSOCIATION);
                assertThat(guarded.octets(16, 1)[0]).isEqualTo(pattern[0]);
            }
        }
    }
}
