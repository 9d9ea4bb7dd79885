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

    /**
     * A connection is forgotten, because there are too many: should it go on, that looks like another one.
     *
     * @param conversation the connection
     */
    default void onForgotten(IwarpConversation conversation) {}
}
