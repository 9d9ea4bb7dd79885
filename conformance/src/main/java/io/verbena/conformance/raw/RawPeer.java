package io.verbena.conformance.raw;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * One end of an iWARP connection as a script: it sends what the test says, right or wrong, and insists on what comes back.
 *
 * <pre>{@code
 * try (RawPeer peer = RawPeer.connect(address)) {
 *     peer.sendRequest(RawStartup.request());
 *     peer.expectReply();
 *     RawSegment write = RawSegment.write(stag, outside, octets);
 *     peer.sendFpdu(write);
 *     peer.expectTerminate(1, 1, 0x01).returning(write);
 *     peer.expectClose();
 * }
 * }</pre>
 *
 * <p>Every expectation is bounded, whatever the peer sends meanwhile; sending waits for a peer that takes nothing. An
 * expectation that is not met is an {@link AssertionError}; a broken socket where none is expected an
 * {@link UncheckedIOException}.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class RawPeer implements AutoCloseable {
    /** How long an expectation waits unless told otherwise: enough for anything on loopback. */
    public static final Duration USUAL_WAIT = Duration.ofSeconds(10);

    private static final int CONTROL_OCTETS = 4;

    private final Socket socket;
    private final PatientInput patience;
    private final RawObserver.Connection observer;
    private final InputStream in;
    private RawStartup sentStartup;
    private RawStartup receivedStartup;
    private RawFramer framer;
    private RawDeframer deframer;

    RawPeer(Socket socket, RawObserver observer, boolean opener) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        patience = new PatientInput(socket);
        this.observer =
                observer.onConnected(localAddress(), (InetSocketAddress) socket.getRemoteSocketAddress(), opener);
        in = new BufferedInputStream(new ObservedInput(patience, this.observer), 1 << 16);
        waitAtMost(USUAL_WAIT);
    }

    /** Connects by TCP and sends nothing yet. */
    public static RawPeer connect(InetSocketAddress remote) {
        return connect(remote, USUAL_WAIT, RawObserver.NONE);
    }

    /**
     * Connects by TCP to any address and sends nothing yet.
     *
     * @param remote where to
     * @param longest how long the connecting and each later expectation wait
     * @param observer hears what passes
     */
    public static RawPeer connect(InetSocketAddress remote, Duration longest, RawObserver observer) {
        Socket socket = new Socket();
        try {
            socket.connect(remote, (int) longest.toMillis());
            return new RawPeer(socket, observer, true).waitAtMost(longest);
        } catch (IOException e) {
            closeQuietly(socket, e);
            throw new UncheckedIOException(e);
        }
    }

    private static void closeQuietly(Socket socket, IOException reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Connects, sends {@code request} and insists on a Reply that accepts. */
    public static RawPeer established(InetSocketAddress remote, RawStartup request) {
        RawPeer peer = connect(remote);
        peer.sendRequest(request);
        RawStartup reply = peer.expectReply();
        require(!reply.rejected(), "the peer rejected the connection");
        return peer;
    }

    /** Listens on a free loopback port. */
    public static RawListener listen() {
        return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), USUAL_WAIT, USUAL_WAIT);
    }

    /**
     * Listens on any address of this machine.
     *
     * @param absence how long to wait for a connection
     * @param longest how long each expectation waits on one
     */
    public static RawListener listen(InetSocketAddress local, Duration absence, Duration longest) {
        return listen(local, absence, longest, RawObserver.NONE);
    }

    /**
     * Listens on any address of this machine, with its connections observed.
     *
     * @param absence how long to wait for a connection
     * @param longest how long each expectation waits on one
     * @param observer hears what passes on them
     */
    public static RawListener listen(
            InetSocketAddress local, Duration absence, Duration longest, RawObserver observer) {
        return new RawListener(local, absence, longest, observer);
    }

    /** Returns this end's address. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Changes how long each later expectation waits. */
    public RawPeer waitAtMost(Duration longest) {
        patience.waitAtMost(longest);
        return this;
    }

    /** Makes the receive window small, so that the other end soon cannot send; before it sends much. */
    public RawPeer withReceiveBuffer(int octets) {
        try {
            socket.setReceiveBufferSize(octets);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Sends an MPA Request. */
    public RawPeer sendRequest(RawStartup request) {
        sentStartup = request;
        return sendRaw(request.octets());
    }

    /** Sends other octets and right behind them, in one write, an MPA Request. */
    public RawPeer sendRequestBehind(byte[] octets, RawStartup request) {
        sentStartup = request;
        byte[] frame = request.octets();
        byte[] together = Arrays.copyOf(octets, octets.length + frame.length);
        System.arraycopy(frame, 0, together, octets.length, frame.length);
        return sendRaw(together);
    }

    /** Waits for so many octets, whatever they are. */
    public byte[] expectOctets(int count) {
        return readExactly(count, count + " octets");
    }

    /** Waits for an MPA Reply; after it FPDUs can be exchanged. */
    public RawStartup expectReply() {
        receivedStartup = readStartup();
        require(receivedStartup.isReply(), "expected an MPA Reply, but the key is " + inWords(receivedStartup.key()));
        enterFullOperation();
        return receivedStartup;
    }

    /** Waits for an MPA Request. */
    public RawStartup expectRequest() {
        receivedStartup = readStartup();
        require(
                receivedStartup.isRequest(),
                "expected an MPA Request, but the key is " + inWords(receivedStartup.key()));
        return receivedStartup;
    }

    /** Sends an MPA Reply; after it FPDUs can be exchanged. */
    public RawPeer sendReply(RawStartup reply) {
        sendRaw(reply.octets());
        return sentReply(reply);
    }

    /** Goes on as if {@code reply} had been sent, which it was in pieces. */
    public RawPeer sentReply(RawStartup reply) {
        sentStartup = reply;
        enterFullOperation();
        return this;
    }

    private static String inWords(byte[] key) {
        for (byte octet : key) {
            if (octet < ' ' || octet > '~') {
                return HexFormat.of().formatHex(key);
            }
        }
        return "'" + new String(key, StandardCharsets.US_ASCII) + "'";
    }

    private RawStartup readStartup() {
        RawStartup frame = RawStartup.header(readExactly(RawStartup.HEADER_OCTETS, "an MPA startup frame"));
        return frame.withBody(readExactly(frame.declaredLength(), "private data"));
    }

    private void enterFullOperation() {
        // RFC 5044 section 7.1: a frame's M asks for markers in what its sender receives; either C switches CRC on.
        boolean crc = sentStartup.crc() || receivedStartup.crc();
        framer = new RawFramer(receivedStartup.markers(), crc);
        deframer = new RawDeframer(in, sentStartup.markers(), crc);
    }

    /** Sends octets as they are. */
    public RawPeer sendRaw(byte[] octets) {
        try {
            write(octets);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(byte[] octets) throws IOException {
        socket.getOutputStream().write(octets);
        observer.onSent(octets);
    }

    /** Sends octets as they are, given as hex text. */
    public RawPeer sendRaw(String hex) {
        return sendRaw(HexFormat.of().parseHex(hex.replaceAll("\\s+", "")));
    }

    /** Sends a segment in an FPDU. */
    public RawPeer sendFpdu(RawSegment segment) {
        return sendFpdu(segment, RawFault.NONE);
    }

    /** Sends a segment in an FPDU with a fault. */
    public RawPeer sendFpdu(RawSegment segment, RawFault fault) {
        return sendRaw(framer.frame(segment.octets(), fault));
    }

    /** Sends a segment in an FPDU; false if the peer has broken the connection. */
    public boolean trySendFpdu(RawSegment segment) {
        try {
            write(framer.frame(segment.octets()));
            return true;
        } catch (IOException e) {
            // The answer says it.
            return false;
        }
    }

    /** Sends the first {@code count} octets of the FPDU that carries {@code segment}. */
    public RawPeer sendPartOfFpdu(RawSegment segment, int count) {
        return sendRaw(Arrays.copyOf(framer.frame(segment.octets()), count));
    }

    /** Returns the FPDU that carries {@code segment}, to be sent in pieces or with others; it counts as sent. */
    public byte[] fpduOf(RawSegment segment) {
        return framer.frame(segment.octets());
    }

    /** Sends an FPDU that carries any octets. */
    public RawPeer sendUlpdu(byte[] ulpdu) {
        return sendRaw(framer.frame(ulpdu));
    }

    /** Waits for the next FPDU, insists that its framing is right, and returns its segment. */
    public RawSegment expectFpdu() {
        patience.begin();
        return nextFpdu();
    }

    private RawSegment nextFpdu() {
        try {
            byte[] ulpdu = deframer.next();
            require(ulpdu != null, "expected an FPDU, but the peer closed");
            return RawSegment.parse(ulpdu);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected an FPDU, but none came in time", e);
        } catch (EOFException e) {
            throw new AssertionError("expected an FPDU, but the peer closed inside one", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next FPDU and insists on what it is. */
    public RawSegment expectFpdu(String what, Predicate<RawSegment> rule) {
        RawSegment segment = expectFpdu();
        require(rule.test(segment), "expected " + what + ", but got " + inWords(segment));
        return segment;
    }

    private static String inWords(RawSegment segment) {
        byte[] payload = segment.payload();
        if (segment.tagged() || segment.opcode() != RawTerminate.OPCODE || payload.length < CONTROL_OCTETS) {
            return segment.toString();
        }
        // Not taken apart, because not every stack has these octets in the order of RFC 5040.
        return "a Terminate that begins " + HexFormat.ofDelimiter(" ").formatHex(payload, 0, CONTROL_OCTETS);
    }

    /** Insists that the next FPDU is a Terminate with this triple. */
    public RawTerminate expectTerminate(int layer, int errorType, int errorCode) {
        return requireTerminate(expectFpdu(), layer, errorType, errorCode);
    }

    /** Insists that {@code segment} is a Terminate with this triple. */
    public RawTerminate requireTerminate(RawSegment segment, int layer, int errorType, int errorCode) {
        RawTerminate terminate = RawTerminate.parse(segment);
        String expected = RawTerminate.triple(layer, errorType, errorCode);
        require(
                terminate.triple().equals(expected),
                "expected Terminate " + expected + ", but got " + terminate.triple());
        return terminate;
    }

    /** Skips what is not a Terminate and insists that a Terminate with this triple comes then. */
    public RawTerminate expectTerminateAfterData(int layer, int errorType, int errorCode) {
        patience.begin();
        RawSegment segment = nextFpdu();
        while (segment.opcode() != RawTerminate.OPCODE) {
            segment = nextFpdu();
        }
        return requireTerminate(segment, layer, errorType, errorCode);
    }

    /** Waits until the peer has sent an octet that was not taken yet, which stays there; false if the connection ends instead. */
    public boolean awaitOctet() {
        patience.begin();
        in.mark(1);
        try {
            boolean more = in.read() >= 0;
            if (more) {
                in.reset();
            }
            return more;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected an answer or the end of the connection, but neither came in time", e);
        } catch (IOException e) {
            require(isReset(e), "expected an answer or the end of the connection, but it failed: " + e.getMessage());
            return false;
        }
    }

    /** Insists that nothing more comes and the peer closes in order (FIN). */
    public void expectClose() {
        int octet;
        patience.begin();
        try {
            octet = in.read();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected the peer to close, but nothing came in time", e);
        } catch (IOException e) {
            throw new AssertionError(
                    "expected the peer to close in order, but the connection broke: " + e.getMessage(), e);
        }
        require(octet < 0, "expected the peer to close, but it sent more");
    }

    /** Insists that nothing more comes and the peer closes, in order or by a reset. */
    public void expectEnd() {
        patience.begin();
        try {
            require(in.read() < 0, "expected the connection to end, but the peer sent more");
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected the connection to end, but nothing came in time", e);
        } catch (IOException e) {
            // A reset is one of the two ends that are allowed.
            require(isReset(e), "expected the connection to end, but it failed: " + e.getMessage());
        }
    }

    /** Takes whatever comes until the peer closes, in order or by a reset. */
    public void skipToEnd() {
        byte[] discarded = new byte[1 << 16];
        patience.begin();
        try {
            int count = in.read(discarded);
            while (count >= 0) {
                count = in.read(discarded);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected the connection to end, but it did not in time", e);
        } catch (IOException e) {
            require(isReset(e), "expected the connection to end, but it failed: " + e.getMessage());
        }
    }

    /** Insists that nothing more comes and the peer resets the connection (RST). */
    public void expectReset() {
        patience.begin();
        try {
            int octet = in.read();
            throw new AssertionError("expected a reset, but the peer " + (octet < 0 ? "closed in order" : "sent more"));
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected a reset, but nothing came in time", e);
        } catch (IOException e) {
            require(isReset(e), "expected a reset, but it failed: " + e.getMessage());
        }
    }

    private static boolean isReset(IOException e) {
        return e instanceof SocketException
                && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("reset");
    }

    /** Returns whether the peer has sent nothing that was not taken yet; only a look, no wait. */
    public boolean nothingArrived() {
        try {
            return in.available() == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends this direction in order (FIN); the other one lives on. */
    public RawPeer finish() {
        try {
            socket.shutdownOutput();
            observer.onOutputEnded();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Breaks the connection (RST). */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
            observer.onReset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
            observer.onClosed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] readExactly(int count, String what) {
        patience.begin();
        try {
            byte[] octets = in.readNBytes(count);
            require(
                    octets.length == count,
                    "expected " + what + ", but the peer closed after " + octets.length + " octets");
            return octets;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("expected " + what + ", but it did not come in time", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
