package io.verbena.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerLineTest {
    @Test
    void readsWhatItWrites() {
        assertThat(ServerLine.parse(ServerLine.say("two words")))
                .isEqualTo(new ServerLine(ServerLine.Kind.SAY, "", "two words"));
        assertThat(ServerLine.parse(ServerLine.fact("address", "127.0.0.1:1")))
                .isEqualTo(new ServerLine(ServerLine.Kind.FACT, "address", "127.0.0.1:1"));
        assertThat(ServerLine.parse(ServerLine.done("connected")))
                .isEqualTo(new ServerLine(ServerLine.Kind.DONE, "connected", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "WARNING: of the JVM", "fact", "fact alone", "saying"})
    void otherLinesAreNone(String line) {
        assertThat(ServerLine.parse(line)).isNull();
    }
}
