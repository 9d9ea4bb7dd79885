package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody shall need a JVM flag, nor see the JVM complain about what this module does. */
@Tag("tcp")
@Timeout(60)
class BareJvmTest {
    /** What the other JVM runs. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (TcpPair pair = new TcpPair()) {
                var ends = pair.connect(Probe::new, Probe::new);
                ends.client().send((byte) 1);
                ends.client().onLoop(ends.client().stream::shutdownOutput);
                ends.server().endOfStream.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void runsWithoutFlagsAndWithoutWarnings() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEmpty();
        assertThat(process.exitValue()).isZero();
    }
}
