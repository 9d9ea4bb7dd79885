package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.TranslationMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Regions of more than 2 GiB and 4 GiB; made of the same 64 MiB again and again, so that they cost little memory. */
@DisplayName("Large regions")
class LargeRegionTest {
    private static final int BLOCK = 64 << 20;
    private static final int BLOCKS = 70;
    private static final long LENGTH = (long) BLOCK * BLOCKS;

    /** Lengths of the pieces of the odd region; each piece begins at the block's start. */
    private static final int ODD = BLOCK - 4099;

    private static ByteBuffer block;

    @BeforeAll
    static void fillBlock() {
        block = ByteBuffer.allocateDirect(BLOCK);
        for (int i = 0; i < BLOCK; i += Long.BYTES) {
            block.putLong(i, i * 0x9E37_79B9_7F4A_7C15L);
        }
    }

    static Stream<Arguments> modesAndPages() {
        return Stream.of(TranslationMode.values())
                .flatMap(mode -> Stream.of(1 << 12, 1 << 16, 1 << 20, 1 << 28)
                        .map(pageOctets -> Arguments.of(mode, pageOctets)));
    }

    @ParameterizedTest(name = "{0}, pages of {1}")
    @MethodSource("modesAndPages")
    void wholeBlocksAreFoundAtEveryAddress(TranslationMode mode, int pageOctets) {
        TableEntry region = register(BLOCK, 0x1234_5678_9ABCL, mode, pageOctets);
        assertThat(region.lengthOctets()).isEqualTo(LENGTH);
        probe(region, BLOCK);
    }

    @ParameterizedTest(name = "{0}, pages of {1}")
    @MethodSource("modesAndPages")
    void oddPiecesAreFoundAtEveryAddress(TranslationMode mode, int pageOctets) {
        probe(register(ODD, -LENGTH, mode, pageOctets), ODD);
    }

    @Test
    void changesOctetsBeyondFourGibibytes() {
        TableEntry region = register(BLOCK, 0, null, 0);
        long offset = (1L << 32) + 12_345;
        byte before = block.get((int) (offset % BLOCK));
        MemoryCursor cursor = new MemoryCursor();
        cursor.reset(region, offset, 1);
        cursor.copyIn(ByteBuffer.wrap(new byte[] {(byte) ~before}), 0, 1);
        byte after = block.get((int) (offset % BLOCK));
        block.put((int) (offset % BLOCK), before);
        assertThat(after).isEqualTo((byte) ~before);
    }

    @Test
    void deviceChoosesPagesAtWhoseBoundariesTheBuffersMeet() {
        MemorySnapshot whole = register(BLOCK, 0, null, 0).snapshot();
        assertThat(whole.pageOctets()).isEqualTo(16 << 20);
        assertThat(whole.pages()).isEqualTo(LENGTH >> 24);
        assertThat(whole.translationMode()).isEqualTo(TranslationMode.DIRECT);
    }

    private static TableEntry register(int piece, long start, TranslationMode mode, int pageOctets) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (long left = LENGTH; left > 0; left -= piece) {
            buffers.add(block.slice(0, (int) Math.min(piece, left)));
        }
        return Regions.table()
                .register(
                        Regions.DOMAIN,
                        buffers,
                        Regions.READ_WRITE
                                .withStartAddress(start)
                                .withPageOctets(pageOctets)
                                .withTranslationMode(mode));
    }

    private static void probe(TableEntry region, int piece) {
        List<Long> offsets = new ArrayList<>(List.of(0L, LENGTH - 9000));
        for (long corner : new long[] {1L << 31, 1L << 32, 3L * piece, 65L * piece}) {
            offsets.add(corner - 5000);
        }
        SplittableRandom random = new SplittableRandom(7);
        random.longs(100, 0, LENGTH - 9000).forEach(offsets::add);
        MemoryCursor cursor = new MemoryCursor();
        ByteBuffer got = ByteBuffer.allocate(9000);
        for (long offset : offsets) {
            cursor.reset(region, region.startAddress() + offset, 9000);
            cursor.copyOut(got, 0, 9000);
            for (int i = 0; i < 9000; i++) {
                if (got.get(i) != block.get((int) ((offset + i) % piece))) {
                    fail("the octet at offset %d of the region is another one", offset + i);
                }
            }
        }
    }
}
