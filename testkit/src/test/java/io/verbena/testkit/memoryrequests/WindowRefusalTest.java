package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bindings that are refused (VRB-MW-01): the completion names the check, window and region are as before. */
@Tag("tcp")
@Timeout(60)
class WindowRefusalTest {
    private static RequestPair open() {
        return RequestPair.open(RegistrationFailurePolicy.REACTIVE);
    }

    private static WindowBinding binding(RequestPair pair, MemoryRegion region, AccessFlag... rights) {
        return pair.client().allocateWindow(WindowType.QUEUE_PAIR).binding(region, 0, 8, rights);
    }

    private static void requireRefused(
            RequestPair pair, WindowBinding binding, WorkCompletionStatus status, FailedCheck check) {
        requireRefused(pair, pair.client(), binding, status, check);
        assertThat(binding.window().valid()).isFalse();
    }

    private static void requireRefused(
            RequestPair pair, PairEnd end, WindowBinding binding, WorkCompletionStatus status, FailedCheck check) {
        end.post(pair.request().bindWindow(binding).id(78));
        WorkCompletion failed = end.awaitSend();
        RequestPair.requireFailure(failed, 78, status, check);
        assertThat(failed.operation()).isEqualTo(CompletedOperation.BIND_WINDOW);
        assertThat(failed.cause().stag()).isEqualTo(binding.stag());
        end.queuePair().resumeSendQueue();
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01", "VRB-QP-11"})
    void refusesAQueuePairThatMayNotBind() {
        try (RequestPair pair = RequestPair.open(options -> options.withQueuePairs(queuePair ->
                queuePair.withWindowBind(false).withRegistrationFailurePolicy(RegistrationFailurePolicy.REACTIVE)))) {
            MemoryRegion region = pair.client().register(8, AccessFlag.WINDOW_BIND);
            requireRefused(
                    pair,
                    binding(pair, region, AccessFlag.REMOTE_READ),
                    WorkCompletionStatus.NOT_ENABLED,
                    FailedCheck.BIND_NOT_ENABLED);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "SYS-MEM-08", "VRB-MW-01"})
    void refusesARegionThatDoesNotAllowIt() {
        try (RequestPair pair = open()) {
            MemoryRegion region = pair.client().register(8, AccessFlag.REMOTE_READ);
            requireRefused(
                    pair,
                    binding(pair, region, AccessFlag.REMOTE_READ),
                    WorkCompletionStatus.MEMORY_MANAGEMENT,
                    FailedCheck.WINDOW_BIND_RIGHT);
            assertThat(region.query().boundWindows()).isZero();
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-02", "VRB-MW-01"})
    void refusesAZeroBasedRegion() {
        try (RequestPair pair = open()) {
            MemoryRegion region = pair.client()
                    .register(
                            List.of(ByteBuffer.allocateDirect(8)),
                            RegionOptions.access(AccessFlag.WINDOW_BIND).withZeroBase());
            requireRefused(
                    pair,
                    binding(pair, region, AccessFlag.REMOTE_READ),
                    WorkCompletionStatus.MEMORY_MANAGEMENT,
                    FailedCheck.ZERO_BASED_REGION);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01"})
    void refusesARightWhoseLocalRightTheRegionLacks() {
        try (RequestPair pair = open()) {
            MemoryRegion region = pair.client()
                    .register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.access(AccessFlag.WINDOW_BIND));
            requireRefused(
                    pair,
                    binding(pair, region, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE),
                    WorkCompletionStatus.MEMORY_MANAGEMENT,
                    FailedCheck.WINDOW_RIGHTS);
            WindowTest.bind(pair, pair.client(), binding(pair, region, AccessFlag.REMOTE_READ));
        }
    }

    static Stream<Arguments> rangesOutside() {
        return Stream.of(
                Arguments.of(0L, 101L),
                Arguments.of(1L, 100L),
                Arguments.of(100L, 1L),
                Arguments.of(101L, 0L),
                Arguments.of(0L, Long.MAX_VALUE),
                Arguments.of(Long.MAX_VALUE, 8L),
                Arguments.of(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("rangesOutside")
    @Requirement({"SYS-MEM-11", "VRB-MW-01"})
    void refusesARangeThatIsNotInTheRegion(long offset, long length) {
        try (RequestPair pair = open()) {
            MemoryRegion region = pair.client().register(100, AccessFlag.WINDOW_BIND);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            requireRefused(
                    pair,
                    window.binding(region, offset, length, AccessFlag.REMOTE_WRITE),
                    WorkCompletionStatus.LOCAL_BOUNDS,
                    FailedCheck.BASE_AND_BOUNDS);
            WindowTest.bind(pair, pair.client(), window.binding(region, 0, 100, AccessFlag.REMOTE_WRITE));
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "SYS-MEM-01", "VRB-MW-01"})
    void refusesABindingThatANewerOneHasOvertaken() {
        try (RequestPair pair = open()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            MemoryWindow window = pair.client().allocateWindow(WindowType.PROTECTION_DOMAIN);
            WindowBinding older = window.binding(ground.region(), 0, 100, AccessFlag.REMOTE_WRITE);
            WindowBinding newer = window.binding(ground.region(), 50, 50, AccessFlag.REMOTE_WRITE);
            WindowTest.bind(pair, pair.client(), newer);
            requireRefused(
                    pair, pair.client(), older, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            requireRefused(
                    pair, pair.client(), newer, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            assertThat(window.stag()).isEqualTo(newer.stag());
            pair.serverWrites(newer.remote(), 50);
            assertThat(ground.octets(0, 50)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01"})
    void refusesToUnbindAWindowOfAnotherDomain() {
        try (RequestPair pair = open()) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            MemoryRegion region = pair.client().register(8, AccessFlag.WINDOW_BIND);
            MemoryWindow theirs = other.allocateWindow(WindowType.PROTECTION_DOMAIN);
            int before = theirs.stag();
            requireRefused(
                    pair,
                    theirs.binding(region, 0, 0),
                    WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN,
                    FailedCheck.PROTECTION_DOMAIN);
            assertThat(theirs.stag()).isEqualTo(before);
            theirs.close();
            other.close();
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01"})
    void refusesARegionThatIsGone() {
        try (RequestPair pair = open()) {
            MemoryRegion region = pair.client().register(8, AccessFlag.WINDOW_BIND);
            WindowBinding binding = binding(pair, region, AccessFlag.REMOTE_READ);
            region.close();
            requireRefused(pair, binding, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01"})
    void refusesAWindowThatIsGone() {
        try (RequestPair pair = open()) {
            MemoryRegion region = pair.client().register(8, AccessFlag.WINDOW_BIND);
            WindowBinding binding = binding(pair, region, AccessFlag.REMOTE_READ);
            binding.window().close();
            requireRefused(pair, binding, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01", "VRB-PD-04"})
    void refusesWhatIsOfAnotherDomain() {
        try (RequestPair pair = open()) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            MemoryRegion theirs =
                    other.register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.access(AccessFlag.WINDOW_BIND));
            MemoryRegion ours = pair.client().register(8, AccessFlag.WINDOW_BIND);
            MemoryWindow theirWindow = other.allocateWindow(WindowType.QUEUE_PAIR);
            requireRefused(
                    pair,
                    binding(pair, theirs, AccessFlag.REMOTE_READ),
                    WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN,
                    FailedCheck.PROTECTION_DOMAIN);
            requireRefused(
                    pair,
                    theirWindow.binding(ours, 0, 8, AccessFlag.REMOTE_READ),
                    WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN,
                    FailedCheck.PROTECTION_DOMAIN);
            theirWindow.close();
            theirs.close();
            other.close();
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-01", "VRB-MO-06", "VRB-MW-06"})
    void refusesAWindowThatIsBoundHereAndOnAnotherQueuePair() {
        try (RequestPair pair = open()) {
            PairLink other = pair.pair().connectAnother();
            MemoryRegion region = pair.client().register(100, AccessFlag.WINDOW_BIND);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding first = window.binding(region, 0, 50, AccessFlag.REMOTE_WRITE);
            WindowBinding second = window.binding(region, 50, 50, AccessFlag.REMOTE_WRITE);
            WindowTest.bind(pair, pair.client(), first);
            requireRefused(
                    pair, pair.client(), second, WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.ENTRY_NOT_INVALID);
            requireRefused(
                    pair,
                    other.client(),
                    second,
                    WorkCompletionStatus.MEMORY_MANAGEMENT,
                    FailedCheck.ENTRY_NOT_INVALID);
            // Nor may the other queue pair invalidate it (VRB-MW-06).
            other.client().post(pair.request().localInvalidate(first.stag()).id(79));
            RequestPair.requireFailure(
                    other.client().awaitSend(),
                    79,
                    WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN,
                    FailedCheck.QUEUE_PAIR_ASSOCIATION);
            other.client().queuePair().resumeSendQueue();
            pair.serverWrites(first.remote(), 50);
            pair.client().post(pair.request().localInvalidate(first.stag()).id(80));
            pair.client().awaitSendSuccess();
            // Invalid it belongs to the domain again: the other queue pair can bind it.
            WindowTest.bind(pair, other.client(), second);
            assertThat(window.query().queuePairNumber())
                    .isEqualTo(other.client().queuePair().number());
        }
    }
}
