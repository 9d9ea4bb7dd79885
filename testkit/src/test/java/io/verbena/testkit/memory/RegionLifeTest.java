package io.verbena.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.Reregistration;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.TranslationMode;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Regions and windows from allocation to the end: STags, what queries tell, sharing, changing, and what refuses to go. */
@Tag("tcp")
@Timeout(60)
class RegionLifeTest {
    private static final RegionOptions OPEN =
            RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);

    private static void write(DevicePair pair, RemoteRegion to, MemoryRegion from) {
        pair.client()
                .queuePair()
                .postSend(new SendRequest().write(to).local(from, 0, to.lengthOctets()))
                .orThrow();
        pair.client().awaitSendSuccess();
    }

    private static WorkCompletion read(DevicePair pair, RemoteRegion from, MemoryRegion into) {
        pair.client()
                .queuePair()
                .postSend(new SendRequest().read(from).local(into, 0, from.lengthOctets()))
                .orThrow();
        return pair.client().awaitSend();
    }

    private static void bind(DevicePair pair, WindowBinding binding) {
        pair.server()
                .queuePair()
                .postSend(new SendRequest().bindWindow(binding))
                .orThrow();
        pair.server().awaitSendSuccess();
    }

    // ---- SYS-MEM-01 ----

    @Test
    @Requirement({"SYS-MEM-01", "VRB-ST-01", "VRB-ST-02", "VRB-ST-05"})
    void aStaleStagNeverReachesTheNextOwnerOfItsIndex() {
        try (DevicePair pair = DevicePair.open(
                PairOptions.defaults().withDevices(device -> device.withStagPolicy(StagPolicy.SEQUENTIAL)))) {
            RegionOptions zeroBased = OPEN.withZeroBase();
            MemoryRegion first = pair.server().register(List.of(ByteBuffer.allocateDirect(64)), zeroBased);
            RemoteRegion stale = first.remote();
            int index = STag.index(first.stag());
            MemoryRegion sink = pair.client().register(64);
            assertThat(STag.instance(stale.stag())).isZero();
            assertThat(read(pair, stale, sink).success()).isTrue();

            int reregistered = first.stag();
            first.reregister(Reregistration.access(AccessFlag.REMOTE_READ));
            assertThat(STag.index(first.stag())).isEqualTo(index);
            assertThat(STag.instance(first.stag())).isEqualTo(STag.instance(reregistered) + 1);
            WorkCompletion refused = read(pair, stale, sink);
            assertThat(refused.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
            assertThat(pair.server().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.TAG_INSTANCE);
            requireEveryBitOfTheInstanceCounts(pair, first, sink);
        }
    }

    private static void requireEveryBitOfTheInstanceCounts(DevicePair pair, MemoryRegion region, MemoryRegion sink) {
        for (int bit = 0; bit < 8; bit++) {
            PairLink link = pair.connectAnother();
            RemoteRegion wrong =
                    new RemoteRegion(region.stag() ^ 1 << bit, region.startAddress(), region.lengthOctets());
            link.client().post(new SendRequest().read(wrong).local(sink, 0, 64));
            assertThat(link.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
            assertThat(link.server().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.TAG_INSTANCE);
        }
    }

    @Test
    @Requirement({"SYS-MEM-01", "VRB-ST-01", "SEC-6.1.1-04"})
    void aDeregisteredStagNeverReachesTheNextOwnerOfItsIndex() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults()
                .withDevices(
                        device -> device.withStagPolicy(StagPolicy.SEQUENTIAL).withLimits(oneRegionAndOneWindow())))) {
            ByteBuffer secret = ByteBuffer.allocateDirect(64);
            MemoryRegion sink = pair.client().register(64);
            MemoryRegion first = pair.server().register(List.of(ByteBuffer.allocateDirect(64)), OPEN.withZeroBase());
            int index = STag.index(first.stag());
            RemoteRegion deregistered = first.remote();
            first.close();
            // Each index has its turn; the peer was told an STag that was never in force, too.
            MemoryRegion second = null;
            while (second == null || STag.index(second.stag()) != index) {
                if (second != null) {
                    second.close();
                }
                second = pair.serverDomain().allocateRegion(1, true);
            }
            FastRegistration dropped = second.fastRegistration(List.of(secret), OPEN.withZeroBase());
            assertThat(dropped.stag()).isNotEqualTo(deregistered.stag());
            second.close();
            MemoryRegion owner = null;
            while (owner == null || STag.index(owner.stag()) != index) {
                if (owner != null) {
                    owner.close();
                }
                owner = pair.server().register(List.of(secret), OPEN.withZeroBase());
            }
            assertThat(owner.stag()).isNotIn(deregistered.stag(), dropped.stag());
            for (RemoteRegion stale : List.of(deregistered, dropped.remote())) {
                PairLink link = pair.connectAnother();
                link.client()
                        .queuePair()
                        .postSend(new SendRequest().read(stale).local(sink, 0, 64))
                        .orThrow();
                assertThat(link.client().awaitSend().status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
                assertThat(link.server().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.TAG_INSTANCE);
            }
            assertThat(owner.valid()).isTrue();
        }
    }

    private static DeviceLimits oneRegionAndOneWindow() {
        return DeviceLimits.defaults().withMaxRegions(1).withMaxWindows(1);
    }

    @Test
    @Requirement({"SYS-MEM-01", "SEC-6.1.1-04", "RDMAP-8.1.1-08", "VRB-ST-06"})
    void aPeerCannotGuessWhereOneDeviceWillBegin() {
        Set<Integer> indexes = new HashSet<>();
        Set<Integer> instances = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        int devices = 24;
        for (int i = 0; i < devices; i++) {
            try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
                int stag = pair.server().register(1).stag();
                int next = pair.server().register(1).stag();
                indexes.add(STag.index(stag));
                instances.add(STag.instance(stag));
                steps.add(STag.index(next) - STag.index(stag));
            }
        }
        // 24 out of millions of indexes, and of 256 instances, hardly ever meet.
        assertThat(indexes).hasSizeGreaterThan(devices - 2);
        assertThat(instances).hasSizeGreaterThan(devices / 2);
        assertThat(steps).hasSizeGreaterThan(devices - 2);
    }

    @Test
    @Requirement("SYS-MEM-01")
    void teachersCanHaveOneStagAfterTheOther() {
        try (DevicePair pair = DevicePair.open(
                PairOptions.defaults().withDevices(device -> device.withStagPolicy(StagPolicy.SEQUENTIAL)))) {
            assertThat(pair.server().register(1).stag()).isEqualTo(STag.of(1, 0));
            assertThat(pair.server().allocateWindow(WindowType.QUEUE_PAIR).stag())
                    .isEqualTo(STag.of(2, 0));
            MemoryRegion third = pair.server().register(1);
            assertThat(third.stag()).isEqualTo(STag.of(3, 0));
            // A free index waits until all behind it have had their turn.
            third.close();
            assertThat(pair.server().register(1).stag()).isEqualTo(STag.of(4, 0));
        }
    }

    // ---- SYS-MEM-02 ----

    @Test
    @Requirement("SYS-MEM-02")
    void aQueryTellsEverythingOfARegionAndOfAWindow() {
        PairOptions options = PairOptions.defaults()
                .withDevices(device ->
                        device.withStagPolicy(StagPolicy.SEQUENTIAL).withWindowLifetime(WindowLifetime.ONE_TOUCH));
        try (DevicePair pair = DevicePair.open(options)) {
            int domain = pair.serverDomain().number();
            MemoryRegion region = pair.server()
                    .register(
                            List.of(ByteBuffer.allocateDirect(20_000)),
                            RegionOptions.access(AccessFlag.values())
                                    .withStartAddress(0x1_0000_0123L)
                                    .withPageOctets(8192)
                                    .withTranslationMode(TranslationMode.SECOND_ORDER_INDIRECT));
            long translation = region.query().translationPointer();
            assertThat(translation).isPositive();
            MemoryWindow window = pair.server().allocateWindow(WindowType.QUEUE_PAIR);
            assertThat(window.query())
                    .isEqualTo(new MemorySnapshot(
                            STag.of(2, 0),
                            EntryType.WINDOW,
                            false,
                            false,
                            domain,
                            -1,
                            0,
                            0,
                            Set.of(),
                            false,
                            false,
                            false,
                            -1,
                            null,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0,
                            0));
            bind(pair, window.binding(region, 0x1000, 100, AccessFlag.REMOTE_READ));
            assertThat(pair.serverDevice().queryMemory(region.stag()))
                    .isEqualTo(region.query())
                    .isEqualTo(new MemorySnapshot(
                            STag.of(1, 0),
                            EntryType.REGION,
                            true,
                            false,
                            domain,
                            -1,
                            0x1_0000_0123L,
                            20_000,
                            EnumSet.allOf(AccessFlag.class),
                            true,
                            false,
                            false,
                            -1,
                            TranslationMode.SECOND_ORDER_INDIRECT,
                            translation,
                            0,
                            8192,
                            3,
                            3,
                            0x123,
                            1,
                            1));
            assertThat(window.query())
                    .isEqualTo(new MemorySnapshot(
                            STag.of(2, 0),
                            EntryType.WINDOW,
                            true,
                            false,
                            domain,
                            pair.server().queuePair().number(),
                            0x1_0000_1123L,
                            100,
                            Set.of(AccessFlag.REMOTE_READ),
                            false,
                            true,
                            false,
                            -1,
                            TranslationMode.SECOND_ORDER_INDIRECT,
                            translation,
                            0x1000,
                            8192,
                            3,
                            0,
                            0x123,
                            0,
                            0));
            MemoryRegion empty = pair.server().allocateRegion(16, true);
            assertThat(empty.query())
                    .isEqualTo(new MemorySnapshot(
                            STag.of(3, 0),
                            EntryType.REGION,
                            false,
                            false,
                            domain,
                            -1,
                            0,
                            0,
                            Set.of(),
                            true,
                            false,
                            false,
                            -1,
                            null,
                            0,
                            0,
                            0,
                            0,
                            16,
                            0,
                            1,
                            0));
            assertThat(pair.serverDevice().dumpMemory())
                    .contains("000001   00  region valid   domain " + domain)
                    .contains("second order")
                    .contains("over region 0x00000100")
                    .contains("0/16")
                    .contains("2 regions with 20000 valid octets, 1 window");
        }
    }

    // ---- SYS-MEM-04 ----

    @Test
    @Requirement({"SYS-MEM-04", "VRB-MR-09", "VRB-MR-11"})
    void sharersReachTheSameOctetsEachWithItsOwnRights() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ByteBuffer memory = ByteBuffer.allocateDirect(64);
            ProtectionDomain otherDomain = pair.serverDevice().allocateProtectionDomain();
            MemoryRegion writable = pair.server().register(memory.duplicate(), AccessFlag.REMOTE_WRITE);
            MemoryRegion readable =
                    pair.serverDomain().registerShared(writable, RegionOptions.access(AccessFlag.REMOTE_READ));
            MemoryRegion foreign = otherDomain.registerShared(readable, OPEN.withZeroBase());
            assertThat(foreign.query().sharers()).isEqualTo(3);
            assertThat(writable.query().shared()).isTrue();
            assertThat(foreign.query().protectionDomain()).isEqualTo(otherDomain.number());

            MemoryRegion source = pair.client().register(ByteBuffer.wrap(HexVectors.pattern(64)));
            ByteBuffer sinkMemory = ByteBuffer.allocateDirect(64);
            MemoryRegion sink = pair.client().register(sinkMemory.duplicate());
            write(pair, writable.remote(), source);
            assertThat(read(pair, readable.remote(), sink).success()).isTrue();
            assertThat(sinkMemory).isEqualTo(ByteBuffer.wrap(HexVectors.pattern(64)));

            // The first registration goes; the translation entries stay for those that are left.
            writable.close();
            memory.put(0, (byte) 0x77);
            assertThat(read(pair, readable.remote(), sink).success()).isTrue();
            assertThat(sinkMemory.get(0)).isEqualTo((byte) 0x77);
            assertThat(foreign.query().sharers()).isEqualTo(2);

            WorkCompletion refused = read(pair, foreign.remote(), sink);
            assertThat(refused.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
            assertThat(pair.server().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.PROTECTION_DOMAIN);
            readable.close();
            assertThat(foreign.query().sharers()).isEqualTo(1);
            foreign.close();
            assertThat(pair.serverDevice().query().regions()).isZero();
            assertThat(pair.serverDevice().query().registeredOctets()).isZero();
            otherDomain.close();
        }
    }

    @Test
    @Requirement({"SYS-MEM-04", "VRB-MR-11"})
    void refusesToChangeOrInvalidateWhatIsShared() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            MemoryRegion region = pair.server().register(64, AccessFlag.REMOTE_WRITE);
            MemoryRegion sharer = pair.serverDomain().registerShared(region, RegionOptions.defaults());
            assertThatThrownBy(() -> region.reregister(Reregistration.access(AccessFlag.REMOTE_READ)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shares");
            assertThatThrownBy(() -> sharer.fastRegistration(ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shares");
            pair.server()
                    .queuePair()
                    .postSend(new SendRequest().localInvalidate(region.stag()))
                    .orThrow();
            WorkCompletion refused = pair.server().awaitSend();
            assertThat(refused.cause().check()).isEqualTo(FailedCheck.ENTRY_SHARED);
            assertThat(region.valid()).isTrue();
            sharer.close();
        }
    }

    @Test
    @Requirement("VRB-MR-11")
    void windowsThatAreBoundStayWhenTheirRegionIsShared() {
        PairOptions options = PairOptions.defaults()
                .withDevices(device -> device.withWindowLifetime(WindowLifetime.UNTIL_INVALIDATED));
        try (DevicePair pair = DevicePair.open(options)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(64);
            MemoryRegion region = pair.server().register(memory.duplicate(), AccessFlag.WINDOW_BIND);
            MemoryWindow window = pair.server().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding binding = window.binding(region, 0, 64, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
            bind(pair, binding);
            MemoryRegion sharer = pair.serverDomain().registerShared(region, RegionOptions.defaults());
            assertThat(window.valid()).isTrue();
            assertThat(region.query().boundWindows()).isOne();
            assertThat(sharer.query().boundWindows()).isZero();
            MemoryRegion source = pair.client().register(ByteBuffer.wrap(HexVectors.pattern(64)));
            write(pair, binding.remote(), source);
            assertThat(read(pair, binding.remote(), source).success()).isTrue();
            assertThat(memory).isEqualTo(ByteBuffer.wrap(HexVectors.pattern(64)));
            window.close();
            sharer.close();
        }
    }

    // ---- deregister ----

    @Test
    @Requirement("VRB-MR-08")
    void isDeregisteredWhileItIsInvalidAndWhateverItsKeyIs() {
        PairOptions options = PairOptions.defaults().withQueuePairs(queuePair -> queuePair.withFastRegister(true));
        try (DevicePair pair = DevicePair.open(options)) {
            int before = pair.serverDevice().query().regions();
            MemoryRegion empty = pair.server().allocateRegion(1, true);
            MemoryRegion revoked = pair.server().register(8);
            MemoryRegion renewed = pair.server().allocateRegion(1, true);
            int firstKey = renewed.stag();
            List<ByteBuffer> memory = List.of(ByteBuffer.allocateDirect(8));
            renewed.fastRegistration(memory, OPEN.withZeroBase());
            FastRegistration registration = renewed.fastRegistration(memory, OPEN.withZeroBase());
            pair.server().post(new SendRequest().fastRegister(registration));
            pair.server().post(new SendRequest().localInvalidate(revoked.stag()));
            pair.server().awaitSendSuccess();
            pair.server().awaitSendSuccess();
            assertThat(empty.valid()).isFalse();
            assertThat(revoked.valid()).isFalse();
            assertThat(renewed.stag()).isNotEqualTo(firstKey);
            for (MemoryRegion region : List.of(empty, revoked, renewed)) {
                int stag = region.stag();
                region.close();
                assertThat(region.valid()).isFalse();
                assertThat(pair.serverDevice().queryMemory(stag)).isNull();
            }
            assertThat(pair.serverDevice().query().regions()).isEqualTo(before);
        }
    }

    // ---- reregister ----

    @Test
    @Requirement({"SYS-MEM-04", "VRB-MR-14", "DDP-8.3-01", "DDP-8.3.1-04", "RDMAP-8.1.1-04"})
    void changesRightsMemoryAndDomainAloneAndTogether() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ProtectionDomain otherDomain = pair.serverDevice().allocateProtectionDomain();
            ByteBuffer memory = ByteBuffer.allocateDirect(64);
            MemoryRegion region = otherDomain.register(memory, AccessFlag.LOCAL_WRITE);
            MemoryRegion sink = pair.client().register(64);

            region.reregister(Reregistration.protectionDomain(pair.serverDomain()));
            assertThat(region.protectionDomain()).isEqualTo(pair.serverDomain());
            assertThat(region.startAddress()).isEqualTo(region.query().startAddress());
            otherDomain.close();
            assertThat(region.query().access())
                    .containsExactlyInAnyOrder(AccessFlag.LOCAL_READ, AccessFlag.LOCAL_WRITE);

            region.reregister(Reregistration.access(AccessFlag.REMOTE_READ));
            assertThat(read(pair, region.remote(), sink).success()).isTrue();

            ByteBuffer other = ByteBuffer.wrap(HexVectors.pattern(32));
            region.reregister(Reregistration.memory(List.of(other), RegionOptions.defaults()));
            assertThat(region.lengthOctets()).isEqualTo(32);
            assertThat(read(pair, region.remote(), sink).success()).isTrue();

            ProtectionDomain third = pair.serverDevice().allocateProtectionDomain();
            RemoteRegion before = region.remote();
            region.reregister(Reregistration.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
                    .withMemory(List.of(memory), RegionOptions.defaults().withZeroBase())
                    .withProtectionDomain(third));
            assertThat(region.remote()).isEqualTo(new RemoteRegion(region.stag(), 0, 64));
            assertThat(region.stag()).isNotEqualTo(before.stag());
            assertThatThrownBy(third::close)
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining("1 region (STag " + STag.toString(region.stag()));
            WorkCompletion refused = read(pair, before, sink);
            assertThat(refused.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
            region.close();
            third.close();
        }
    }

    @Test
    @Requirement("RDMAP-8.1.1-05")
    void rightsAreGivenAndTakenAway() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            MemoryRegion region = pair.server().register(64);
            MemoryRegion sink = pair.client().register(64);
            region.reregister(Reregistration.access(AccessFlag.REMOTE_READ));
            assertThat(read(pair, region.remote(), sink).success()).isTrue();
            region.reregister(Reregistration.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE));
            write(pair, region.remote(), sink);
            WorkCompletion refused = read(pair, region.remote(), sink);
            assertThat(refused.status()).isEqualTo(WorkCompletionStatus.REMOTE_ACCESS);
            FailureCause cause = pair.server().awaitEvents(1).get(0).cause();
            assertThat(cause.check()).isEqualTo(FailedCheck.ACCESS_RIGHT);
            assertThat(cause.right()).isEqualTo(AccessFlag.REMOTE_READ);
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MR-13", "VRB-PD-01"})
    void whoHasChildrenStaysAndNamesThem() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            ProtectionDomain domain = pair.serverDomain();
            MemoryRegion region = pair.server().register(64, AccessFlag.WINDOW_BIND, AccessFlag.REMOTE_WRITE);
            MemoryWindow window = pair.server().allocateWindow(WindowType.QUEUE_PAIR);
            bind(pair, window.binding(region, 0, 8, AccessFlag.REMOTE_WRITE));
            MemorySnapshot before = region.query();
            String name = STag.toString(window.stag());
            assertThatThrownBy(region::close)
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining("1 window")
                    .hasMessageContaining(name);
            assertThatThrownBy(() -> region.reregister(Reregistration.access(AccessFlag.REMOTE_READ)))
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining(name);
            assertThatThrownBy(domain::close)
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining("1 window (STag " + name + ")");
            assertThat(region.query()).isEqualTo(before);

            window.close();
            window.close();
            assertThat(pair.serverDevice().queryMemory(window.stag())).isNull();
            assertThat(region.query().boundWindows()).isZero();
            region.close();
            assertThat(pair.serverDevice().queryMemory(region.stag())).isNull();
        }
    }

    @Test
    @Requirement({"SYS-MEM-02", "VRB-RN-01"})
    void reportedMaximaAreTheEnd() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            int most = pair.serverDevice().query().limits().maxPageListEntries();
            for (int pages : new int[] {0, -1, most + 1}) {
                assertThatThrownBy(() -> pair.serverDomain().allocateRegion(pages, true))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("maxPages " + pages);
            }
        }
    }
}
