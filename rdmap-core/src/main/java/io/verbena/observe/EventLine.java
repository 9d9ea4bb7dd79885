package io.verbena.observe;

import io.verbena.verbs.BufferUse;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.STag;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;

/** One line of text for each event that is not a frame (frames: {@link FrameLine}). Pure functions: any thread. */
final class EventLine {
    private EventLine() {}

    static String connectionStarted(boolean initiator, InetSocketAddress remote) {
        return (initiator ? "connecting to " : "accepted TCP connection of ") + address(remote);
    }

    static String connectionEstablished(int queuePairNumber, Connection connection) {
        Connection.Agreement agreed = connection.agreement();
        return queuePair(queuePairNumber) + " connected "
                + address(connection.localAddress()) + (agreed.initiator() ? " -> " : " <- ")
                + address(connection.remoteAddress())
                + " revision " + agreed.revision()
                + (agreed.peerToPeer() ? " peer-to-peer" : "")
                + (agreed.crc() ? " CRC" : " no CRC")
                + (agreed.sendMarkers() ? " markers-out" : "")
                + (agreed.receiveMarkers() ? " markers-in" : "")
                + " ird " + agreed.inboundReadDepth()
                + " ord " + agreed.outboundReadDepth()
                + " mulpdu " + agreed.mulpduOctets()
                + " placement " + agreed.placement();
    }

    static String connectionFailed(boolean initiator, InetSocketAddress remote, Throwable failure) {
        return (initiator ? "connecting to " : "accepting ") + address(remote) + " failed: " + failure.getMessage();
    }

    static String connectionClosed(int queuePairNumber, FailureCause cause) {
        return queuePair(queuePairNumber) + " connection closed"
                + (cause == null ? " in good order" : ": " + cause.message());
    }

    static String stateChanged(int queuePairNumber, QueuePairState from, QueuePairState to) {
        return queuePair(queuePairNumber) + " " + from + " -> " + to;
    }

    static String terminate(int queuePairNumber, TerminateInformation terminate) {
        return queuePair(queuePairNumber) + " " + terminate;
    }

    static String fpduRejected(int queuePairNumber, FailureCause cause) {
        return queuePair(queuePairNumber) + " FPDU rejected: " + cause.message();
    }

    static String accessRefused(int queuePairNumber, FailureCause cause) {
        return queuePair(queuePairNumber) + " access refused: " + cause.message();
    }

    static String completion(
            int queuePairNumber,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long lengthOctets) {
        return queuePair(queuePairNumber) + " " + operation + " " + id + " " + status
                + (status == WorkCompletionStatus.SUCCESS ? " length " + lengthOctets : "");
    }

    static String region(String what, int stag, long lengthOctets) {
        return "region " + STag.toString(stag) + " " + what + " length " + lengthOctets;
    }

    static String window(String what, int stag) {
        return "window " + STag.toString(stag) + " " + what;
    }

    static String fastRegistered(int queuePairNumber, int stag, long lengthOctets) {
        return queuePair(queuePairNumber) + " " + region("fast registered", stag, lengthOctets);
    }

    static String windowBound(int queuePairNumber, int stag, int regionStag, long lengthOctets) {
        return queuePair(queuePairNumber) + " " + window("bound to region " + STag.toString(regionStag), stag)
                + " length " + lengthOctets;
    }

    static String invalidated(int queuePairNumber, int stag, StackEvents.Invalidation by) {
        return queuePair(queuePairNumber) + " " + STag.toString(stag) + " invalidated by "
                + switch (by) {
                    case LOCAL -> "a local invalidate";
                    case READ -> "the end of a Read";
                    case PEER -> "the peer's Send";
                    case ONE_TOUCH -> "its one use";
                };
    }

    static String sendQueueDrained(int queuePairNumber, FailureCause cause) {
        return queuePair(queuePairNumber)
                + (cause == null ? " send queue resumed" : " send queue drained: " + cause.message());
    }

    static String bufferWait(int queuePairNumber, BufferUse.Type type) {
        return queuePair(queuePairNumber) + " waits for a staging buffer to "
                + (type == BufferUse.Type.TRANSMIT ? "send" : "receive") + " with";
    }

    static String bufferRefused(int queuePairNumber, FailureCause cause) {
        return queuePair(queuePairNumber) + " staging buffer refused: " + cause.message();
    }

    static String cacheLookup(CacheLookup outcome, int stag) {
        return "registration cache " + outcome + " region " + STag.toString(stag);
    }

    static String cacheRemoved(int stag, long lengthOctets, CacheRemoval why) {
        return "registration cache gave up region " + STag.toString(stag) + " length " + lengthOctets + ": " + why;
    }

    /** Returns how a queue pair is called in every line. */
    static String queuePair(int number) {
        return "qp 0x" + Integer.toHexString(number);
    }

    private static String address(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
