package io.verbena.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stack on the packaged jars in JVMs that were given no flag, as a user starts it. */
class BareJvmIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private BareJvm jvm;

    @BeforeEach
    void prepare() {
        jvm = new BareJvm(folder);
    }

    @Test
    void tellsAboutTheDevice() throws Exception {
        BareJvm.Outcome outcome = jvm.run(DEADLINE, "info");

        assertSucceeded(outcome);
        assertThat(outcome.output()).contains(System.getProperty("java.version"));
    }

    @Test
    void movesMemoryBetweenTwoJvms() throws Exception {
        BareJvm.Outcome outcome = jvm.run(DEADLINE, "demo");

        assertSucceeded(outcome);
        assertThat(outcome.output()).contains("STag").contains("Write").contains("Read");
    }

    @Test
    void teachesItsCommands() throws Exception {
        BareJvm.Outcome outcome = jvm.run(DEADLINE, "--help");

        assertSucceeded(outcome);
        assertThat(outcome.output())
                .contains("demo")
                .contains("copy")
                .contains("rping")
                .contains("info");
    }

    @Test
    void refusesAnUnknownCommandInPlainWords() throws Exception {
        BareJvm.Outcome outcome = jvm.run(DEADLINE, "no-such-command");

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.errors()).contains("no-such-command").doesNotContain("\tat ");
    }

    /** The JVM warns in these words of reflection into itself, of Unsafe, of native code and of flags. */
    private static void assertSucceeded(BareJvm.Outcome outcome) {
        assertThat(outcome.exitCode())
                .as(() -> outcome.output() + "\n" + outcome.errors())
                .isZero();
        assertThat(outcome.output() + outcome.errors())
                .doesNotContain("WARNING:")
                .doesNotContain("IllegalAccess")
                .doesNotContain("Picked up")
                .doesNotContain("\tat ");
    }
}
