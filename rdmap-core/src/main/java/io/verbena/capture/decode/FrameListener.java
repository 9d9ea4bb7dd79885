package io.verbena.capture.decode;

/** Takes frames as they are decoded. */
@FunctionalInterface
public interface FrameListener {
    /**
     * A frame is complete.
     *
     * @param conversation the connection it belongs to
     * @param frame the frame
     */
    void onFrame(IwarpConversation conversation, DecodedFrame frame);
}
