package io.verbena.queuepair;

import static io.verbena.queuepair.QueuePairEvent.ABORT;
import static io.verbena.queuepair.QueuePairEvent.CLOSE_TIMEOUT;
import static io.verbena.queuepair.QueuePairEvent.CONNECTED;
import static io.verbena.queuepair.QueuePairEvent.INBOUND_ERROR;
import static io.verbena.queuepair.QueuePairEvent.LLP_CLOSED;
import static io.verbena.queuepair.QueuePairEvent.LLP_FAILED;
import static io.verbena.queuepair.QueuePairEvent.LOCAL_ERROR;
import static io.verbena.queuepair.QueuePairEvent.MODIFY_CLOSING;
import static io.verbena.queuepair.QueuePairEvent.MODIFY_ERROR;
import static io.verbena.queuepair.QueuePairEvent.MODIFY_IDLE;
import static io.verbena.queuepair.QueuePairEvent.MODIFY_RTS;
import static io.verbena.queuepair.QueuePairEvent.MODIFY_TERMINATE;
import static io.verbena.queuepair.QueuePairEvent.PEER_FIN;
import static io.verbena.queuepair.QueuePairEvent.PEER_FIN_WHILE_BUSY;
import static io.verbena.queuepair.QueuePairEvent.REQUEST_FAILED;
import static io.verbena.queuepair.QueuePairEvent.TERMINATE_RECEIVED;
import static io.verbena.queuepair.QueuePairEvent.WORK_WHILE_CLOSING;
import static io.verbena.verbs.QueuePairState.CLOSING;
import static io.verbena.verbs.QueuePairState.ERROR;
import static io.verbena.verbs.QueuePairState.IDLE;
import static io.verbena.verbs.QueuePairState.RTS;
import static io.verbena.verbs.QueuePairState.TERMINATE;

import io.verbena.verbs.QueuePairState;

/**
 * The state machine of a queue pair: every state with every event. Rows carry ids, T1 to T21, which
 * {@code docs/states/queue-pair.md} explains beside the matrix and the picture of this table.
 *
 * <p>Three rules decide most of the rows that lead nowhere:
 *
 * <ul>
 *   <li>The first error wins (RFC 5040 section 7.1): in Terminate and Error later ones are ignored, and so is whatever the
 *       old stream still says.
 *   <li>A transition that the application asks for and that is not in the table is illegal and changes nothing.
 *   <li>An event of a stream in a state that has none is illegal: the engine delivered it to the wrong queue pair.
 * </ul>
 *
 * <p>Entering Error flushes everything on both queues (T19); destroying is possible from every state and is no event here.
 *
 * <p>Thread rule: immutable, any thread; asking allocates nothing.
 */
public final class QueuePairStates {
    private static final QueuePairTransition[][] TABLE = new QueuePairStates().table;

    private final QueuePairTransition[][] table =
            new QueuePairTransition[QueuePairState.values().length][QueuePairEvent.values().length];

    private QueuePairStates() {
        on(IDLE, MODIFY_IDLE, IDLE, "T1");
        on(IDLE, CONNECTED, RTS, "T2");
        on(IDLE, MODIFY_ERROR, ERROR, "T3");
        on(IDLE, ABORT, ERROR, "T3");
        // A timer that was withdrawn a moment too late.
        ignore(IDLE, CLOSE_TIMEOUT);

        on(RTS, MODIFY_RTS, RTS, "T4");
        on(RTS, MODIFY_CLOSING, CLOSING, "T5, T6");
        on(RTS, PEER_FIN, CLOSING, "T7");
        on(RTS, PEER_FIN_WHILE_BUSY, TERMINATE, "T8");
        on(RTS, REQUEST_FAILED, TERMINATE, "T9");
        on(RTS, INBOUND_ERROR, TERMINATE, "T10");
        on(RTS, LOCAL_ERROR, TERMINATE, "T10");
        on(RTS, MODIFY_TERMINATE, TERMINATE, "T11");
        on(RTS, TERMINATE_RECEIVED, TERMINATE, "T12");
        on(RTS, MODIFY_ERROR, ERROR, "T15");
        on(RTS, ABORT, ERROR, "T15");
        on(RTS, LLP_FAILED, ERROR, "T16");

        on(CLOSING, WORK_WHILE_CLOSING, ERROR, "T13");
        on(CLOSING, PEER_FIN_WHILE_BUSY, ERROR, "T13");
        on(CLOSING, INBOUND_ERROR, ERROR, "T13");
        on(CLOSING, TERMINATE_RECEIVED, ERROR, "T13");
        on(CLOSING, REQUEST_FAILED, ERROR, "T13");
        on(CLOSING, LOCAL_ERROR, ERROR, "T13");
        on(CLOSING, LLP_FAILED, ERROR, "T13");
        on(CLOSING, CLOSE_TIMEOUT, ERROR, "T13");
        on(CLOSING, ABORT, ERROR, "T13");
        on(CLOSING, LLP_CLOSED, IDLE, "T14");
        // The peer's half of our own close; LLP_CLOSED says when it is complete.
        ignore(CLOSING, PEER_FIN);

        on(TERMINATE, LLP_CLOSED, ERROR, "T17");
        on(TERMINATE, LLP_FAILED, ERROR, "T18");
        on(TERMINATE, CLOSE_TIMEOUT, ERROR, "T18");
        on(TERMINATE, ABORT, ERROR, "T18");
        ignore(TERMINATE, PEER_FIN);
        ignore(TERMINATE, PEER_FIN_WHILE_BUSY);
        ignore(TERMINATE, REQUEST_FAILED);
        ignore(TERMINATE, INBOUND_ERROR);
        ignore(TERMINATE, LOCAL_ERROR);
        ignore(TERMINATE, TERMINATE_RECEIVED);
        ignore(TERMINATE, WORK_WHILE_CLOSING);

        on(ERROR, MODIFY_IDLE, IDLE, "T20");
        ignore(ERROR, ABORT);
        ignore(ERROR, PEER_FIN);
        ignore(ERROR, PEER_FIN_WHILE_BUSY);
        ignore(ERROR, REQUEST_FAILED);
        ignore(ERROR, INBOUND_ERROR);
        ignore(ERROR, LOCAL_ERROR);
        ignore(ERROR, TERMINATE_RECEIVED);
        ignore(ERROR, WORK_WHILE_CLOSING);
        ignore(ERROR, LLP_CLOSED);
        ignore(ERROR, LLP_FAILED);
        ignore(ERROR, CLOSE_TIMEOUT);

        for (QueuePairState state : QueuePairState.values()) {
            for (QueuePairEvent event : QueuePairEvent.values()) {
                if (table[state.ordinal()][event.ordinal()] == null) {
                    // T21 (still flushing) is one of these.
                    put(state, event, new QueuePairTransition(QueuePairTransition.Outcome.ILLEGAL, state, ""));
                }
            }
        }
    }

    /** Returns what {@code event} means in {@code state}. */
    public static QueuePairTransition on(QueuePairState state, QueuePairEvent event) {
        return TABLE[state.ordinal()][event.ordinal()];
    }

    private void on(QueuePairState state, QueuePairEvent event, QueuePairState next, String row) {
        put(state, event, new QueuePairTransition(QueuePairTransition.Outcome.ENTER, next, row));
    }

    private void ignore(QueuePairState state, QueuePairEvent event) {
        put(state, event, new QueuePairTransition(QueuePairTransition.Outcome.IGNORED, state, ""));
    }

    private void put(QueuePairState state, QueuePairEvent event, QueuePairTransition transition) {
        if (table[state.ordinal()][event.ordinal()] != null) {
            throw new IllegalStateException(state + " with " + event + " is in the table twice");
        }
        table[state.ordinal()][event.ordinal()] = transition;
    }
}
