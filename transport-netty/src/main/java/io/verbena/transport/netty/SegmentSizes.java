package io.verbena.transport.netty;

import io.verbena.transport.StreamOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the effective maximum segment size of a connection (RFC 5044 section 2, EMSS).
 *
 * <p>The JDK does not tell a socket's segment size. So it is taken from the MTU of the interface that has the local
 * address, less the IP and TCP headers and the timestamp option that all current systems use. The path may be narrower:
 * that costs efficiency and not correctness, because no rule of MPA depends on how TCP cuts its segments.
 *
 * <p>Thread rule: any thread.
 */
final class SegmentSizes {
    private static final int IPV4_AND_TCP_HEADERS = 40;
    private static final int IPV6_AND_TCP_HEADERS = 60;
    private static final int TIMESTAMP_OPTION = 12;
    private static final int LOOPBACK_MTU = 65535;
    private static final int ETHERNET_MTU = 1500;
    private static final int MAX_REMEMBERED_ADDRESSES = 256;

    private final ConcurrentHashMap<InetAddress, Integer> mtuByLocalAddress = new ConcurrentHashMap<>();

    /** Returns what {@code options} ask for, or else what the path from {@code local} to {@code remote} suggests. */
    int segmentOctets(StreamOptions options, InetSocketAddress local, InetSocketAddress remote) {
        if (options.segmentOctets() != 0) {
            return options.segmentOctets();
        }
        InetAddress address = local.getAddress();
        boolean sameHost = address.isLoopbackAddress() || address.equals(remote.getAddress());
        return fromMtu(sameHost ? LOOPBACK_MTU : mtuAt(address), address instanceof Inet6Address);
    }

    static int fromMtu(int mtu, boolean ipv6) {
        int headers = (ipv6 ? IPV6_AND_TCP_HEADERS : IPV4_AND_TCP_HEADERS) + TIMESTAMP_OPTION;
        return Math.max(StreamOptions.MIN_SEGMENT_OCTETS, Math.min(mtu, LOOPBACK_MTU) - headers);
    }

    private int mtuAt(InetAddress local) {
        Integer known = mtuByLocalAddress.get(local);
        if (known != null) {
            return known;
        }
        if (mtuByLocalAddress.size() >= MAX_REMEMBERED_ADDRESSES) {
            mtuByLocalAddress.clear();
        }
        int mtu = askSystem(local);
        mtuByLocalAddress.put(local, mtu);
        return mtu;
    }

    private static int askSystem(InetAddress local) {
        try {
            NetworkInterface networkInterface = NetworkInterface.getByInetAddress(local);
            if (networkInterface == null) {
                return ETHERNET_MTU;
            }
            int mtu = networkInterface.getMTU();
            return mtu > 0 ? mtu : ETHERNET_MTU;
        } catch (SocketException interfaceGone) {
            // The interface went away between the two questions; the connection will notice by itself.
            return ETHERNET_MTU;
        }
    }
}
