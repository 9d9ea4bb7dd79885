package io.verbena.transport;

/** Ways in which a connection attempt or an established stream fails below MPA. */
public enum StreamError {
    /** Nobody listens at that address (TCP: RST to SYN). */
    REFUSED("connection refused"),
    /** The host or network cannot be reached, or the address cannot be used. */
    UNREACHABLE("address not reachable"),
    /** The attempt did not finish within its time. */
    TIMED_OUT("timed out"),
    /** The peer broke the connection (TCP: RST). */
    RESET("connection reset by the peer"),
    /** The connection was lost: keep-alive failed, the network interface vanished, a read or write failed. */
    LOST("connection lost"),
    /** The transport itself is being closed. */
    TRANSPORT_CLOSED("transport closed");

    private final String words;

    StreamError(String words) {
        this.words = words;
    }

    /** Returns the error in plain words, for messages. */
    public String words() {
        return words;
    }
}
