/**
 * A second opinion on captures: what Wireshark's dissectors, which others wrote, read in a file, compared with what ours read.
 *
 * <p>Tests call in; {@code tshark} is started as a process, with a limit of time, and {@code io.verbena.capture.decode} is asked for
 * our opinion. Everything runs on the test's thread. Start reading at {@link io.verbena.testkit.wireshark.SecondOpinion}.
 */
package io.verbena.testkit.wireshark;
