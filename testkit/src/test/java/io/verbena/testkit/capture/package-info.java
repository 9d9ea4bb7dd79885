/** Captures of real peers, and made ones, taken apart. Start reading at {@link CaptureDecodingTest}. */
package io.verbena.testkit.capture;
