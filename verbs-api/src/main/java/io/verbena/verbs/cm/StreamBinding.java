package io.verbena.verbs.cm;

import java.net.InetSocketAddress;

/**
 * What a TCP connection of a device is bound to: that tells who its octets are for (SYS-MEM-16). A snapshot.
 *
 * @param kind what it is bound to
 * @param inbound whether the peer opened the TCP connection
 * @param localAddress this end's address
 * @param remoteAddress the peer's address
 * @param queuePairNumber the number of the queue pair it is bound to, or {@link #NO_QUEUE_PAIR}
 */
public record StreamBinding(
        Kind kind,
        boolean inbound,
        InetSocketAddress localAddress,
        InetSocketAddress remoteAddress,
        int queuePairNumber) {
    /** Stands for no queue pair. */
    public static final int NO_QUEUE_PAIR = -1;

    /** Kinds of binding. */
    public enum Kind {
        /** Nothing: its octets go to the application ({@link PlainStream}). */
        PLAIN("plain"),
        /** Nothing yet: MPA is starting, and its octets are startup frames. */
        STARTUP("MPA startup"),
        /** An RDMA queue pair: its octets are FPDUs. */
        RDMA("RDMA"),
        /** The connection has ended, or nobody wants its octets any more. */
        ENDED("ended");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** Returns it in plain words, for messages. */
        public String words() {
            return words;
        }
    }

    @Override
    public String toString() {
        return (inbound ? "inbound " : "outbound ") + kind.words()
                + (queuePairNumber == NO_QUEUE_PAIR ? "" : ", queue pair " + queuePairNumber) + ": "
                + text(localAddress)
                + (inbound ? " from " : " to ") + text(remoteAddress);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString() + ":" + address.getPort()
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
