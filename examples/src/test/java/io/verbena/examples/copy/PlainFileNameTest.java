package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainFileNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "big.iso", ".hidden", "with space", "Grüße", "..a", "a..b", "文件"})
    void plainNamesPass(String name) {
        assertThat(PlainFileName.objection(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/",
                "/etc/passwd",
                "../x",
                "a/b",
                "a\\b",
                "..\\x",
                "C:x",
                "a\nb",
                "a\u0000b",
                "a\u001b[2J",
                "a\u202eb",
                "a\u0085b"
            })
    void whatLeavesTheDirectoryOrTricksATerminalIsRefused(String name) {
        assertThat(PlainFileName.objection(name)).isNotNull();
    }

    @Test
    void theLimitCountsOctetsNotCharacters() {
        assertThat(PlainFileName.objection("x".repeat(200))).isNull();
        assertThat(PlainFileName.objection("x".repeat(201))).contains("200");
        assertThat(PlainFileName.objection("ü".repeat(101))).contains("200");
    }
}
