package io.verbena.testkit.accounts;

/** What the model knows of one queue pair at its shared receive queue. */
final class ModelAccount {
    static final int NOT_ARMED = -1;
    static final int NO_CAP = Integer.MAX_VALUE;

    final int queuePairNumber;
    final int weight;
    int managed;
    int cap = NO_CAP;
    int held;
    int armedAt = NOT_ARMED;
    long drawn;
    long droppedMessages;
    long droppedOctets;
    boolean dropping;

    ModelAccount(int queuePairNumber, int weight) {
        this.queuePairNumber = queuePairNumber;
        this.weight = weight;
    }

    int limit() {
        return Math.min(managed, cap);
    }
}
