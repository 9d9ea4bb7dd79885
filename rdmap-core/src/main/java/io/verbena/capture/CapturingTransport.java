package io.verbena.capture;

import io.verbena.transport.ByteStream;
import io.verbena.transport.LayeredTransport;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;
import java.nio.ByteBuffer;

/**
 * A transport whose streams are captured.
 *
 * <p>All octets pass through a buffer of the stream's loop, one way and the other, so that what is in the capture is what was
 * on the wire, whatever the application does to its memory meanwhile.
 *
 * <p>Thread rule: as {@link StreamTransport} says.
 */
final class CapturingTransport extends LayeredTransport {
    /** Octets of each of the two buffers of a loop. */
    static final int PASSAGE_OCTETS = 1 << 18;

    private final DeviceCapture capture;
    private final Passage[] passages;

    /** The buffers of one loop; each is used within one call. */
    record Passage(ByteBuffer out, ByteBuffer in) {}

    CapturingTransport(DeviceCapture capture, StreamTransport below) {
        super(below);
        this.capture = capture;
        passages = new Passage[below.loopCount()];
        for (int i = 0; i < passages.length; i++) {
            passages[i] =
                    new Passage(ByteBuffer.allocateDirect(PASSAGE_OCTETS), ByteBuffer.allocateDirect(PASSAGE_OCTETS));
        }
    }

    @Override
    protected StreamHandler layer(ByteStream stream, boolean opener, StreamTaker above) {
        CapturedConnection connection = capture.begin(stream.localAddress(), stream.remoteAddress(), opener);
        if (connection == null) {
            return above.take(stream);
        }
        Passage passage = passages[stream.loop().index()];
        StreamHandler handler = above.take(new CapturingStream(stream, connection, passage.out()));
        if (handler == null) {
            connection.onClosed();
            return null;
        }
        return new CapturingHandler(handler, connection, passage.in());
    }
}
