package io.verbena.examples.command;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address as people write it: {@code host:port}, {@code host}, {@code :port}, {@code 192.0.2.1:7175},
 * {@code [2001:db8::1]:7175}, {@code ::1}.
 *
 * @param host name or address, empty if not given
 * @param port 0 to 65535, or {@link #NO_PORT}
 */
public record HostAndPort(String host, int port) {
    /** Stands for a port that was not given. */
    public static final int NO_PORT = -1;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with {@code text}
     */
    public static HostAndPort parse(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("'" + text + "' has no closing ]");
            }
            String rest = text.substring(end + 1);
            if (!rest.isEmpty() && rest.charAt(0) != ':') {
                throw new IllegalArgumentException("'" + text + "': after ] comes a colon and a port, or nothing");
            }
            return new HostAndPort(text.substring(1, end), rest.isEmpty() ? NO_PORT : port(text, rest.substring(1)));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || text.indexOf(':') < colon) {
            // No colon: a host alone. Several without brackets: an IPv6 address alone.
            return new HostAndPort(text, NO_PORT);
        }
        return new HostAndPort(text.substring(0, colon), port(text, text.substring(colon + 1)));
    }

    /**
     * Looks the host up.
     *
     * @param emptyHost taken if no host was given
     * @param noPort taken if no port was given
     * @throws CommandFailedException if the host is not known
     */
    public InetSocketAddress resolve(InetAddress emptyHost, int noPort) throws CommandFailedException {
        try {
            InetAddress address = host.isEmpty() ? emptyHost : InetAddress.getByName(host);
            return new InetSocketAddress(address, port == NO_PORT ? noPort : port);
        } catch (UnknownHostException e) {
            throw new CommandFailedException("the host '" + host + "' is not known", e);
        }
    }

    /** Writes an address so that {@link #parse} reads it, without a look-up. */
    public static String toString(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static int port(String text, String digits) {
        try {
            int port = Integer.parseInt(digits);
            if (port >= 0 && port <= 0xFFFF) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrongPort(text, digits), e);
        }
        throw new IllegalArgumentException(wrongPort(text, digits));
    }

    private static String wrongPort(String text, String digits) {
        return "'" + text + "': the port must be a number from 0 to 65535, not '" + digits + "'";
    }
}
