package io.verbena.queuepair;

import io.verbena.verbs.QueuePairState;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Writes the page about the state table: a matrix and a picture. */
final class QueuePairPage {
    /** What carrying out a row means, in order. */
    private static final String[][] ROWS = {
        {"T1", "attributes change"},
        {"T2", "per-stream state is reset (message sequence numbers 1, marker phase, no Reads), the LLP is bound"},
        {"T3", "the send queue is flushed, then the receive queue"},
        {"T4", "attributes change"},
        {"T5", "processing stops, the receive queue is flushed, FIN; nothing was outstanding"},
        {"T6", "as T5, but something was outstanding: T13 follows at once"},
        {"T7", "processing stops, the receive queue is flushed, FIN in answer to the peer's"},
        {"T8", "processing stops, Terminate 0/2/07 on the half that is open, FIN; event: the peer closed too early"},
        {"T9", "the request completes with its error, processing stops, Terminate, FIN"},
        {"T10", "processing stops, Terminate that names the violation, FIN; event with the cause"},
        {"T11", "processing stops at a segment boundary, Terminate 0/0/00, FIN"},
        {"T12", "processing stops, no Terminate in answer, FIN; event: Terminate received"},
        {"T13", "the LLP is reset and unbound; event: bad close, or connection lost"},
        {"T14", "the LLP is unbound; event: close complete"},
        {"T15", "processing stops, the LLP is reset and unbound"},
        {"T16", "processing stops, the LLP is reset and unbound; event: connection reset or lost"},
        {"T17", "the LLP is unbound"},
        {"T18", "the LLP is reset and unbound; event: bad close, unless an event or completion has told the failure"},
        {"T20", "the Terminate and the counters of the last connection are forgotten"},
    };

    private QueuePairPage() {}

    static String text() {
        StringBuilder page = new StringBuilder();
        page.append("# States of a queue pair\n\n")
                .append("Generated from `QueuePairStates`; do not edit. After a change of the table:\n\n")
                .append("```\nmvn -Dquick -pl rdmap-core -am test -Dtest=QueuePairStatesTest ")
                .append("-Dsurefire.failIfNoSpecifiedTests=false -Dverbena.regenerate=true\n```\n\n")
                .append(
                        "Each cell is the next state and, in brackets, the row it comes from; `ignored`: nothing happens;\n")
                .append(
                        "`-`: illegal, so a request of the application is refused and an event of the engine is a bug.\n")
                .append("Entering Error flushes both queues. Destroying is possible in every state.\n\n");
        appendMatrix(page);
        appendPicture(page);
        appendRows(page);
        return page.toString();
    }

    private static void appendMatrix(StringBuilder page) {
        StringJoiner head = new StringJoiner(" | ", "| event | ", " |\n");
        for (QueuePairState state : QueuePairState.values()) {
            head.add(title(state));
        }
        page.append(head)
                .append("|---|")
                .append("---|".repeat(QueuePairState.values().length))
                .append('\n');
        for (QueuePairEvent event : QueuePairEvent.values()) {
            StringJoiner row = new StringJoiner(" | ", "| " + event.words() + " | ", " |\n");
            for (QueuePairState state : QueuePairState.values()) {
                row.add(cell(QueuePairStates.on(state, event)));
            }
            page.append(row);
        }
    }

    private static String cell(QueuePairTransition transition) {
        return switch (transition.outcome()) {
            case ENTER -> title(transition.next()) + " (" + transition.row() + ")";
            case IGNORED -> "ignored";
            case ILLEGAL -> "-";
        };
    }

    private static void appendPicture(StringBuilder page) {
        page.append("\n```mermaid\nstateDiagram-v2\n    [*] --> Idle\n");
        for (QueuePairState state : QueuePairState.values()) {
            Map<QueuePairState, Map<String, String>> ways = new EnumMap<>(QueuePairState.class);
            for (QueuePairEvent event : QueuePairEvent.values()) {
                QueuePairTransition transition = QueuePairStates.on(state, event);
                if (transition.enters()) {
                    ways.computeIfAbsent(transition.next(), next -> new LinkedHashMap<>())
                            .merge(transition.row(), event.words(), (some, more) -> some + "<br/>" + more);
                }
            }
            ways.forEach((next, byRow) -> {
                StringJoiner label = new StringJoiner("<br/>");
                byRow.forEach((row, words) -> label.add(row + " " + words));
                page.append("    " + title(state) + " --> " + title(next) + " : " + label + "\n");
            });
        }
        page.append("```\n");
    }

    private static void appendRows(StringBuilder page) {
        page.append(
                        "\nT1 to T21 number the transitions of the RDMA verbs (draft-hilland-rddp-verbs section 6.2). T19 is what\n")
                .append("entering Error does, T21 the refusal to leave it while requests are still being flushed.\n\n")
                .append("| row | what happens, in order |\n|---|---|\n");
        for (String[] row : ROWS) {
            page.append("| ").append(row[0]).append(" | ").append(row[1]).append(" |\n");
        }
    }

    private static String title(QueuePairState state) {
        String name = state.name();
        return state == QueuePairState.RTS
                ? name
                : name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
