package io.verbena.queuepair;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.QueuePairState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Freezes the state table: the checked-in page must be the one that the table gives.
 *
 * <p>After a wanted change run this test with {@code -Dverbena.regenerate=true} and review the difference of the page.
 */
class QueuePairStatesTest {
    private static final Path PAGE = Path.of("..", "docs", "states", "queue-pair.md");

    @Test
    void thePageIsThatOfTheTable() throws IOException {
        String page = QueuePairPage.text();
        if (Boolean.getBoolean("verbena.regenerate")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/states/queue-pair.md; regenerate with -Dverbena.regenerate=true")
                .isEqualTo(page);
    }

    @Test
    void everyTransitionOfTheVerbsIsInTheTable() {
        Set<String> rows = new TreeSet<>();
        for (QueuePairState state : QueuePairState.values()) {
            for (QueuePairEvent event : QueuePairEvent.values()) {
                QueuePairTransition transition = QueuePairStates.on(state, event);
                if (transition.enters()) {
                    rows.addAll(Arrays.asList(transition.row().split(", ")));
                } else {
                    assertThat(transition.row()).isEmpty();
                    assertThat(transition.next()).isEqualTo(state);
                }
            }
        }
        // T19 is what entering Error does, T21 a refusal.
        Set<String> expected = new TreeSet<>();
        for (int row = 1; row <= 20; row++) {
            expected.add("T" + row);
        }
        expected.remove("T19");
        assertThat(rows).isEqualTo(expected);
        assertThat(QueuePairStates.on(QueuePairState.ERROR, QueuePairEvent.MODIFY_IDLE_WHILE_FLUSHING)
                        .illegal())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "IDLE, true, false, false, false, true",
        "RTS, false, true, true, true, true",
        "CLOSING, false, false, false, false, false",
        "TERMINATE, false, false, false, false, false",
        "ERROR, true, false, false, false, false"
    })
    void anApplicationMayModifyAsTheVerbsSay(
            QueuePairState from, boolean idle, boolean rts, boolean closing, boolean terminate, boolean error) {
        assertThat(QueuePairStates.on(from, QueuePairEvent.MODIFY_IDLE).enters())
                .isEqualTo(idle);
        assertThat(QueuePairStates.on(from, QueuePairEvent.MODIFY_RTS).enters()).isEqualTo(rts);
        assertThat(QueuePairStates.on(from, QueuePairEvent.MODIFY_CLOSING).enters())
                .isEqualTo(closing);
        assertThat(QueuePairStates.on(from, QueuePairEvent.MODIFY_TERMINATE).enters())
                .isEqualTo(terminate);
        assertThat(QueuePairStates.on(from, QueuePairEvent.MODIFY_ERROR).enters())
                .isEqualTo(error);
    }

    @Test
    void abortLeadsToErrorFromEverywhere() {
        for (QueuePairState state : QueuePairState.values()) {
            QueuePairTransition transition = QueuePairStates.on(state, QueuePairEvent.ABORT);
            assertThat(transition.illegal()).isFalse();
            assertThat(transition.next()).isEqualTo(QueuePairState.ERROR);
        }
    }
}
