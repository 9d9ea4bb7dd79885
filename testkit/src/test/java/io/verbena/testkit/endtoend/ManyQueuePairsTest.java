package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.StreamBinding;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of queue pairs on one device, connected to each other by twos: each writes eight octets into memory of the other,
 * and then sends eight.
 */
@Tag("tcp")
@Timeout(120)
class ManyQueuePairsTest {
    private static final int WISHED_PAIRS = 2_000;
    private static final int LEAST_PAIRS = 200;
    private static final int CONNECTING_AT_ONCE = 100;

    /** File descriptors that the test leaves to the rest of the process. */
    private static final int SPARE_DESCRIPTORS = 500;

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @Test
    @Requirement("SYS-MEM-17")
    void movesOctetsBetweenThousandsOfQueuePairsOfOneDevice(TestReporter reporter) throws Exception {
        int pairs = pairsThatFit();
        reporter.publishEntry("queue pairs", String.valueOf(2 * pairs));
        try (Device device = Device.open(DeviceOptions.defaults())) {
            Crowd crowd = new Crowd(device, pairs);
            crowd.connect();

            assertThat(device.query().queuePairs()).isEqualTo(2 * pairs);
            assertThat(crowd.queuePairs).allMatch(queuePair -> queuePair.state() == QueuePairState.RTS);
            assertThat(device.streams())
                    .hasSize(2 * pairs)
                    .allMatch(binding -> binding.kind() == StreamBinding.Kind.RDMA)
                    .extracting(StreamBinding::queuePairNumber)
                    .doesNotHaveDuplicates();
            crowd.exchange(1);
            crowd.exchange(2);
        }
    }

    /** Each connection on loopback takes two file descriptors of this process. */
    private static int pairsThatFit() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long left = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - SPARE_DESCRIPTORS;
            int pairs = (int) Math.min(WISHED_PAIRS, left / 2);
            assumeTrue(
                    pairs >= LEAST_PAIRS,
                    () -> "the limit of " + system.getMaxFileDescriptorCount() + " open files allows no " + LEAST_PAIRS
                            + " connections; raise it with ulimit -n");
            return pairs;
        }
        return WISHED_PAIRS;
    }

    /** Queue pairs by number from 0 on; an even one is connected to the odd one behind it. */
    private static final class Crowd {
        private final Device device;
        private final int count;
        private final CompletionQueue completions;
        private final List<QueuePair> queuePairs = new ArrayList<>();
        private final ByteBuffer written;
        private final ByteBuffer received;
        private final MemoryRegion writtenRegion;
        private final MemoryRegion receivedRegion;

        Crowd(Device device, int pairs) {
            this.device = device;
            count = 2 * pairs;
            completions = device.createCompletionQueue(4 * count);
            ProtectionDomain domain = device.allocateProtectionDomain();
            written = ByteBuffer.allocateDirect(Long.BYTES * count);
            received = ByteBuffer.allocateDirect(Long.BYTES * count);
            writtenRegion = domain.register(written.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
            receivedRegion = domain.register(received.duplicate(), AccessFlag.LOCAL_WRITE);
            for (int i = 0; i < count; i++) {
                queuePairs.add(domain.createQueuePair(
                        QueuePairOptions.with(completions).withDepths(2, 1).withMaxInlineOctets(Long.BYTES)));
            }
        }

        void connect() throws Exception {
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (ConnectionListener listener = device.listen(anyPort)) {
                for (int first = 0; first < count; first += 2 * CONNECTING_AT_ONCE) {
                    connect(listener, first, Math.min(count, first + 2 * CONNECTING_AT_ONCE));
                }
            }
        }

        private void connect(ConnectionListener listener, int first, int end) throws Exception {
            List<CompletableFuture<Connection>> outcomes = new ArrayList<>();
            for (int i = first; i < end; i += 2) {
                byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
                outcomes.add(device.connectAsync(
                        queuePairs.get(i),
                        listener.localAddress(),
                        ConnectionParameters.defaults().withDeadline(DEADLINE).withPrivateData(number)));
            }
            for (int i = first; i < end; i += 2) {
                ConnectionRequest request = listener.nextRequest(DEADLINE);
                int initiator = ByteBuffer.wrap(request.privateData()).getInt();
                outcomes.add(request.acceptAsync(queuePairs.get(initiator + 1), ConnectionParameters.defaults()));
            }
            for (CompletableFuture<Connection> outcome : outcomes) {
                outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
        }

        /** Lets all write and send, the initiators first, and looks at what has arrived. */
        void exchange(int round) {
            ReceiveRequest receive = new ReceiveRequest();
            for (int i = 0; i < count; i++) {
                queuePairs
                        .get(i)
                        .postReceive(receive.receive(i).local(receivedRegion, (long) Long.BYTES * i, Long.BYTES))
                        .orThrow();
            }
            for (int parity = 0; parity < 2; parity++) {
                for (int i = parity; i < count; i += 2) {
                    post(i, round);
                }
                awaitReceives(1 - parity, round);
            }
        }

        private void post(int from, int round) {
            ByteBuffer octets = ByteBuffer.allocate(Long.BYTES);
            SendRequest request = new SendRequest();
            queuePairs
                    .get(from)
                    .postSend(request.write(writtenRegion.remote((long) Long.BYTES * (from ^ 1), Long.BYTES))
                            .inline(octets.putLong(0, value(from, round)))
                            .signaled(false))
                    .orThrow();
            queuePairs
                    .get(from)
                    .postSend(request.send()
                            .inline(octets.putLong(0, -value(from, round)))
                            .signaled(false))
                    .orThrow();
        }

        private static long value(int from, int round) {
            return 1_000_003L * from + round;
        }

        /** Every queue pair with this parity completes its receive once, behind the Write. */
        private void awaitReceives(int parity, int round) {
            BitSet seen = new BitSet();
            SystemDeadline.in(DEADLINE).await("the receives of " + count / 2 + " queue pairs", () -> {
                completions.poll(256, completion -> {
                    int at = (int) completion.id();
                    assertThat(completion.success()).as("receive %d", at).isTrue();
                    assertThat(at & 1).isEqualTo(parity);
                    assertThat(completion.queuePairNumber())
                            .isEqualTo(queuePairs.get(at).number());
                    assertThat(seen.get(at)).as("receive %d seen before", at).isFalse();
                    seen.set(at);
                    assertThat(written.getLong(Long.BYTES * at)).isEqualTo(value(at ^ 1, round));
                    assertThat(received.getLong(Long.BYTES * at)).isEqualTo(-value(at ^ 1, round));
                });
                return seen.cardinality() == count / 2;
            });
        }
    }
}
