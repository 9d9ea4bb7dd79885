package io.verbena.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory that is good for one tagged message, as the in-order stream of TCP has it. */
@Tag("tcp")
@Timeout(60)
class OneTouchOverTcpTest {
    private static final int MOST_OCTETS = 1 << 20;
    private static final RegionOptions ONE_TOUCH = RegionOptions.access(
                    AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ)
            .withOneTouch(true);

    /** One segment, a few, and so many that they take more than one read of the socket. */
    static Stream<Arguments> lengths() {
        return Stream.of(PlacementMode.values())
                .flatMap(mode ->
                        IntStream.of(1, 1000, 200_000, MOST_OCTETS).mapToObj(octets -> Arguments.of(mode, octets)));
    }

    private static DevicePair open(PlacementMode mode) {
        return DevicePair.open(PairOptions.defaults().withPlacement(mode));
    }

    private static MemoryRegion pattern(DevicePair pair, int octets) {
        return pair.client().register(ByteBuffer.wrap(HexVectors.pattern(octets)));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    @Requirement("SYS-MEM-12")
    void aRegionIsGoodForOneWriteAndNotForTheOneRacingBehind(PlacementMode mode, int octets) {
        try (DevicePair pair = open(mode)) {
            ByteBuffer memory = Guarded.filled(octets);
            Guarded target = new Guarded(memory, pair.server().register(List.of(Guarded.middle(memory)), ONE_TOUCH));
            assertThat(target.region().query().oneTouch()).isTrue();
            MemoryRegion source = pattern(pair, octets);
            MemoryRegion zeros = pair.client().register(octets);
            SendRequest request = new SendRequest();
            var client = pair.client().queuePair();
            client.postSend(request.write(target.region().remote()).local(source, 0, octets))
                    .orThrow();
            client.postSend(request.write(target.region().remote()).local(zeros, 0, octets))
                    .orThrow();

            AsyncEvent event = pair.server().awaitEvents(1).get(0);
            assertThat(event.cause().check()).isEqualTo(FailedCheck.ALREADY_TOUCHED);
            assertThat(event.cause().stag()).isEqualTo(target.region().stag());
            assertThat(event.cause().terminate().triple()).isEqualTo("1/1/00");
            assertThat(pair.client().awaitEvents(1).get(0).cause().terminate().triple())
                    .isEqualTo("1/1/00");
            assertThat(target.octets(0, octets)).isEqualTo(HexVectors.pattern(octets));
            assertThat(target.guardsUntouched()).isTrue();
            assertThat(target.region().valid()).isFalse();
            assertThat(pair.serverDevice().dumpMemory()).contains("one-touch, used");
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    @Requirement("SYS-MEM-12")
    void theSinkOfAReadIsGoodForOneResponse(PlacementMode mode, int octets) {
        try (DevicePair pair = open(mode)) {
            byte[] pattern = HexVectors.pattern(octets);
            MemoryRegion source = pair.server().register(ByteBuffer.wrap(pattern.clone()), AccessFlag.REMOTE_READ);
            ByteBuffer memory = Guarded.filled(octets);
            Guarded sink = new Guarded(memory, pair.client().register(List.of(Guarded.middle(memory)), ONE_TOUCH));
            SendRequest request = new SendRequest();
            var client = pair.client().queuePair();
            client.postSend(request.read(source.remote())
                            .local(sink.region(), 0, octets)
                            .id(1))
                    .orThrow();
            WorkCompletion first = pair.client().awaitSendSuccess();
            assertThat(first.lengthOctets()).isEqualTo(octets);
            assertThat(sink.octets(0, octets)).isEqualTo(pattern);
            assertThat(sink.region().valid()).isFalse();

            client.postSend(request.read(source.remote())
                            .local(sink.region(), 0, octets)
                            .id(2))
                    .orThrow();
            WorkCompletion second = pair.client().awaitSend();
            assertThat(second.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
            assertThat(second.cause().check()).isEqualTo(FailedCheck.ALREADY_TOUCHED);
            assertThat(sink.guardsUntouched()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    @Requirement("SYS-MEM-12")
    void aWindowIsGoodForOneWriteAndLeavesItsRegionFree(PlacementMode mode, int octets) {
        try (DevicePair pair = open(mode)) {
            ByteBuffer memory = Guarded.filled(octets);
            Guarded region =
                    new Guarded(memory, pair.server().register(Guarded.middle(memory), AccessFlag.WINDOW_BIND));
            MemoryWindow window = pair.server().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding binding = window.binding(region.region(), 0, octets, AccessFlag.REMOTE_WRITE);
            bind(pair, binding);
            assertThat(region.region().query().boundWindows()).isEqualTo(1);
            MemoryRegion source = pattern(pair, octets);
            pair.client()
                    .queuePair()
                    .postSend(new SendRequest().write(binding.remote()).local(source, 0, octets))
                    .orThrow();
            pair.server().await("the end of the window", () -> !window.valid());
            pair.server()
                    .await(
                            "the end of the binding",
                            () -> region.region().query().boundWindows() == 0);
            assertThat(region.octets(0, octets)).isEqualTo(HexVectors.pattern(octets));
            assertThat(region.guardsUntouched()).isTrue();
            assertThat(region.region().valid()).isTrue();
            // The stream lives on, and the same window can be bound again.
            bind(pair, window.binding(region.region(), 0, 1, AccessFlag.REMOTE_WRITE));
            assertThat(window.valid()).isTrue();
            window.close();
            region.region().close();
        }
    }

    private static void bind(DevicePair pair, WindowBinding binding) {
        pair.server()
                .queuePair()
                .postSend(new SendRequest().bindWindow(binding))
                .orThrow();
        pair.server().awaitSendSuccess();
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement("SYS-MEM-12")
    void whatIsNotOneTouchIsGoodForMany(PlacementMode mode) {
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withDevices(device -> device.withWindowLifetime(WindowLifetime.UNTIL_INVALIDATED));
        try (DevicePair pair = DevicePair.open(options)) {
            ByteBuffer memory = Guarded.filled(100);
            MemoryRegion region =
                    pair.server().register(Guarded.middle(memory), AccessFlag.WINDOW_BIND, AccessFlag.REMOTE_WRITE);
            MemoryWindow window = pair.server().allocateWindow(WindowType.QUEUE_PAIR);
            bind(pair, window.binding(region, 0, 100, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ));
            MemoryRegion source = pattern(pair, 100);
            SendRequest request = new SendRequest();
            var client = pair.client().queuePair();
            for (int i = 0; i < 10; i++) {
                client.postSend(request.write(window.stag(), region.startAddress())
                                .local(source, i, 10))
                        .orThrow();
                client.postSend(request.write(region.remote(50, 10)).local(source, i, 10))
                        .orThrow();
                pair.client().awaitSendSuccess();
                pair.client().awaitSendSuccess();
            }
            MemoryRegion sink = pair.client().register(10);
            client.postSend(request.read(window.stag(), region.startAddress()).local(sink, 0, 10))
                    .orThrow();
            pair.client().awaitSendSuccess();
            assertThat(window.valid()).isTrue();
            Guarded guarded = new Guarded(memory, region);
            byte[] last = Arrays.copyOfRange(HexVectors.pattern(100), 9, 19);
            assertThat(guarded.octets(0, 10)).isEqualTo(last);
            assertThat(guarded.octets(50, 10)).isEqualTo(last);
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement("SYS-MEM-12")
    void beingReadIsNotBeingTouched(PlacementMode mode) {
        try (DevicePair pair = open(mode)) {
            MemoryRegion source = pair.server().register(List.of(ByteBuffer.allocateDirect(100)), ONE_TOUCH);
            MemoryRegion sink = pair.client().register(100);
            SendRequest request = new SendRequest();
            for (int i = 0; i < 3; i++) {
                pair.client()
                        .queuePair()
                        .postSend(request.read(source.remote()).local(sink, 0, 100))
                        .orThrow();
                pair.client().awaitSendSuccess();
            }
            assertThat(source.valid()).isTrue();
        }
    }
}
