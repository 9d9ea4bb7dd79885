/**
 * Captures of a device: every octet its TCP connections carry, in a pcapng file that Wireshark, tshark and
 * {@code io.verbena.capture.decode} read.
 *
 * <p>The device calls in when it is opened and closed ({@link io.verbena.capture.DeviceCapture}); below is the seam to TCP,
 * {@code io.verbena.transport}, and nothing else of the stack is known here. {@code CapturingTransport} stands between the
 * device and its transport and sees the octets; {@code CapturedConnection} makes them into packets; {@code CaptureBuffer} holds
 * these until its own thread has written them. The rest runs on the streams' loops. A device without a capture has none of
 * this in its way. Sockets that belong to no device are captured through {@link io.verbena.capture.SocketCapture}. Start reading at {@link io.verbena.capture.DeviceCapture}.
 */
package io.verbena.capture;
