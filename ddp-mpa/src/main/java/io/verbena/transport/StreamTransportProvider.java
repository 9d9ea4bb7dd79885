package io.verbena.transport;

/** Makes {@link StreamTransport}s; found by {@link java.util.ServiceLoader}. */
public interface StreamTransportProvider {
    /** Returns the name by which a transport is asked for, such as {@code nio}. */
    String name();

    /** Returns whether it can work on this machine. */
    boolean available();

    /** Returns the preference among available providers: the highest wins when none is named. */
    int preference();

    /**
     * Opens a transport.
     *
     * @param loops number of loops, 1 or more
     * @param callerDriven whether the loops run inside {@link EventLoop#drive} rather than on their own threads
     * @param threadNamePrefix prefix of the names of loop threads; the loop's index follows
     */
    StreamTransport open(int loops, boolean callerDriven, String threadNamePrefix);
}
