package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.TranslationMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every translation mode with every page size gives the same octets as a flat array (SYS-MEM-03). */
@DisplayName("Address translation")
class TranslationTest {
    private static final int OCTETS = 2_500_000 + 77;
    private static final int STEPS = 120;
    private static final int MAX_MOVE = 300_000;
    private static final int[] PAGE_OCTETS = {0, 1 << 12, 1 << 13, 1 << 16, 1 << 20, 1 << 24, 1 << 28};

    static Stream<Arguments> modesPagesAndShapes() {
        List<Arguments> all = new ArrayList<>();
        for (TranslationMode mode : TranslationMode.values()) {
            for (int pageOctets : PAGE_OCTETS) {
                for (RegionShape shape : RegionShape.values()) {
                    all.add(Arguments.of(mode, pageOctets, shape));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, pages of {1}, {2}")
    @MethodSource("modesPagesAndShapes")
    void givesTheOctetsOfAFlatArray(TranslationMode mode, int pageOctets, RegionShape shape) {
        long seed = mode.ordinal() + 31L * pageOctets + 1009L * shape.ordinal();
        SplittableRandom random = new SplittableRandom(seed);
        // The start is chosen so that the first page is entered at an offset and even a 256 MiB page is left.
        long start = 0x7000_0000_0000L + (1L << 28) - OCTETS / 2;
        TableEntry region = Regions.table()
                .register(
                        Regions.DOMAIN,
                        shape.buffers(OCTETS, random),
                        Regions.READ_WRITE
                                .withStartAddress(start)
                                .withPageOctets(pageOctets)
                                .withTranslationMode(mode));
        assertThat(region.snapshot().translationMode()).isEqualTo(mode);
        assertThat(region.snapshot().firstOffset())
                .isEqualTo(start % region.snapshot().pageOctets());
        walk(region, random, "seed " + seed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void givesTheOctetsOfAFlatArrayWhenTheDeviceChoosesAll(RegionShape shape) {
        SplittableRandom random = new SplittableRandom(shape.ordinal());
        TableEntry region = Regions.table().register(Regions.DOMAIN, shape.buffers(OCTETS, random), Regions.READ_WRITE);
        assertThat(region.snapshot().firstOffset()).isZero();
        walk(region, random, "seed " + shape.ordinal());
    }

    static RegionShape[] shapes() {
        return RegionShape.values();
    }

    /** A random walk of writing, reading, viewing and checking, beside the same on a flat array. */
    private static void walk(TableEntry region, SplittableRandom random, String replay) {
        byte[] model = new byte[OCTETS];
        random.nextBytes(model);
        MemoryCursor cursor = new MemoryCursor();
        LentViews views = new LentViews(new ViewLender(0), 64);
        ByteBuffer scratch = ByteBuffer.allocateDirect(MAX_MOVE);

        cursor.reset(region, region.startAddress(), OCTETS);
        cursor.copyIn(ByteBuffer.wrap(model), 0, OCTETS);
        assertThat(cursor.remaining()).isZero();

        for (int step = 0; step < STEPS; step++) {
            int from = random.nextInt(OCTETS);
            int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 100 : MAX_MOVE), OCTETS - from);
            cursor.reset(region, region.startAddress() + from, length);
            String context = replay + ", step " + step + ", " + length + " octets from " + from;
            if (random.nextInt(4) == 0) {
                write(cursor, model, from, length, random, scratch);
            } else {
                read(cursor, model, from, length, random, scratch, views, context);
            }
        }
        cursor.reset(region, region.startAddress(), OCTETS);
        byte[] all = new byte[OCTETS];
        cursor.copyOut(ByteBuffer.wrap(all), 0, OCTETS);
        assertThat(Arrays.mismatch(all, model)).as(replay).isEqualTo(-1);
    }

    private static void write(
            MemoryCursor cursor, byte[] model, int from, int length, SplittableRandom random, ByteBuffer scratch) {
        byte[] news = new byte[length];
        random.nextBytes(news);
        scratch.put(0, news);
        int first = random.nextInt(length + 1);
        cursor.copyIn(scratch, 0, first);
        cursor.copyIn(scratch, first, length - first);
        System.arraycopy(news, 0, model, from, length);
    }

    private static void read(
            MemoryCursor cursor,
            byte[] model,
            int from,
            int length,
            SplittableRandom random,
            ByteBuffer scratch,
            LentViews views,
            String context) {
        int skipped = random.nextInt(length);
        cursor.advance(skipped);
        int left = length - skipped;
        assertThat(cursor.remaining()).as(context).isEqualTo(left);

        CRC32C crc = new CRC32C();
        cursor.checksum(crc, new ViewLender(1), left);
        CRC32C expected = new CRC32C();
        expected.update(model, from + skipped, left);
        assertThat(crc.getValue()).as(context).isEqualTo(expected.getValue());

        scratch.clear();
        int added = cursor.views(views, views.room(), left);
        assertThat(added).as(context).isPositive().isEqualTo(views.count());
        for (int i = 0; i < added; i++) {
            scratch.put(views.view(i));
        }
        views.giveBackAll();
        assertThat(cursor.remaining()).as(context).isEqualTo(left);
        assertSame(scratch, scratch.position(), model, from + skipped, context);

        cursor.copyOut(scratch, 0, left);
        assertSame(scratch, left, model, from + skipped, context);
        assertThat(cursor.remaining()).as(context).isZero();
    }

    private static void assertSame(ByteBuffer octets, int length, byte[] model, int from, String context) {
        byte[] got = new byte[length];
        octets.get(0, got);
        assertThat(Arrays.mismatch(got, 0, length, model, from, from + length))
                .as(context)
                .isEqualTo(-1);
    }
}
