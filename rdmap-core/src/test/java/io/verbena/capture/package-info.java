/** Packets, blocks and what happens when the file does not take them. Start reading at {@link io.verbena.capture.CaptureBufferTest}. */
package io.verbena.capture;
