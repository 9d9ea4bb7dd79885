package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.transport.ByteStream;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Tag("tcp")
@Timeout(60)
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "limits the file descriptors of a process with ulimit")
class DescriptorShortageTest {
    /** What the other JVM runs: listens, uses up its descriptors, and gives them back after some failures to accept. */
    static final class Program implements StreamTransport.AcceptHandler {
        private static final int FAILURES = 4;

        private final CountDownLatch failedOften = new CountDownLatch(FAILURES);
        private final CountDownLatch first = new CountDownLatch(1);
        private final CountDownLatch accepted = new CountDownLatch(2);

        public static void main(String[] arguments) throws Exception {
            new Program().run();
        }

        private void run() throws Exception {
            try (StreamTransport transport = NettyStreamTransport.open(1, false, "short-");
                    var listening = transport.listen(TcpPair.anyPort(), StreamOptions.defaults(), this);
                    Socket early = new Socket(
                            InetAddress.getLoopbackAddress(),
                            listening.localAddress().getPort());
                    Socket late = new Socket()) {
                early.getOutputStream().write(1);
                // The descriptor of this one is taken before there are none.
                late.bind(null);
                // Loading classes takes descriptors too: what will be needed then is loaded now.
                CountDownLatch timerRan = new CountDownLatch(1);
                transport.loop(0).schedule(0, timerRan::countDown);
                check(timerRan.await(20, TimeUnit.SECONDS) && first.await(20, TimeUnit.SECONDS), "nothing works");
                List<SocketChannel> hoard = new ArrayList<>();
                useUp(hoard);
                long start = System.nanoTime();
                late.connect(listening.localAddress());
                check(failedOften.await(20, TimeUnit.SECONDS), "no failure was told");
                long elapsedNs = System.nanoTime() - start;
                check(elapsedNs > 40_000_000, FAILURES + " attempts in " + elapsedNs + " ns: it spins");
                for (SocketChannel held : hoard) {
                    held.close();
                }
                check(accepted.await(20, TimeUnit.SECONDS), "not accepted afterwards");
            }
        }

        private static void useUp(List<SocketChannel> hoard) {
            try {
                while (true) {
                    hoard.add(SocketChannel.open());
                }
            } catch (IOException none) {
                check(none.getMessage().contains("Too many open files"), none.getMessage());
            }
        }

        private static void check(boolean good, String otherwise) {
            if (!good) {
                throw new IllegalStateException(otherwise);
            }
        }

        @Override
        public StreamHandler onAccepted(ByteStream stream) {
            Probe probe = new Probe(stream);
            first.countDown();
            accepted.countDown();
            return probe;
        }

        @Override
        public void onAcceptFailed(IOException cause) {
            failedOften.countDown();
        }
    }

    @Test
    void goesOnAcceptingAfterAShortageOfDescriptors() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder limited =
                new ProcessBuilder("sh", "-c", "ulimit -n 160 && exec \"$0\" \"$@\"", java, Program.class.getName());
        limited.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = limited.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEmpty();
        assertThat(process.exitValue()).isZero();
    }
}
