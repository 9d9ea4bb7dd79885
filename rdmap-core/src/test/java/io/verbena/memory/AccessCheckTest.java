package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteAccessPolicy;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which accesses are allowed, and which check is named when several fail (SYS-MEM-08, SYS-MEM-09). */
@DisplayName("Access checks")
class AccessCheckTest {
    private static final int LENGTH = 1000;
    private static final long START = 0x10_0000;
    private static final int OTHER_DOMAIN = Regions.DOMAIN + 1;

    private final MemoryTranslationProtectionTable table = Regions.table();
    private final TableEntry region = register(START);
    private final int stag = region.stag();

    private TableEntry register(long start) {
        return table.register(
                Regions.DOMAIN,
                List.of(ByteBuffer.allocate(LENGTH)),
                RegionOptions.access(AccessFlag.REMOTE_READ).withStartAddress(start));
    }

    @Test
    void allowsEveryOctetAndNoOther() {
        assertBoth(region, stag, START, LENGTH, Regions.DOMAIN, null);
        assertBoth(region, stag, START + LENGTH - 1, 1, Regions.DOMAIN, null);
        assertBoth(region, stag, START - 1, 1, Regions.DOMAIN, FailedCheck.BASE_AND_BOUNDS);
        assertBoth(region, stag, START + LENGTH, 1, Regions.DOMAIN, FailedCheck.BASE_AND_BOUNDS);
        assertBoth(region, stag, START, LENGTH + 1, Regions.DOMAIN, FailedCheck.BASE_AND_BOUNDS);
        assertBoth(region, stag, START, Long.MAX_VALUE, Regions.DOMAIN, FailedCheck.BASE_AND_BOUNDS);
    }

    @Test
    void namesTheFirstOfSeveralFailures() {
        TableEntry gone = register(0);
        table.deregister(gone);
        int stale = stag ^ 1;
        long wrapping = -1;
        long outside = START + LENGTH;
        AccessFlag missing = AccessFlag.REMOTE_WRITE;

        assertBoth(null, stale, wrapping, 2, OTHER_DOMAIN, missing, FailedCheck.ENTRY_VALID);
        assertBoth(gone, stale, wrapping, 2, OTHER_DOMAIN, missing, FailedCheck.ENTRY_VALID);
        assertBoth(region, stale, wrapping, 2, OTHER_DOMAIN, missing, FailedCheck.PROTECTION_DOMAIN);
        assertBoth(region, stale, wrapping, 2, Regions.DOMAIN, missing, FailedCheck.TAG_INSTANCE);
        assertBoth(region, stag, wrapping, 2, Regions.DOMAIN, missing, FailedCheck.ADDRESS_WRAP);
        assertBoth(region, stag, outside, 2, Regions.DOMAIN, missing, FailedCheck.BASE_AND_BOUNDS);
        assertBoth(region, stag, START, 2, Regions.DOMAIN, missing, FailedCheck.ACCESS_RIGHT);
    }

    @Test
    void looksAtNothingWhenThereAreNoOctets() {
        assertBoth(null, 0, -1, 0, OTHER_DOMAIN, AccessFlag.REMOTE_WRITE, null);
    }

    @Test
    void eachRightIsItsOwn() {
        for (AccessFlag flag : AccessFlag.values()) {
            boolean has = flag == AccessFlag.LOCAL_READ || flag == AccessFlag.REMOTE_READ;
            assertBoth(region, stag, START, 1, Regions.DOMAIN, flag, has ? null : FailedCheck.ACCESS_RIGHT);
        }
    }

    @Test
    void isRemotelyAccessibleWithARemoteRightAlone() {
        List<ByteBuffer> octet = List.of(ByteBuffer.allocate(1));
        assertThat(region.remotelyAccessible()).isTrue();
        assertThat(table.register(Regions.DOMAIN, octet, Regions.READ_WRITE).remotelyAccessible())
                .isFalse();
    }

    @Test
    void zeroBasedRegionsAndRegionsAtTheEndOfAllAddressesAreAllowedInFull() {
        TableEntry first = register(0);
        TableEntry last = register(-LENGTH);
        assertBoth(first, first.stag(), 0, LENGTH, Regions.DOMAIN, null);
        assertBoth(last, last.stag(), -LENGTH, LENGTH, Regions.DOMAIN, null);
        assertBoth(last, last.stag(), -1, 1, Regions.DOMAIN, null);
        assertBoth(last, last.stag(), -1, 2, Regions.DOMAIN, FailedCheck.ADDRESS_WRAP);
        assertBoth(first, first.stag(), -1, 2, Regions.DOMAIN, FailedCheck.ADDRESS_WRAP);
    }

    @Test
    void agreesWithArithmeticOfAnyPrecision() {
        long[] starts = {0, 1, START, Long.MAX_VALUE - 500, Long.MIN_VALUE, -LENGTH, -LENGTH - 1};
        long seed = 42;
        SplittableRandom random = new SplittableRandom(seed);
        for (long start : starts) {
            TableEntry entry = register(start);
            for (int i = 0; i < 20_000; i++) {
                long address = start + near(random);
                long length = 1 + (near(random) & (Long.MAX_VALUE - 1));
                assertThat(AccessCheck.remote(
                                entry, entry.stag(), address, length, Regions.user(), AccessFlag.REMOTE_READ))
                        .as("seed %d: %d octets at %x of a region at %x", seed, length, address, start)
                        .isEqualTo(expected(start, address, length));
            }
        }
    }

    /** Small numbers around 0 and the region's length, large ones, and ones around 2^63. */
    private static long near(SplittableRandom random) {
        long small = random.nextLong(-2, 3);
        return switch (random.nextInt(4)) {
            case 0 -> small;
            case 1 -> LENGTH + small;
            case 2 -> Long.MAX_VALUE + small;
            default -> random.nextLong();
        };
    }

    private static FailedCheck expected(long start, long address, long length) {
        BigInteger first = unsigned(address);
        BigInteger end = first.add(BigInteger.valueOf(length));
        BigInteger base = unsigned(start);
        if (end.compareTo(BigInteger.ONE.shiftLeft(64)) > 0) {
            return FailedCheck.ADDRESS_WRAP;
        }
        boolean inside = first.compareTo(base) >= 0 && end.compareTo(base.add(BigInteger.valueOf(LENGTH))) <= 0;
        return inside ? null : FailedCheck.BASE_AND_BOUNDS;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    private static MemoryUser user(int domain) {
        return Regions.user(domain, RemoteAccessPolicy.REGIONS_AND_WINDOWS);
    }

    private static void assertBoth(
            TableEntry entry, int stag, long address, long length, int domain, FailedCheck expected) {
        assertBoth(entry, stag, address, length, domain, AccessFlag.REMOTE_READ, expected);
    }

    private static void assertBoth(
            TableEntry entry, int stag, long address, long length, int domain, AccessFlag right, FailedCheck expected) {
        assertThat(AccessCheck.local(entry, stag, address, length, domain, right))
                .isEqualTo(expected);
        assertThat(AccessCheck.remote(entry, stag, address, length, user(domain), right))
                .isEqualTo(expected);
    }
}
