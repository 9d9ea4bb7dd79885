package io.verbena.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Memory whose scope the application closes while it is registered (Java 22 and later): what uses it fails like an access to
 * memory that was deregistered, the loop and other connections go on.
 */
@Tag("tcp")
@Timeout(60)
class ClosedScopeTest {
    /** What meets the closed memory. */
    enum Use {
        SEND_SOURCE,
        WRITE_SOURCE,
        READ_SINK,
        RECEIVE,
        REMOTE_WRITE,
        REMOTE_READ
    }

    static Stream<Arguments> cases() {
        return Stream.of(PlacementMode.values())
                .flatMap(mode -> Stream.of(Use.values())
                        .flatMap(use -> Stream.of(64, 300_000).map(octets -> Arguments.of(mode, use, octets))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void failsTheAccessAndNothingElse(PlacementMode mode, Use use, int octets) throws Exception {
        assumeThat(Runtime.version().feature())
                .as("scopes of memory exist from Java 22 on")
                .isGreaterThanOrEqualTo(22);
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withPlacement(mode))) {
            PairLink bystanders = pair.connectAnother();
            PairEnd owner = switch (use) {
                case SEND_SOURCE, WRITE_SOURCE, READ_SINK -> pair.client();
                case RECEIVE, REMOTE_WRITE, REMOTE_READ -> pair.server();
            };
            AutoCloseable arena = (AutoCloseable) arenas().getMethod("ofShared").invoke(null);
            MemoryRegion closed =
                    owner.register(buffer(arena, octets), AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
            arena.close();

            FailureCause cause = meet(pair, use, closed, octets);

            assertThat(cause.check()).isEqualTo(FailedCheck.ENTRY_VALID);
            assertThat(cause.stag()).isEqualTo(closed.stag());
            closed.close();
            MemoryRegion source = pair.client().register(8);
            bystanders.server().postReceive(1, pair.server().register(8));
            bystanders
                    .client()
                    .queuePair()
                    .postSend(new SendRequest().send().local(source, 0, 8))
                    .orThrow();
            bystanders.server().awaitReceiveSuccess();
        }
    }

    @Test
    void localAtomicsSayThatTheScopeIsClosed() throws Exception {
        assumeThat(Runtime.version().feature())
                .as("scopes of memory exist from Java 22 on")
                .isGreaterThanOrEqualTo(22);
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            AutoCloseable arena = (AutoCloseable) arenas().getMethod("ofShared").invoke(null);
            MemoryRegion closed =
                    pair.client().register(List.of(buffer(arena, 64)), RegionOptions.access(AccessFlag.LOCAL_WRITE));
            closed.atomics().fetchAdd(0, 1);
            arena.close();
            assertThatThrownBy(() -> closed.atomics().fetchAdd(0, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("scope of its memory was closed");
            assertThatThrownBy(() -> closed.atomics().compareSwap(8, 0, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("scope of its memory was closed");
            // The unit is free again, and no pin is left.
            MemoryRegion other = pair.client().register(64);
            assertThat(other.atomics().swap(0, 5)).isZero();
            closed.close();
        }
    }

    private static FailureCause meet(DevicePair pair, Use use, MemoryRegion closed, int octets) {
        PairEnd near = use == Use.RECEIVE || use == Use.REMOTE_WRITE || use == Use.REMOTE_READ ? pair.client() : null;
        MemoryRegion other = near != null
                ? near.register(octets)
                : pair.server().register(octets, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
        SendRequest request = new SendRequest();
        MemoryRegion local = near == null ? closed : other;
        MemoryRegion remote = near == null ? other : closed;
        switch (use) {
            case SEND_SOURCE -> {
                pair.server().postReceive(1, other);
                request.send();
            }
            case RECEIVE -> {
                pair.server().postReceive(1, closed);
                request.send();
            }
            case WRITE_SOURCE, REMOTE_WRITE -> request.write(remote.remote());
            case READ_SINK, REMOTE_READ -> request.read(remote.remote());
        }
        pair.client().queuePair().postSend(request.local(local, 0, octets)).orThrow();
        switch (use) {
            case RECEIVE -> {
                WorkCompletion failed = pair.server().awaitReceive();
                assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
                return failed.cause();
            }
            case REMOTE_WRITE, REMOTE_READ -> {
                return pair.server().awaitEvents(1).get(0).cause();
            }
            default -> {
                WorkCompletion failed = pair.client().awaitSend();
                assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
                return failed.cause();
            }
        }
    }

    private static Class<?> arenas() throws ClassNotFoundException {
        return Class.forName("java.lang.foreign.Arena");
    }

    private static ByteBuffer buffer(Object arena, long octets) throws ReflectiveOperationException {
        Object segment = arenas().getMethod("allocate", long.class, long.class).invoke(arena, octets, 8L);
        Method asByteBuffer = Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer");
        return (ByteBuffer) asByteBuffer.invoke(segment);
    }
}
