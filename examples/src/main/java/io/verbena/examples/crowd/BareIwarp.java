package io.verbena.examples.crowd;

import io.verbena.examples.command.CommandFailedException;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.CRC32C;

/**
 * Just enough of iWARP to misbehave with: a plain socket, the startup of MPA, and Sends in frames (FPDUs) that are right or
 * only half there. An adapter would not let its user do that.
 *
 * <pre>
 * +---------+---------------------------------------------+-----+-------+
 * | length  | DDP and RDMAP header, 18 octets   | payload | pad | CRC   |
 * | 2       | 41 43 STag  queue 0  MSN  offset            | 0-3 | 4     |
 * +---------+---------------------------------------------+-----+-------+
 * </pre>
 *
 * <p>Thread rule: one thread; {@link #close} from any.
 */
final class BareIwarp implements Closeable {
    private static final byte[] REQUEST_KEY = "MPA ID Req Frame".getBytes(StandardCharsets.US_ASCII);
    private static final int CRC_WANTED = 0x40;
    private static final int REJECTED = 0x20;
    private static final int REVISION = 1;
    /** DDP control of an untagged segment: version 1; and the bit that marks the last of its message. */
    private static final int UNTAGGED = 0x01;

    private static final int LAST = 0x40;
    /** RDMAP control: version 1, opcode 3, Send. */
    private static final int SEND = 0x43;
    /** The same for Immediate Data, opcode 8. */
    private static final int IMMEDIATE = 0x48;

    private static final int HEADER_OCTETS = 18;
    /** Length field, header, a number, CRC; no pad. */
    private static final int ACKNOWLEDGEMENT_OCTETS = 2 + HEADER_OCTETS + Long.BYTES + 4;

    private static final Duration STARTUP = Duration.ofSeconds(10);

    private final Socket socket;
    private final CRC32C sum = new CRC32C();
    private long acknowledged;

    private BareIwarp(Socket socket) {
        this.socket = socket;
    }

    /** Connects, and sends the MPA Request with this private data. */
    static BareIwarp connect(InetSocketAddress server, byte[] privateData) throws CommandFailedException, IOException {
        Socket socket = new Socket();
        try {
            socket.connect(server, (int) STARTUP.toMillis());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) STARTUP.toMillis());
            ByteBuffer request = ByteBuffer.allocate(20 + privateData.length)
                    .put(REQUEST_KEY)
                    .put((byte) CRC_WANTED)
                    .put((byte) REVISION)
                    .putShort((short) privateData.length)
                    .put(privateData);
            socket.getOutputStream().write(request.array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] reply = new byte[20];
            in.readFully(reply);
            in.readFully(new byte[ByteBuffer.wrap(reply).getShort(18) & 0xFFFF]);
            if ((reply[16] & REJECTED) != 0) {
                throw new CommandFailedException("the server rejected the hostile client");
            }
            return new BareIwarp(socket);
        } catch (CommandFailedException | IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Adds to {@code out}, a buffer with an array, a frame that carries a segment of a Send. */
    void frame(ByteBuffer out, int messageNumber, int offset, byte[] payload, boolean last) {
        int begin = out.position();
        out.putShort((short) (HEADER_OCTETS + payload.length));
        out.put((byte) (last ? UNTAGGED | LAST : UNTAGGED)).put((byte) SEND);
        out.putInt(0).putInt(0).putInt(messageNumber).putInt(offset);
        out.put(payload);
        while ((out.position() - begin) % 4 != 0) {
            out.put((byte) 0);
        }
        sum.reset();
        sum.update(out.array(), out.arrayOffset() + begin, out.position() - begin);
        // RFC 5044 section 4.4: the least significant octet travels first.
        out.putInt(Integer.reverseBytes((int) sum.getValue()));
    }

    /** Sends what is in front of the buffer's position. */
    void send(ByteBuffer out) throws IOException {
        socket.getOutputStream().write(out.array(), out.arrayOffset(), out.position());
    }

    /**
     * Reads what the server has sent so far, Immediate Data in frames of 32 octets, and returns the last number in it.
     *
     * @return the messages that the server has taken in
     */
    long acknowledged() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] frame = new byte[ACKNOWLEDGEMENT_OCTETS];
        while (in.available() >= frame.length) {
            in.readNBytes(frame, 0, frame.length);
            // Anything else is a Terminate: the connection is about to end.
            if (frame[3] == IMMEDIATE) {
                acknowledged = ByteBuffer.wrap(frame).getLong(2 + HEADER_OCTETS);
            }
        }
        return acknowledged;
    }

    /** Waits until the server ends the connection, and throws away what it sends. */
    void awaitEnd() throws IOException {
        socket.setSoTimeout(0);
        socket.getInputStream().skipNBytes(Long.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
