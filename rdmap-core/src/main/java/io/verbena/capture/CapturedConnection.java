package io.verbena.capture;

import io.verbena.transport.NanoClock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * One TCP connection in a capture: its octets become segments with the sequence numbers they could have had, between a handshake
 * and FINs that are made up, because user space sees neither. How TCP has cut the octets, repeated and acknowledged them
 * is not seen either: a segment here is what one call of the socket took or gave, and acknowledges all that came before it.
 *
 * <p>Thread rule: one thread; for a device's connections the stream's loop.
 */
public final class CapturedConnection {
    private final CaptureFile file;
    private final CaptureBuffer buffer;
    private final int interfaceNumber;
    private final NanoClock wallClock;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final Direction sent;
    private final Direction received;
    private boolean over;

    /** One direction. */
    private static final class Direction {
        private final TcpPacket packet;
        private final int firstSequence;
        private long octets;
        private boolean ended;

        Direction(InetSocketAddress from, InetSocketAddress to, int firstSequence) {
            packet = new TcpPacket(from, to);
            this.firstSequence = firstSequence;
        }

        /** Returns the sequence number of an octet, counted from 0. */
        int sequence(long position) {
            return firstSequence + 1 + (int) position;
        }

        /** Returns the sequence number that comes next; a FIN has one too. */
        int next() {
            return sequence(octets + (ended ? 1 : 0));
        }
    }

    /**
     * Begins with a handshake.
     *
     * @param number the connection's number in the file
     * @param wallClock nanoseconds since 1970
     * @param opener whether this end has opened the connection
     */
    CapturedConnection(
            CaptureFile file,
            int number,
            int interfaceNumber,
            NanoClock wallClock,
            InetSocketAddress local,
            InetSocketAddress remote,
            boolean opener) {
        this.file = file;
        this.buffer = file.buffer();
        this.interfaceNumber = interfaceNumber;
        this.wallClock = wallClock;
        this.local = local;
        this.remote = remote;
        // Other numbers for each connection, so that ports that are used again do not look like more of the same.
        sent = new Direction(local, remote, number << 20);
        received = new Direction(remote, local, (number << 20) + (1 << 19));
        Direction first = opener ? sent : received;
        Direction second = opener ? received : sent;
        packet(first, TcpPacket.SYN, first.firstSequence, null, 0, 0);
        packet(second, TcpPacket.SYN | TcpPacket.ACK, second.firstSequence, null, 0, 0);
        packet(first, TcpPacket.ACK, first.next(), null, 0, 0);
    }

    /**
     * Octets were taken by the socket.
     *
     * @param borrowed a big-endian buffer that has them from index 0 on
     * @param count how many
     */
    public void onSent(ByteBuffer borrowed, int count) {
        inOrder(sent, borrowed, 0, count);
    }

    /**
     * Octets came from the socket.
     *
     * @param borrowed a big-endian buffer that has them from index 0 on
     * @param count how many
     */
    public void onReceived(ByteBuffer borrowed, int count) {
        inOrder(received, borrowed, 0, count);
    }

    private void inOrder(Direction direction, ByteBuffer borrowed, int from, int count) {
        octets(direction, direction.octets, borrowed, from, count);
        direction.octets += count;
    }

    /** The octets of {@code borrowed} have come before all that precede them: {@code position} octets do. */
    void onReceivedAhead(long position, ByteBuffer borrowed) {
        octets(received, position, borrowed, borrowed.position(), borrowed.remaining());
    }

    /** The stream has reached {@code position}, over octets that had come ahead. */
    void onReached(long position) {
        received.octets = Math.max(received.octets, position);
    }

    private void octets(Direction direction, long position, ByteBuffer borrowed, int from, int count) {
        for (int done = 0; done < count; ) {
            int octets = Math.min(TcpPacket.MAX_PAYLOAD_OCTETS, count - done);
            int sequence = direction.sequence(position + done);
            packet(direction, TcpPacket.PSH | TcpPacket.ACK, sequence, borrowed, from + done, octets);
            done += octets;
        }
    }

    /** This end sends no more. */
    public void onOutputEnded() {
        fin(sent);
    }

    /** The peer sends no more. */
    public void onInputEnded() {
        fin(received);
    }

    private void fin(Direction direction) {
        if (!direction.ended) {
            packet(direction, TcpPacket.FIN | TcpPacket.ACK, direction.next(), null, 0, 0);
            direction.ended = true;
            if (sent.ended && received.ended) {
                Direction other = direction == sent ? received : sent;
                packet(other, TcpPacket.ACK, other.next(), null, 0, 0);
            }
        }
    }

    /** This end has closed: nothing more is seen. */
    public void onClosed() {
        fin(sent);
        end();
    }

    /** This end has broken the connection. */
    public void onReset() {
        reset(sent);
    }

    /** The connection is broken; by the peer, as far as is known. */
    public void onResetByPeer() {
        reset(received);
    }

    private void reset(Direction direction) {
        packet(direction, TcpPacket.RST | TcpPacket.ACK, direction.next(), null, 0, 0);
        end();
    }

    /** Nothing more is seen of the connection. */
    void end() {
        if (!over) {
            over = true;
            file.end(local, remote);
        }
    }

    private void packet(Direction direction, int flags, int sequence, ByteBuffer payload, int from, int count) {
        if (over) {
            return;
        }
        int octets = direction.packet.octets(flags, count);
        int acknowledged = (direction == sent ? received : sent).next();
        buffer.lock();
        try {
            ByteBuffer to = buffer.room(octets + PcapngBlocks.PACKET_OVERHEAD_OCTETS);
            if (to == null) {
                return;
            }
            // The time is taken under the lock, so that the packets of a file are in the order of their times.
            int start = PcapngBlocks.beginPacket(to, interfaceNumber, file.timeOfPacket(wallClock.nanoTime()), octets);
            direction.packet.put(to, flags, sequence, acknowledged, payload, from, count);
            PcapngBlocks.endPacket(to, start, direction == sent);
            buffer.commit();
        } finally {
            buffer.unlock();
        }
    }
}
