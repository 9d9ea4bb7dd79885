package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.Notify;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects, their parents and their limits. */
@Tag("tcp")
@Timeout(30)
class ResourceTest {
    private static final DeviceOptions QUIET = DeviceOptions.defaults().withCallerDrivenProgress();

    @Test
    @Requirement("VRB-PD-01")
    void keepsParentsOpenWhileChildrenLiveAndNamesThem() {
        try (Device device = Device.open(QUIET)) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionChannel channel = device.createCompletionChannel();
            CompletionQueue queue = device.createCompletionQueue(16, channel);
            QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(queue));
            MemoryRegion region = domain.register(ByteBuffer.allocateDirect(8), AccessFlag.LOCAL_WRITE);
            assertThatThrownBy(domain::close)
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining("region")
                    .hasMessageContaining("queue pair");
            assertThatThrownBy(queue::close)
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining("queue pair");
            assertThatThrownBy(channel::close).isInstanceOf(ResourceInUseException.class);
            region.close();
            region.close();
            queuePair.close();
            queue.close();
            channel.close();
            domain.close();
            domain.close();
            assertThat(device.query().regions()).isZero();
            assertThat(device.query().queuePairs()).isZero();
            assertThat(device.query().completionQueues()).isZero();
            assertThat(device.query().protectionDomains()).isZero();
        }
    }

    @Test
    @Requirement("VRB-RN-02")
    @ConnectedPair
    void closesADeviceAsATree(DevicePair pair) {
        Device device = Device.open(DeviceOptions.defaults());
        ProtectionDomain domain = device.allocateProtectionDomain();
        CompletionQueue queue = device.createCompletionQueue(16);
        CompletionChannel channel = device.createCompletionChannel();
        CompletionQueue told = device.createCompletionQueue(16, channel);
        QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(queue));
        MemoryRegion region = domain.register(ByteBuffer.allocate(8));
        MemoryWindow window = domain.allocateWindow(WindowType.PROTECTION_DOMAIN);
        SharedReceiveQueue receives = domain.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(4));
        ProtectionDomain empty = device.allocateProtectionDomain();
        device.close();
        device.close();
        assertThat(queuePair.postSend(new SendRequest().send())).isEqualTo(PostResult.DESTROYED);
        assertThat(region.valid()).isFalse();
        assertThat(device.queryMemory(region.stag())).isNull();
        assertThat(device.queryMemory(window.stag())).isNull();
        assertThat(receives.postReceive(new ReceiveRequest())).isEqualTo(PostResult.DESTROYED);
        assertThatThrownBy(() -> queue.poll(1, completion -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> told.arm(Notify.NEXT)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> channel.await(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> domain.allocateWindow(WindowType.QUEUE_PAIR))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> empty.register(ByteBuffer.allocate(8))).isInstanceOf(IllegalStateException.class);
        DeviceAttributes left = device.query();
        assertThat(left.queuePairs() + left.completionQueues() + left.protectionDomains() + left.regions())
                .isZero();
        assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    @Requirement({
        "VRB-RN-01",
        "DDP-8.3-05",
        "DDP-8.3.2-02",
        "SEC-3-02",
        "SEC-6.4.1-01",
        "SEC-6.4.3.2-01",
        "SEC-7.2-01",
        "SEC-7.2-02",
        "RDMAP-8.1.2-02",
        "RDMAP-8.1.2-05"
    })
    void namesTheLimitThatIsReached() throws Exception {
        DeviceLimits one = DeviceLimits.defaults()
                .withMaxQueuePairs(1)
                .withMaxCompletionQueues(1)
                .withMaxCompletionQueueEntries(16)
                .withMaxProtectionDomains(1)
                .withMaxRegions(1)
                .withMaxWindows(1)
                .withMaxPageListEntries(4)
                .withMaxWorkRequests(8)
                .withMaxSharedReceiveQueues(1)
                .withMaxSharedReceives(8)
                .withMaxElements(2)
                .withMaxInlineOctets(64)
                .withMaxInboundReadDepth(2)
                .withMaxOutboundReadDepth(2)
                .withMaxPendingConnections(4)
                .withMaxPlainStreams(1)
                .withStagingBuffers(8);
        try (Device device = Device.open(QUIET.withLimits(one))) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            assertThatThrownBy(() -> device.createCompletionQueue(17)).isInstanceOf(IllegalArgumentException.class);
            CompletionQueue queue = device.createCompletionQueue(16);
            QueuePairOptions fits = QueuePairOptions.with(queue)
                    .withDepths(8, 8)
                    .withElements(2, 2)
                    .withMaxInlineOctets(64)
                    .withReadDepths(2, 2);
            domain.createQueuePair(fits);
            domain.register(ByteBuffer.allocate(8));
            assertThatThrownBy(device::allocateProtectionDomain)
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 protection domain");
            assertThatThrownBy(() -> device.createCompletionQueue(16))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 completion queue");
            assertThatThrownBy(() -> domain.createQueuePair(fits))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 queue pair");
            assertThatThrownBy(() -> domain.register(ByteBuffer.allocate(8)))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 ");
            assertThatThrownBy(() -> domain.createQueuePair(fits.withDepths(9, 8)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.createQueuePair(fits.withDepths(8, 9)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.createQueuePair(fits.withElements(3, 2)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.createQueuePair(fits.withMaxInlineOctets(65)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.createQueuePair(fits.withReadDepths(3, 2)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.createQueuePair(fits.withReadDepths(2, 3)))
                    .isInstanceOf(IllegalArgumentException.class);
            domain.allocateWindow(WindowType.QUEUE_PAIR);
            assertThatThrownBy(() -> domain.allocateWindow(WindowType.QUEUE_PAIR))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 memory windows");
            SharedReceiveQueueOptions nine =
                    SharedReceiveQueueOptions.ofDepth(9).withMaxElements(2);
            assertThatThrownBy(() -> domain.createSharedReceiveQueue(nine))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("depth 9 must be 1 to 8");
            SharedReceiveQueueOptions eight =
                    SharedReceiveQueueOptions.ofDepth(8).withMaxElements(2);
            domain.createSharedReceiveQueue(eight);
            assertThatThrownBy(() -> domain.createSharedReceiveQueue(eight))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 shared receive queues");
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            openOneStreamTooMany(device);
            assertThatThrownBy(() ->
                            device.listen(anyPort, ListenerOptions.defaults().withMaxPending(5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxPending 5 must be 1 to 4");
        }
    }

    @Test
    @Requirement({"VRB-RN-01", "SEC-3-02"})
    void allowsAsManyWindowsAndSharedReceiveQueuesAsItSays() {
        DeviceLimits few = DeviceLimits.defaults().withMaxWindows(3).withMaxSharedReceiveQueues(2);
        SharedReceiveQueueOptions four = SharedReceiveQueueOptions.ofDepth(4);
        try (Device device = Device.open(QUIET.withLimits(few))) {
            ProtectionDomain one = device.allocateProtectionDomain();
            ProtectionDomain other = device.allocateProtectionDomain();
            List<MemoryWindow> windows = new ArrayList<>(List.of(
                    one.allocateWindow(WindowType.QUEUE_PAIR),
                    other.allocateWindow(WindowType.PROTECTION_DOMAIN),
                    one.allocateWindow(WindowType.QUEUE_PAIR)));
            List<SharedReceiveQueue> queues =
                    new ArrayList<>(List.of(one.createSharedReceiveQueue(four), other.createSharedReceiveQueue(four)));
            for (int round = 0; round < 3; round++) {
                // Whichever domain asks, and as often as it asks.
                for (ProtectionDomain domain : List.of(one, other, one)) {
                    assertThatThrownBy(() -> domain.allocateWindow(WindowType.PROTECTION_DOMAIN))
                            .isInstanceOf(LimitExceededException.class)
                            .hasMessage("the device has its 3 memory windows (maxWindows)");
                    assertThatThrownBy(() -> domain.createSharedReceiveQueue(four))
                            .isInstanceOf(LimitExceededException.class)
                            .hasMessage("device " + device.name() + " allows 2 shared receive queues");
                }
                // One that goes makes room for one; closing it again does not make more.
                MemoryWindow freed = windows.remove(0);
                freed.close();
                freed.close();
                windows.add(other.allocateWindow(WindowType.QUEUE_PAIR));
                SharedReceiveQueue destroyed = queues.remove(0);
                destroyed.close();
                destroyed.close();
                queues.add(one.createSharedReceiveQueue(four));
                // Neither does a queue that was refused for another reason.
                assertThatThrownBy(() -> one.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(0)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            // Windows do not count as regions, nor regions as windows.
            one.register(ByteBuffer.allocate(8)).close();
            assertThat(device.query().regions()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    @Requirement("VRB-RN-06")
    void refusesQueuesWithoutAPlace(int size) {
        DeviceLimits limits = DeviceLimits.defaults()
                .withMaxCompletionQueueEntries(32)
                .withMaxWorkRequests(16)
                .withMaxSharedReceives(8)
                .withMaxElements(4);
        try (Device device = Device.open(QUIET.withLimits(limits));
                ProtectionDomain domain = device.allocateProtectionDomain()) {
            requireRefused("capacity " + size + " must be 1 to 32", () -> device.createCompletionQueue(size));
            assertThat(device.query().completionQueues()).isZero();
            try (CompletionQueue queue = device.createCompletionQueue(32);
                    SharedReceiveQueue shared = domain.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(8))) {
                requireRefused("capacity " + size + " must be 1 to 32", () -> queue.resize(size));
                assertThat(queue.capacity()).isEqualTo(32);

                SharedReceiveQueueOptions eight = SharedReceiveQueueOptions.ofDepth(8);
                requireRefused(
                        "depth " + size + " must be 1 to 8",
                        () -> domain.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(size)));
                requireRefused(
                        "maxElements " + size + " must be 1 to 4",
                        () -> domain.createSharedReceiveQueue(eight.withMaxElements(size)));
                requireRefused(
                        "receivesPerMessage " + size + " must be 1 to "
                                + SharedReceiveQueueOptions.MAX_RECEIVES_PER_MESSAGE,
                        () -> domain.createSharedReceiveQueue(eight.withReceivesPerMessage(size)));
                requireRefused("depth " + size + " must be 1 to 8", () -> shared.resize(size));
                assertThat(shared.query().depth()).isEqualTo(8);

                QueuePairOptions fits =
                        QueuePairOptions.with(queue).withDepths(16, 16).withElements(4, 4);
                requireRefused(
                        "sendDepth " + size + " must be 1 to 16",
                        () -> domain.createQueuePair(fits.withDepths(size, 16)));
                requireRefused(
                        "receiveDepth " + size + " must be 1 to 16",
                        () -> domain.createQueuePair(fits.withDepths(16, size)));
                requireRefused(
                        "maxSendElements " + size + " must be 1 to 4",
                        () -> domain.createQueuePair(fits.withElements(size, 4)));
                requireRefused(
                        "maxReceiveElements " + size + " must be 1 to 4",
                        () -> domain.createQueuePair(fits.withElements(4, size)));
                assertThat(device.query().queuePairs()).isZero();
                // A queue pair that takes its receives from elsewhere has no queue whose size would matter (VRB-SR-01).
                domain.createQueuePair(fits.withDepths(1, size).withSharedReceiveQueue(shared))
                        .close();
            }
            device.createCompletionQueue(1).close();
        }
    }

    private static void requireRefused(String sentence, ThrowingCallable asking) {
        assertThatThrownBy(asking).isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
    }

    private static void openOneStreamTooMany(Device device) throws Exception {
        try (RawListener listener = RawPeer.listen();
                PlainStream first = device.openStream(listener.address(), PlainStreamOptions.defaults())) {
            assertThat(first.binding().inbound()).isFalse();
            assertThatThrownBy(() -> device.openStream(listener.address(), PlainStreamOptions.defaults()))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("1 plain streams");
        }
    }

    @Test
    @ConnectedPair
    @Requirement({"DDP-5.2-02", "VRB-RN-06", "VRB-PS-05"})
    void refusesRequestsThatCanNeverWorkAtOnce(DevicePair pair) {
        TestMemory memory = TestMemory.pattern(pair.client(), 1024);
        QueuePair queuePair = pair.client().queuePair();
        SendRequest many = new SendRequest().send();
        for (int i = 0; i <= queuePair.options().maxSendElements(); i++) {
            many.local(memory.region(), i, 1);
        }
        assertThatThrownBy(() -> queuePair.postSend(many)).isInstanceOf(IllegalArgumentException.class);
        SendRequest readOfTwo =
                new SendRequest().read(1, 0).local(memory.region(), 0, 1).local(memory.region(), 1, 1);
        assertThatThrownBy(() -> queuePair.postSend(readOfTwo)).isInstanceOf(IllegalArgumentException.class);
        SendRequest inlineRead = new SendRequest().read(1, 0).inline(ByteBuffer.allocate(4));
        assertThatThrownBy(() -> queuePair.postSend(inlineRead)).isInstanceOf(IllegalArgumentException.class);
        SendRequest longInline = new SendRequest()
                .send()
                .inline(ByteBuffer.allocate(queuePair.options().maxInlineOctets() + 1));
        assertThatThrownBy(() -> queuePair.postSend(longInline)).isInstanceOf(IllegalArgumentException.class);
        // RFC 5041 section 5.2.
        assertThat(SendRequest.MAX_MESSAGE_OCTETS).isEqualTo((1L << 32) - 1);
        SendRequest tooLong = new SendRequest()
                .send()
                .local(1, 0, SendRequest.MAX_MESSAGE_OCTETS)
                .local(1, 0, 1);
        assertThatThrownBy(() -> queuePair.postSend(tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThat(queuePair.query().sendBusy()).isZero();
        assertThat(queuePair.state()).isEqualTo(QueuePairState.RTS);
    }

    @Test
    @Requirement({"DDP-8.3.2-04", "SEC-7.3-01", "RDMAP-8.1.2-04", "VRB-MR-06", "VRB-RN-06"})
    void refusesMemoryThatCannotBeRegistered() {
        try (Device device = Device.open(QUIET);
                ProtectionDomain domain = device.allocateProtectionDomain()) {
            assertThatThrownBy(() -> domain.register(ByteBuffer.allocate(0)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.register(List.of(), RegionOptions.defaults()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.register(ByteBuffer.allocate(8).asReadOnlyBuffer(), AccessFlag.LOCAL_WRITE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> domain.register(
                            ByteBuffer.allocate(8), RegionOptions.defaults().withStartAddress(-4)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(device.query().regions()).isZero();
            assertThat(device.query().registeredOctets()).isZero();
        }
    }

    @Test
    @Requirement("VRB-RN-05")
    void grantsEveryQueuePairAReadEachWayAtTheSameTime() {
        int queuePairs = 6;
        PairOptions options = PairOptions.defaults()
                .withDevices(device -> device.withLimits(DeviceLimits.defaults().withMaxQueuePairs(queuePairs)))
                .withQueuePairs(queuePair -> queuePair.withReadDepths(1, 1))
                .withParameters(parameters -> parameters.withReadDepths(1, 1));
        try (DevicePair pair = DevicePair.open(options)) {
            List<PairLink> links = new ArrayList<>(List.of(new PairLink(pair.client(), pair.server())));
            while (links.size() < queuePairs) {
                links.add(pair.connectAnother());
            }
            TestMemory here = TestMemory.pattern(pair.client(), 8);
            TestMemory there = TestMemory.pattern(pair.server(), 8);
            SendRequest request = new SendRequest();
            for (PairLink link : links) {
                link.client().post(request.read(there.region().remote()).local(here.region(), 0, 8));
                link.server().post(request.read(here.region().remote()).local(there.region(), 0, 8));
            }
            for (PairLink link : links) {
                for (PairEnd end : List.of(link.client(), link.server())) {
                    assertThat(end.awaitSendSuccess().lengthOctets()).isEqualTo(8);
                    assertThat(end.queuePair().query().inboundReadDepth()).isEqualTo(1);
                    assertThat(end.queuePair().query().outboundReadDepth()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    @Requirement({"SYS-MEM-01", "VRB-MR-05"})
    void neverGivesAnStagTwiceInARow() {
        for (DeviceOptions.StagPolicy policy : DeviceOptions.StagPolicy.values()) {
            try (Device device = Device.open(QUIET.withStagPolicy(policy));
                    ProtectionDomain domain = device.allocateProtectionDomain()) {
                ByteBuffer memory = ByteBuffer.allocate(8);
                int before = 0;
                for (int i = 0; i < 1000; i++) {
                    MemoryRegion region = domain.register(memory, AccessFlag.REMOTE_READ);
                    assertThat(region.stag()).isNotEqualTo(before).isNotZero();
                    before = region.stag();
                    region.close();
                }
                MemoryRegion one = domain.register(memory, AccessFlag.REMOTE_READ);
                MemoryRegion other = domain.register(memory, AccessFlag.REMOTE_READ);
                MemoryRegion part = domain.register(memory.slice(2, 4), AccessFlag.LOCAL_WRITE);
                assertThat(one.stag()).isNotEqualTo(other.stag());
                for (MemoryRegion each : List.of(one, other, part)) {
                    assertThat(each.valid()).isTrue();
                    assertThat(device.queryMemory(each.stag())).isEqualTo(each.query());
                }
                one.close();
                for (MemoryRegion left : List.of(other, part)) {
                    assertThat(left.valid()).isTrue();
                    assertThat(device.queryMemory(left.stag())).isEqualTo(left.query());
                    left.close();
                }
            }
        }
    }

    @Test
    @ConnectedPair
    @Requirement({"SEC-7.1-01", "VRB-RN-03", "RDMAP-8.1.1-10"})
    void keepsObjectsOfOtherDevicesOut(DevicePair pair) {
        CompletionQueue foreign = pair.serverDevice().createCompletionQueue(16);
        assertThatThrownBy(() -> pair.clientDomain().createQueuePair(QueuePairOptions.with(foreign)))
                .isInstanceOf(IllegalArgumentException.class);
        foreign.close();
        String client = "device " + pair.clientDevice().name();
        MemoryRegion region = pair.server().register(8);
        assertThatThrownBy(() -> pair.clientDomain().registerShared(region, RegionOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(region + " is not a region of " + client);
        PairEnd idle = pair.newServerEnd();
        assertThatThrownBy(() -> pair.clientDevice()
                        .connectAsync(
                                idle.queuePair(), pair.listener().localAddress(), ConnectionParameters.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(idle.queuePair() + " is not a queue pair of " + client);
    }
}
