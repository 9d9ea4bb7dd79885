package io.verbena.benchmarks.row;

/** How the operations of a row follow each other, and what its figure is made from. */
public enum Shape {
    /** One behind the other, several under way. */
    STREAM,
    /** There and back, one at a time. */
    PING,
    /** As a stream, in all modes, one after the other; octets allocated are counted. */
    ALLOCATION,
    /** Connections that do nothing. */
    IDLE,
    /** Streams on many connections at once. */
    SHARE,
    /** Connections being made. */
    CONNECT;

    /** Returns the figure of one measurement from what both ends say. */
    public double value(Figures client, Figures server) {
        return switch (this) {
            case STREAM, PING, SHARE, CONNECT -> client.get(Figures.VALUE);
            case IDLE -> Math.max(client.get(Figures.VALUE), server.get(Figures.VALUE));
            case ALLOCATION ->
                (client.get(Figures.ALLOCATED) + server.get(Figures.ALLOCATED)) / client.get(Figures.OPERATIONS);
        };
    }

    /** Returns whether raw TCP and Netty are measured as well. */
    public boolean compared() {
        return this == STREAM || this == PING || this == CONNECT;
    }
}
