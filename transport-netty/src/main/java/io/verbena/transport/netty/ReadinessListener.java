package io.verbena.transport.netty;

/** Who is told what a {@link SelectedSocket} is ready for. All methods are called on the socket's loop. */
interface ReadinessListener {
    /**
     * The socket is ready.
     *
     * @param readyOps the operations, as in {@link java.nio.channels.SelectionKey}
     */
    void onReady(int readyOps);

    /** Reads, if this listener can, without having been told to; returns whether anything arrived. */
    default boolean poll() {
        return false;
    }

    /** The transport is being closed: let go of the socket and tell whoever waits. */
    void onTransportClosed();
}
