package io.verbena.examples.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.command.TraceLog;
import io.verbena.verbs.Device;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstWriteTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("basedir", ""));
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @BeforeAll
    static void silence() {
        TraceLog.silence();
    }

    @Test
    void octetsArriveInTheOfferedMemory() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        byte[] text = "the first write".getBytes(StandardCharsets.UTF_8);
        ByteBuffer memory = ByteBuffer.allocateDirect(text.length);
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Device device = Device.open();
                ConnectionListener listener = device.listen(anyPort)) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(device.createCompletionQueue(256)));
            Future<Boolean> writing =
                    client.submit(() -> FirstWrite.write(listener.localAddress(), ByteBuffer.wrap(text)));

            Connection connection =
                    FirstWrite.offer(domain, queuePair, memory, listener.nextRequest(Duration.ofSeconds(10)));

            assertThat(writing.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(connection.closed().get(20, TimeUnit.SECONDS)).isNull();
            byte[] arrived = new byte[text.length];
            memory.get(0, arrived);
            assertThat(arrived).isEqualTo(text);
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void theReadmeShowsTheseLines() throws IOException {
        String source =
                lines(Files.readString(EXAMPLES.resolve("src/main/java/io/verbena/examples/sample/FirstWrite.java")));
        List<String> shown = JAVA_BLOCK
                .matcher(Files.readString(EXAMPLES.toAbsolutePath().getParent().resolve("README.md")))
                .results()
                .map(block -> lines(block.group(1)))
                .toList();

        assertThat(shown).hasSize(2).allSatisfy(block -> assertThat(source).contains(block));
    }

    /** Returns the lines of {@code text} without their indentation. */
    private static String lines(String text) {
        return text.lines().map(String::strip).reduce("", (before, line) -> before + line + "\n");
    }
}
