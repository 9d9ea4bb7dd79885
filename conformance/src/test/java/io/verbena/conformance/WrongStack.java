package io.verbena.conformance;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * As much of a stack, and of the application on it, as a few cases need; right but for one fault.
 *
 * <p>Thread rule: a thread of its own serves one connection after another until it is closed.
 */
final class WrongStack implements AutoCloseable {
    static final Duration LONGEST = Duration.ofSeconds(10);

    private static final int STAG = 0x4711_0000;
    private static final int SEND = 3;
    private static final int READ_REQUEST = 1;

    /** What it does wrong. */
    enum Fault {
        NONE,
        ANOTHER_CODE,
        NO_TERMINATE,
        SILENCE,
        LITTLE_ENDIAN_BIT_FIELD,
        ANOTHER_LENGTH,
        NOTHING_RETURNED,
        STAYS_OPEN,
        ANOTHER_SINK,
        OCTETS_FOR_NOTHING,
        BAD_CRC,
        REJECTS,
        RESERVED_BITS,
        TAKES_ANY_KEY,
        MSN_STANDS_STILL,
        RESET
    }

    private final Fault fault;
    private final RawListener listener;
    private final Thread thread;
    private volatile boolean closed;

    WrongStack(Fault fault) {
        this.fault = fault;
        listener = RawPeer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), LONGEST, LONGEST);
        thread = new Thread(this::serve, "wrong-stack");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return listener.address();
    }

    private void serve() {
        while (!closed) {
            try (RawPeer peer = listener.accept()) {
                serve(peer);
            } catch (AssertionError | UncheckedIOException end) {
                // A runner that has seen enough goes away; the next connection is a new one.
            }
        }
    }

    private void serve(RawPeer peer) {
        if (fault == Fault.TAKES_ANY_KEY) {
            peer.expectOctets(RawStartup.HEADER_OCTETS);
            peer.sendRaw(RawStartup.reply().octets());
            return;
        }
        peer.expectRequest();
        RawStartup reply = RawStartup.reply().withDepths(16, 16);
        if (fault == Fault.RESERVED_BITS) {
            reply = reply.withFlags(reply.flags() | 0x04);
        }
        peer.sendReply(fault == Fault.REJECTS ? reply.withReject() : reply);
        int msn = 1;
        while (true) {
            RawSegment segment = peer.expectFpdu();
            if (segment.tagged()) {
                if (segment.stag() != STAG && segment.payload().length > 0) {
                    refuse(peer, segment);
                    return;
                }
            } else if (segment.opcode() == SEND) {
                byte[] offer = ByteBuffer.allocate(16)
                        .putLong(0x10000)
                        .putInt(STAG)
                        .putInt(65536)
                        .array();
                peer.sendFpdu(RawSegment.send(msn, offer), fault == Fault.BAD_CRC ? RawFault.CRC : RawFault.NONE);
                msn += fault == Fault.MSN_STANDS_STILL ? 0 : 1;
            } else if (segment.opcode() == READ_REQUEST) {
                ByteBuffer request = ByteBuffer.wrap(segment.payload());
                int sink = request.getInt() ^ (fault == Fault.ANOTHER_SINK ? 0x100 : 0);
                long offset = request.getLong();
                int length = request.getInt() + (fault == Fault.OCTETS_FOR_NOTHING ? 8 : 0);
                peer.sendFpdu(RawSegment.readResponse(sink, offset, new byte[length]));
            }
        }
    }

    private void refuse(RawPeer peer, RawSegment offender) {
        if (fault == Fault.RESET) {
            peer.reset();
            return;
        }
        if (fault == Fault.SILENCE) {
            peer.skipToEnd();
            return;
        }
        if (fault != Fault.NO_TERMINATE) {
            peer.sendFpdu(RawSegment.terminate(0, 0, 0).withPayload(terminate(offender)));
        }
        if (fault == Fault.STAYS_OPEN) {
            peer.skipToEnd();
        }
    }

    private byte[] terminate(RawSegment offender) {
        boolean turned = fault == Fault.LITTLE_ENDIAN_BIT_FIELD;
        int code = fault == Fault.ANOTHER_CODE ? 1 : 0;
        byte[] header = offender.header();
        ByteBuffer payload = ByteBuffer.allocate(6 + header.length);
        payload.put((byte) 0x11)
                .put((byte) code)
                .put((byte) (turned ? 0x03 : 0xC0))
                .put((byte) 0);
        if (fault == Fault.NOTHING_RETURNED) {
            return new byte[] {0x11, 0, 0, 0};
        }
        int length = offender.octets().length - (fault == Fault.ANOTHER_LENGTH ? header.length : 0);
        return payload.putShort((short) length).put(header).array();
    }

    @Override
    public void close() {
        closed = true;
        listener.close();
        try {
            thread.join(LONGEST.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
