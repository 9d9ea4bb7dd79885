package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.TranslationMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Regions over every kind of buffer, every base and every translation give the same octets. */
@Tag("tcp")
@Timeout(60)
class MemoryKindsTest {
    private static final RegionOptions ALL_RIGHTS =
            RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
    private static final int OCTETS = 100_000;

    @TempDir
    private Path folder;

    static Stream<Arguments> kindsAndModes() {
        return Stream.of("direct", "heap", "mapped", "several", "slice")
                .flatMap(kind -> Stream.of(PlacementMode.values()).map(mode -> Arguments.of(kind, mode)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndModes")
    @Requirement({"SYS-MEM-03", "VRB-ST-05", "VRB-MR-15"})
    void usesBuffersOfEveryKind(String kind, PlacementMode mode) throws IOException {
        List<ByteBuffer> near = buffers(kind, "near");
        List<ByteBuffer> far = buffers(kind, "far");
        fill(near);
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withPlacement(mode))) {
            MemoryRegion source = pair.client().register(near, ALL_RIGHTS);
            MemoryRegion target = pair.server().register(far, ALL_RIGHTS);
            assertThat(source.lengthOctets()).isEqualTo(OCTETS);
            writeReadSend(pair, source, target, far);
        }
    }

    private static void writeReadSend(DevicePair pair, MemoryRegion source, MemoryRegion target, List<ByteBuffer> far) {
        TestMemory sink = TestMemory.open(pair.client(), OCTETS);
        SendRequest request = new SendRequest();
        var client = pair.client().queuePair();
        client.postSend(request.write(target.remote()).local(source, 0, OCTETS)).orThrow();
        client.postSend(request.read(target.remote(7, OCTETS - 7)).local(sink.region(), 7, OCTETS - 7))
                .orThrow();
        pair.client().awaitSendSuccess();
        pair.client().awaitSendSuccess();
        byte[] expected = HexVectors.pattern(OCTETS);
        assertThat(contents(far)).isEqualTo(expected);
        assertThat(sink.octets(7, OCTETS - 7)).isEqualTo(Arrays.copyOfRange(expected, 7, OCTETS));
        far.forEach(buffer -> buffer.duplicate().put(new byte[buffer.remaining()]));
        pair.server().postReceive(1, target);
        client.postSend(request.send().local(source, 0, OCTETS)).orThrow();
        pair.server().awaitReceiveSuccess();
        pair.client().awaitSendSuccess();
        assertThat(contents(far)).isEqualTo(expected);
    }

    private List<ByteBuffer> buffers(String kind, String name) throws IOException {
        switch (kind) {
            case "direct":
                return List.of(ByteBuffer.allocateDirect(OCTETS));
            case "heap":
                return List.of(ByteBuffer.allocate(OCTETS));
            case "mapped":
                try (FileChannel file = FileChannel.open(
                        folder.resolve(name),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
                    return List.of(file.map(FileChannel.MapMode.READ_WRITE, 0, OCTETS));
                }
            case "several":
                IntFunction<ByteBuffer> heapOrDirect = i ->
                        i % 2 == 0 ? ByteBuffer.allocate(pieceOctets(i)) : ByteBuffer.allocateDirect(pieceOctets(i));
                return Stream.iterate(0, i -> i + 1)
                        .limit(5)
                        .map(heapOrDirect::apply)
                        .toList();
            case "slice":
                return List.of(
                        ByteBuffer.allocateDirect(OCTETS + 100).position(33).limit(OCTETS + 33));
            default:
                throw new IllegalArgumentException(kind);
        }
    }

    private static int pieceOctets(int i) {
        return new int[] {1, 49_999, 4_096, 7, 45_897}[i];
    }

    private static void fill(List<ByteBuffer> buffers) {
        ByteBuffer pattern = ByteBuffer.wrap(HexVectors.pattern(OCTETS));
        for (ByteBuffer buffer : buffers) {
            byte[] part = new byte[buffer.remaining()];
            pattern.get(part);
            buffer.duplicate().put(part);
        }
    }

    private static byte[] contents(List<ByteBuffer> buffers) {
        ByteBuffer all = ByteBuffer.allocate(OCTETS);
        buffers.forEach(buffer -> all.put(buffer.duplicate()));
        return all.array();
    }

    static Stream<Arguments> modesAndPages() {
        return Stream.of(TranslationMode.values())
                .flatMap(mode -> Stream.of(1 << 12, 1 << 13, 1 << 16, 1 << 20, 1 << 24, 1 << 28)
                        .map(page -> Arguments.of(mode, page)));
    }

    @ParameterizedTest
    @MethodSource("modesAndPages")
    @Requirement({"SYS-MEM-03", "VRB-MR-03"})
    void translatesInEveryModeAndPageSizeToTheSameOctets(TranslationMode translation, int pageOctets)
            throws IOException {
        RegionOptions options = ALL_RIGHTS.withTranslationMode(translation).withPageOctets(pageOctets);
        List<ByteBuffer> near = buffers("several", "near");
        fill(near);
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            MemoryRegion source = pair.client().register(near, options);
            // The first page begins with its first octet, in its middle, with its last; or the last ends with its last.
            for (int first : new int[] {0, 0x123, pageOctets - 1, -OCTETS & pageOctets - 1}) {
                List<ByteBuffer> far = buffers("several", "far");
                MemoryRegion target = pair.server().register(far, options.withStartAddress(0x40_0000_0000L + first));
                assertThat(target.query().translationMode()).isEqualTo(translation);
                assertThat(target.query().pageOctets()).isEqualTo(pageOctets);
                assertThat(target.query().firstOffset()).isEqualTo(first);
                assertThat(target.query().pages()).isEqualTo((first + OCTETS - 1L) / pageOctets + 1);
                writeReadSend(pair, source, target, far);
            }
        }
    }

    @Test
    @ConnectedPair
    @Requirement({"VRB-MR-02", "VRB-MR-12"})
    void numbersARegionFromWhereTheConsumerWants(DevicePair pair) {
        for (long start : new long[] {0, 1, 0x7FFF_FFFF_FFFF_FFFFL, -64, 0x8000_0000_0000_0000L}) {
            ByteBuffer memory = ByteBuffer.allocateDirect(64);
            RegionOptions options = start == 0 ? ALL_RIGHTS.withZeroBase() : ALL_RIGHTS.withStartAddress(start);
            MemoryRegion target = pair.server().register(List.of(memory), options);
            assertThat(target.startAddress()).isEqualTo(start);
            TestMemory source = TestMemory.pattern(pair.client(), 64);
            SendRequest request = new SendRequest();
            pair.client()
                    .queuePair()
                    .postSend(request.write(target.remote(3, 61)).local(source.region(), 0, 61))
                    .orThrow();
            pair.client()
                    .queuePair()
                    .postSend(request.read(target.remote()).local(source.region(), 0, 64))
                    .orThrow();
            pair.client().awaitSendSuccess();
            pair.client().awaitSendSuccess();
            assertThat(memory.get(3)).isEqualTo((byte) 3);
            assertThat(memory.get(63)).isEqualTo((byte) (7 * 60 + 3));
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement("SYS-MEM-03")
    void reachesOffsetsBeyondTwoGibibytes(PlacementMode mode) {
        // One buffer, registered again and again behind itself: three gibibytes of addresses over 16 MiB of memory.
        int pieceOctets = 16 << 20;
        try (DevicePair pair = DevicePair.open(PairOptions.defaults().withPlacement(mode))) {
            ByteBuffer piece = ByteBuffer.allocateDirect(pieceOctets);
            List<ByteBuffer> pieces = new ArrayList<>(Collections.nCopies(191, piece));
            ByteBuffer tail = ByteBuffer.allocateDirect(pieceOctets);
            pieces.add(tail);
            MemoryRegion huge = pair.server().register(pieces, ALL_RIGHTS);
            assertThat(huge.lengthOctets()).isEqualTo(192L * pieceOctets);
            requireWritten(pair.client(), pair, huge.remote(), 191L * pieceOctets - 5_000, 10_000);
            assertThat(tail.slice(0, 5_000)).isEqualTo(ByteBuffer.wrap(HexVectors.pattern(10_000), 5_000, 5_000));
            requireWritten(pair.client(), pair, huge.remote(), 192L * pieceOctets - 3, 3);
            requireWritten(pair.client(), pair, huge.remote(), (1L << 31) - 1, 2);
        }
    }

    /** Pages so small that the lists of the indirect modes are many: 512 pages each, and 512 lists of the second order. */
    @ParameterizedTest
    @EnumSource(
            value = TranslationMode.class,
            names = {"FIRST_ORDER_INDIRECT", "SECOND_ORDER_INDIRECT"})
    @Requirement("SYS-MEM-03")
    void findsTheRightPageInEveryListOfTheIndirectModes(TranslationMode mode) {
        int pieceOctets = 16 << 20;
        long list = 512L << 12;
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ByteBuffer piece = ByteBuffer.allocateDirect(pieceOctets);
            ByteBuffer tail = ByteBuffer.allocateDirect(pieceOctets);
            List<ByteBuffer> pieces = new ArrayList<>(Collections.nCopies(129, piece));
            pieces.add(tail);
            MemoryRegion huge = pair.server()
                    .register(pieces, ALL_RIGHTS.withTranslationMode(mode).withPageOctets(1 << 12));
            assertThat(huge.query().pages()).isEqualTo(130 * 8 * 512L);
            long end = huge.lengthOctets();
            for (long offset : new long[] {list - 5, 7 * list + 4090, 512 * list - 5, 1030 * list - 5, end - 10}) {
                piece.put(0, new byte[pieceOctets]);
                requireWritten(pair.client(), pair, huge.remote(), offset, 10);
                for (int i = 0; i < 10; i++) {
                    ByteBuffer in = offset + i < end - pieceOctets ? piece : tail;
                    assertThat(in.get((int) ((offset + i) % pieceOctets)))
                            .as("octet %d behind %d", i, offset)
                            .isEqualTo(HexVectors.pattern(10)[i]);
                }
            }
        }
    }

    @Test
    @Requirement("SYS-MEM-03")
    void theDeviceChoosesTheModeByTheNumberOfPages() {
        DeviceLimits limits = DeviceLimits.defaults().withDirectPages(2).withFirstOrderPages(4);
        try (DevicePair pair =
                DevicePair.open(PairOptions.defaults().withDevices(device -> device.withLimits(limits)))) {
            List<TranslationMode> modes = new ArrayList<>();
            for (int pages = 1; pages <= 6; pages++) {
                MemoryRegion region = pair.server()
                        .register(List.of(ByteBuffer.allocateDirect(pages << 12)), ALL_RIGHTS.withPageOctets(1 << 12));
                assertThat(region.query().pages()).isEqualTo(pages);
                modes.add(region.query().translationMode());
                requireWritten(pair.client(), pair, region.remote(), (pages << 12) - 3L, 3);
            }
            assertThat(modes)
                    .containsExactly(
                            TranslationMode.DIRECT,
                            TranslationMode.DIRECT,
                            TranslationMode.FIRST_ORDER_INDIRECT,
                            TranslationMode.FIRST_ORDER_INDIRECT,
                            TranslationMode.SECOND_ORDER_INDIRECT,
                            TranslationMode.SECOND_ORDER_INDIRECT);
        }
    }

    private static void requireWritten(PairEnd end, DevicePair pair, RemoteRegion remote, long offset, int length) {
        TestMemory source = TestMemory.pattern(end, length);
        TestMemory sink = TestMemory.open(end, length);
        SendRequest request = new SendRequest();
        end.queuePair()
                .postSend(request.write(remote.slice(offset, length)).local(source.region(), 0, length))
                .orThrow();
        end.queuePair()
                .postSend(request.read(remote.slice(offset, length)).local(sink.region(), 0, length))
                .orThrow();
        end.awaitSendSuccess();
        end.awaitSendSuccess();
        assertThat(sink.octets()).isEqualTo(source.octets());
        pair.progress();
    }
}
