package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import io.verbena.examples.ToolProcess;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ReadyToReceive;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that do not arrive: a clear line, exit code 1, and nothing left behind. */
class CopyFailureTest {
    private static final Duration STEP = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private Path target;

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(directory.resolve("target"));
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedSoon.getLocalPort();
        }

        assertFails(RunningTool.run("copy", file().toString(), "127.0.0.1:" + port), "refused");
    }

    @Test
    void whoListensIsNoReceiver() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();

            RunningTool sender = RunningTool.run("copy", file().toString(), address, "--timeout", "1");

            assertFails(sender, "127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void anExistingFileIsRefusedAndStays() throws Exception {
        Files.writeString(target.resolve("file.bin"), "mine");
        try (RunningTool receiver = receiver()) {
            RunningTool sender = send(receiver);

            assertFails(sender, "already exists");
            assertFails(receiver, "already exists");
        }
        assertThat(target.resolve("file.bin")).hasContent("mine");
    }

    @Test
    void aFileBeyondTheLimitIsRefused() throws Exception {
        try (RunningTool receiver = receiver("--max-size", "1K")) {
            assertFails(send(receiver), "at most 1.0 KiB");
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void anUnreadableTargetDirectoryIsToldAtOnce() throws Exception {
        assertFails(
                RunningTool.run(
                        "copy", "serve", "--to", directory.resolve("missing").toString()),
                "existing directory");
    }

    @Test
    void aDirectoryIsNoFile() throws Exception {
        assertFails(RunningTool.run("copy", directory.toString(), "127.0.0.1:1"), "is a directory");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aDeviceIsNoFile() throws Exception {
        assertFails(RunningTool.run("copy", "/dev/null", "127.0.0.1:1"), "not a regular file");
    }

    @Test
    void aPortThatIsTakenIsToldAtOnce() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(RunningTool.run("copy", "serve", "--listen", "127.0.0.1:" + taken.getLocalPort()), "in use");
        }
    }

    @Test
    void aSenderThatDiesLeavesNothing() throws Exception {
        try (RunningTool receiver = receiver("--timeout", "20");
                Device device = Device.open(DeviceOptions.defaults());
                HandMadeSender sender =
                        new HandMadeSender(device, receiver.port(), new CopyOffer("file.bin", 100_000))) {
            sender.awaitReady(STEP);
            assertThat(target).isNotEmptyDirectory();

            sender.abort();

            assertFails(receiver, "file.bin", "nothing of it is kept");
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aSenderThatFallsSilentLeavesNothing() throws Exception {
        try (RunningTool receiver = receiver("--timeout", "1");
                Device device = Device.open(DeviceOptions.defaults());
                HandMadeSender sender = new HandMadeSender(device, receiver.port(), new CopyOffer("file.bin", 1))) {
            sender.awaitReady(STEP);

            assertFails(receiver, "silent for 1 s");
            Assertions.assertThatThrownBy(() -> sender.awaitStored(STEP)).hasMessageContaining("silent for 1 s");
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void otherOctetsThanTheDigestSaysLeaveNothing() throws Exception {
        try (RunningTool receiver = receiver();
                Device device = Device.open(DeviceOptions.defaults());
                HandMadeSender sender = new HandMadeSender(device, receiver.port(), new CopyOffer("file.bin", 10))) {
            sender.awaitReady(STEP);

            sender.send(new CopyMessage.Complete(new byte[CopyMessage.DIGEST_OCTETS]));

            Assertions.assertThatThrownBy(() -> sender.awaitStored(STEP)).hasMessageContaining("digests differ");
            assertFails(receiver, "digests differ");
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aSenderThatClaimsMoreThanTheFileHasIsCutOff() throws Exception {
        try (RunningTool receiver = receiver();
                Device device = Device.open(DeviceOptions.defaults());
                HandMadeSender sender = new HandMadeSender(device, receiver.port(), new CopyOffer("file.bin", 10))) {
            sender.awaitReady(STEP);

            sender.send(new CopyMessage.Written(11));

            assertFails(receiver, "Written");
        }
        assertThat(target).isEmptyDirectory();
    }

    @Test
    void aNameThatLeavesTheDirectoryIsRefused() throws Exception {
        try (RunningTool receiver = receiver();
                Device device = Device.open(DeviceOptions.defaults())) {
            Assertions.assertThatThrownBy(
                            () -> new HandMadeSender(device, receiver.port(), new CopyOffer("../file.bin", 1)))
                    .isInstanceOf(ConnectionRejectedException.class);

            assertFails(receiver, "plain");
        }
        assertThat(target).isEmptyDirectory();
        assertThat(directory.resolve("file.bin")).doesNotExist();
    }

    @Test
    void somebodyElsesConnectionIsRefusedAndTheReceiverGoesOn() throws Exception {
        try (RunningTool receiver = receiver();
                Device device = Device.open(DeviceOptions.defaults())) {
            var queuePair = device.allocateProtectionDomain()
                    .createQueuePair(QueuePairOptions.with(device.createCompletionQueue(256)));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), receiver.port());
            ConnectionParameters parameters = ConnectionParameters.defaults()
                    .withPeerToPeer(ReadyToReceive.WRITE)
                    .withPrivateData("hello".getBytes(StandardCharsets.US_ASCII));

            Assertions.assertThatThrownBy(() -> device.connect(queuePair, address, parameters))
                    .isInstanceOf(ConnectionRejectedException.class);

            assertThat(send(receiver).exitCode()).isZero();
            assertThat(receiver.exitCode()).isZero();
        }
    }

    @Test
    void aFileThatBecomesShorterFailsBothEnds() throws Exception {
        Path file = file();
        try (Device device = Device.open(DeviceOptions.defaults());
                HandMadeReceiver receiver = new HandMadeReceiver(device);
                RunningTool sender = RunningTool.start("copy", file.toString(), receiver.address())) {
            int size = (int) receiver.accept(STEP).size();

            Files.write(file, new byte[size - 1]);
            receiver.offerMemory(size);

            Assertions.assertThatThrownBy(() -> receiver.await(STEP)).hasMessageContaining("became shorter");
            assertFails(sender, "became shorter", "octet " + size);
        }
    }

    @Test
    void somebodyElseWhoAcceptsFailsTheSenderAtOnce() throws Exception {
        try (Device device = Device.open(DeviceOptions.defaults());
                HandMadeReceiver receiver = new HandMadeReceiver(device);
                RunningTool sender = RunningTool.start("copy", file().toString(), receiver.address())) {
            receiver.accept(STEP, new byte[0]);

            assertFails(sender, "is no receiver");
        }
    }

    @Test
    void aReceiverThatOffersTooLittleMemoryFails() throws Exception {
        try (Device device = Device.open(DeviceOptions.defaults());
                HandMadeReceiver receiver = new HandMadeReceiver(device);
                RunningTool sender = RunningTool.start("copy", file().toString(), receiver.address())) {
            receiver.accept(STEP);

            receiver.offerMemory(10);

            assertFails(sender, "10 octets of memory");
        }
    }

    @Test
    void aReceiverThatClaimsToHaveMoreThanWasSentFails() throws Exception {
        try (Device device = Device.open(DeviceOptions.defaults());
                HandMadeReceiver receiver = new HandMadeReceiver(device);
                RunningTool sender = RunningTool.start("copy", file().toString(), receiver.address())) {
            receiver.accept(STEP);

            receiver.send(new CopyMessage.Digested(1));

            assertFails(sender, "Digested");
        }
    }

    @Test
    void aReceiverThatDiesFailsTheSender() throws Exception {
        Path large = directory.resolve("large.bin");
        try (var file = new java.io.RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(2L << 30);
        }
        try (ToolProcess receiver = ToolProcess.start(
                        directory, "copy", "serve", "--listen", "127.0.0.1:0", "--to", target.toString());
                RunningTool sender = RunningTool.start(
                        "copy", large.toString(), "127.0.0.1:" + receiver.port(), "--timeout", "20")) {
            Awaitility.await().atMost(STEP).until(() -> receiver.out().contains("receiving large.bin"));

            receiver.kill();

            assertFails(sender, "verbena copy: ");
        }
        assertThat(target.resolve("large.bin")).doesNotExist();
    }

    private RunningTool receiver(String... options) {
        String[] line = {"copy", "serve", "--once", "--listen", "127.0.0.1:0", "--to", target.toString()};
        String[] all = java.util.Arrays.copyOf(line, line.length + options.length);
        System.arraycopy(options, 0, all, line.length, options.length);
        return RunningTool.start(all);
    }

    private RunningTool send(RunningTool receiver) throws Exception {
        return RunningTool.run("copy", file().toString(), "127.0.0.1:" + receiver.port());
    }

    private Path file() throws IOException {
        return Files.write(directory.resolve("file.bin"), new byte[5000]);
    }

    private static void assertFails(RunningTool tool, String... words) throws Exception {
        assertThat(tool.exitCode()).as(tool.output()).isEqualTo(1);
        assertThat(tool.err()).contains(words);
        assertThat(tool.err().lines()).hasSize(1);
    }
}
