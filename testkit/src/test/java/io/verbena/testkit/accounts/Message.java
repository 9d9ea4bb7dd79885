package io.verbena.testkit.accounts;

import io.verbena.verbs.SendOperation;

/**
 * What one end posted for the other: a Send, Immediate Data or a Write.
 *
 * <p>What it carries is a piece of {@link Pattern}.
 */
final class Message {
    final SendOperation operation;
    final int patternOffset;
    final int octets;
    /** Immediate Data; or where in the peer's target a Write goes. */
    final long detail;

    final int invalidateStag;
    /** Which connection of its link it belongs to. */
    final int connection;
    /** It completed as flushed: if its connection has not begun yet it never will be sent. */
    boolean flushed;

    Message(SendOperation operation, int patternOffset, int octets, long detail, int invalidateStag, int connection) {
        this.operation = operation;
        this.patternOffset = patternOffset;
        this.octets = octets;
        this.detail = detail;
        this.invalidateStag = invalidateStag;
        this.connection = connection;
    }

    boolean isWrite() {
        return operation == SendOperation.WRITE;
    }

    @Override
    public String toString() {
        return operation + " of " + octets;
    }
}
