package io.verbena.observe;

import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Gives one line per frame, and the lines that explain them (connections, states, refusals), to wherever the application
 * likes: {@code new TraceListener(System.err::println)}. Needs no logging backend.
 *
 * <p>Thread rule: any thread, several at once; so must be the consumer.
 */
public final class TraceListener implements StackEvents {
    private final Consumer<String> lines;

    /** Makes a listener that gives its lines to {@code lines}, which must be quick and safe for use by several threads. */
    public TraceListener(Consumer<String> lines) {
        this.lines = Objects.requireNonNull(lines, "lines");
    }

    @Override
    public void onStartupFrame(
            String device,
            Direction direction,
            InetSocketAddress remote,
            ByteBuffer lent,
            int offset,
            int lengthOctets) {
        lines.accept(FrameLine.startup(direction, lent, offset, lengthOctets));
    }

    @Override
    public void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int segmentOctets) {
        lines.accept(FrameLine.segment(direction, queuePairNumber, lent, offset, headerOctets, segmentOctets));
    }

    @Override
    public void onConnectionEstablished(String device, int queuePairNumber, Connection connection) {
        comment(EventLine.connectionEstablished(queuePairNumber, connection));
    }

    @Override
    public void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {
        comment(EventLine.connectionFailed(initiator, remote, failure));
    }

    @Override
    public void onConnectionClosed(String device, int queuePairNumber, FailureCause cause) {
        comment(EventLine.connectionClosed(queuePairNumber, cause));
    }

    @Override
    public void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {
        comment(EventLine.stateChanged(queuePairNumber, from, to));
    }

    @Override
    public void onFpduRejected(String device, int queuePairNumber, FailureCause cause) {
        comment(EventLine.fpduRejected(queuePairNumber, cause));
    }

    @Override
    public void onBufferRefused(String device, int queuePairNumber, FailureCause cause) {
        comment(EventLine.bufferRefused(queuePairNumber, cause));
    }

    @Override
    public void onAccessRefused(String device, int queuePairNumber, FailureCause cause) {
        comment(EventLine.accessRefused(queuePairNumber, cause));
    }

    @Override
    public void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {
        comment(EventLine.terminate(queuePairNumber, terminate));
    }

    /** Lines that are no frames begin like FrameLine's arrows, so that columns stay. */
    private void comment(String line) {
        lines.accept("-- " + line);
    }
}
