package io.verbena.testkit.cost;

/** The operations whose cost is counted. */
enum CountedOperation {
    SEND,
    WRITE,
    READ
}
