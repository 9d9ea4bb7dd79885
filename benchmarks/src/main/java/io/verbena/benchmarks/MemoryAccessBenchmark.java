package io.verbena.benchmarks;

import io.verbena.memory.AccessCheck;
import io.verbena.memory.MemoryCursor;
import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.MemoryUser;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TableLimits;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.TranslationMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to come from an STag and an address to the octets, in each mode of translation: the entry is looked up and
 * the access is checked; then the address is found through the page lists and 8 octets are copied. The addresses are random.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryAccessBenchmark {
    private static final int DOMAIN = 1;
    private static final int REGION_OCTETS = 16 << 20;
    private static final int PAGE_OCTETS = 4096;
    private static final int ACCESS_OCTETS = 8;
    private static final int ACCESSES = 4096;
    private static final MemoryUser USER = new BenchmarkUser(DOMAIN);

    /** Regions that are accessed in turn; with many, the page lists have to come from memory. */
    @Param({"1", "256"})
    public int regions;

    /** Mode of translation. */
    @Param
    public TranslationMode mode;

    private final MemoryCursor cursor = new MemoryCursor();
    private final ByteBuffer target = ByteBuffer.allocateDirect(ACCESS_OCTETS);
    private final int[] stags = new int[ACCESSES];
    private final long[] addresses = new long[ACCESSES];
    private ByteBuffer octets;
    private MemoryTranslationProtectionTable table;
    private int next;

    /** Registers regions of 4096 pages each, all over the same memory, and chooses what will be accessed. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        octets = ByteBuffer.allocateDirect(REGION_OCTETS);
        table = new MemoryTranslationProtectionTable(
                new TableLimits(regions, 1, REGION_OCTETS, REGION_OCTETS),
                StagPolicy.UNPREDICTABLE,
                WindowLifetime.ONE_TOUCH,
                random);
        RegionOptions options = RegionOptions.access(
                        AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE)
                .withPageOctets(PAGE_OCTETS)
                .withTranslationMode(mode);
        TableEntry[] entries = new TableEntry[regions];
        for (int i = 0; i < regions; i++) {
            entries[i] = table.register(DOMAIN, List.of(octets), options);
        }
        for (int i = 0; i < ACCESSES; i++) {
            TableEntry region = entries[random.nextInt(regions)];
            stags[i] = region.stag();
            addresses[i] = region.startAddress() + (long) ACCESS_OCTETS * random.nextInt(REGION_OCTETS / ACCESS_OCTETS);
        }
    }

    /** Looks the entry up and checks a Write of the peer; returns the check that failed: none. */
    @Benchmark
    public FailedCheck lookupAndCheck() {
        int access = next++ & (ACCESSES - 1);
        int stag = stags[access];
        return AccessCheck.remote(
                table.lookup(stag), stag, addresses[access], ACCESS_OCTETS, USER, AccessFlag.REMOTE_WRITE);
    }

    /** Does the same, then pins the entry, finds the address and copies 8 octets; returns their first. */
    @Benchmark
    public byte lookupCheckFindAndCopy() {
        int access = next++ & (ACCESSES - 1);
        int stag = stags[access];
        long address = addresses[access];
        TableEntry entry = table.lookup(stag);
        FailedCheck failed = AccessCheck.remote(entry, stag, address, ACCESS_OCTETS, USER, AccessFlag.REMOTE_WRITE);
        if (failed != null || !entry.pin(stag)) {
            throw new IllegalStateException("refused: " + failed);
        }
        cursor.reset(entry, address, ACCESS_OCTETS);
        cursor.copyOut(target, 0, ACCESS_OCTETS);
        entry.unpin();
        return target.get(0);
    }

    /** Finds the address of an entry at hand and copies 8 octets; returns their first. */
    @Benchmark
    public byte findAndCopy() {
        int access = next++ & (ACCESSES - 1);
        cursor.reset(table.lookup(stags[access]), addresses[access], ACCESS_OCTETS);
        cursor.copyOut(target, 0, ACCESS_OCTETS);
        return target.get(0);
    }

    /** What of this is not ours: copies 8 octets at a random index of the plain buffer; returns their first. */
    @Benchmark
    public byte copyOfPlainBuffer() {
        int access = next++ & (ACCESSES - 1);
        int index = (int) addresses[access] & (REGION_OCTETS - ACCESS_OCTETS);
        target.put(0, octets, index, ACCESS_OCTETS);
        return target.get(0);
    }
}
