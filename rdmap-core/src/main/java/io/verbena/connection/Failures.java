package io.verbena.connection;

import io.verbena.mpa.MpaAgreement;
import io.verbena.mpa.MpaPeerFrame;
import io.verbena.mpa.MpaStartupFailure;
import io.verbena.transport.StreamError;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionRefusedException;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ConnectionTimedOutException;
import io.verbena.verbs.cm.IncompatiblePeerException;
import io.verbena.verbs.cm.NotAnMpaPeerException;
import java.net.InetSocketAddress;

/** Says how a connection attempt failed: each way has a type of its own. */
final class Failures {
    private Failures() {}

    /** TCP did not connect. */
    static ConnectionFailedException ofTcp(InetSocketAddress remote, StreamError error, Throwable cause) {
        String message = "no connection to " + text(remote) + ": " + error.words()
                + (error == StreamError.UNREACHABLE && cause != null ? " (" + cause.getMessage() + ")" : "");
        return switch (error) {
            case REFUSED, UNREACHABLE -> new ConnectionRefusedException(message, cause);
            case TIMED_OUT -> new ConnectionTimedOutException(message, cause);
            case RESET, LOST, TRANSPORT_CLOSED -> new ConnectionLostException(message, cause);
        };
    }

    /** The startup failed; {@code more} goes behind the sentence. */
    static ConnectionFailedException ofStartup(
            InetSocketAddress remote, MpaStartupFailure failure, String more, Throwable cause) {
        String message = "no connection to " + text(remote) + ": " + failure.sentence() + more;
        return switch (failure.cause()) {
            case NOT_MPA -> new NotAnMpaPeerException(message, cause);
            case SAME_ROLE,
                    UNUSABLE_REVISION,
                    PRIVATE_DATA_TOO_LONG,
                    ENHANCED_WORD_MISSING,
                    ENHANCED_MISMATCH,
                    MODEL_MISMATCH,
                    OCTETS_BEHIND_REQUEST,
                    INSUFFICIENT_IRD,
                    NO_MATCHING_RTR -> new IncompatiblePeerException(message, cause);
            case CLOSED_BEFORE_FRAME, CLOSED_WITHIN_FRAME -> new ConnectionLostException(message, cause);
        };
    }

    /** The peer said no. */
    static ConnectionFailedException ofRejection(InetSocketAddress remote, MpaPeerFrame reply) {
        byte[] privateData = reply.privateData().octets();
        boolean told = reply.inboundReadDepth() != MpaAgreement.NOT_TOLD;
        return new ConnectionRejectedException(
                text(remote) + " rejected the connection"
                        + (privateData.length == 0 ? "" : " with " + privateData.length + " octets of private data"),
                privateData,
                told ? reply.inboundReadDepth() : -1,
                told ? reply.outboundReadDepth() : -1);
    }

    /** The deadline passed. */
    static ConnectionFailedException ofDeadline(InetSocketAddress remote, String waitedFor) {
        return new ConnectionTimedOutException(
                "no connection to " + text(remote) + ": the deadline passed while waiting for " + waitedFor, null);
    }

    /** The connection broke on its way. */
    static ConnectionFailedException ofLoss(InetSocketAddress remote, String words, Throwable cause) {
        return new ConnectionLostException("no connection to " + text(remote) + ": " + words, cause);
    }

    static String text(InetSocketAddress address) {
        return address.getAddress() == null
                ? address.getHostString() + ":" + address.getPort()
                : address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
