package io.verbena.requirements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommaSeparatedTest {
    @Test
    void whatIsWrittenIsRead() {
        List<String> values = List.of("plain", "", "one, two", "he said \"no\"", "\"");

        assertThat(CommaSeparated.values(CommaSeparated.line(values))).isEqualTo(values);
    }

    @Test
    void aLineBreakBecomesABlank() {
        assertThat(CommaSeparated.line(List.of("one\r\ntwo\nthree"))).isEqualTo("one two three");
    }

    @Test
    void refusesAnOpenQuotation() {
        assertThatThrownBy(() -> CommaSeparated.values("a,\"b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a quotation mark is not closed in the line: a,\"b");
    }
}
