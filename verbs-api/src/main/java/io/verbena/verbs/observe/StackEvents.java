package io.verbena.verbs.observe;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.cm.Connection;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Everything that happens in the stack, as typed events: log lines, meters, captures, explainers and test recorders are
 * listeners to this one interface. All methods do nothing by default. When nobody listens an event costs one branch.
 *
 * <p>Thread rule: events come on the thread where they happen, mostly a connection's event loop, and several loops at once;
 * a listener must be quick, must not block and must not call back into the verbs. Its exceptions are reported once to the
 * uncaught-exception handler of the thread and otherwise ignored.
 */
public interface StackEvents {
    /** Which way a frame went. */
    enum Direction {
        /** Sent by this end. */
        SENT,
        /** Received from the peer. */
        RECEIVED
    }

    /** A device was opened. */
    default void onDeviceOpened(String device) {}

    /** A device was closed. */
    default void onDeviceClosed(String device) {}

    /** A connection attempt began here ({@code initiator}), or a TCP connection was accepted. */
    default void onConnectionStarted(String device, boolean initiator, InetSocketAddress remote) {}

    /** A connection stands. */
    default void onConnectionEstablished(String device, int queuePairNumber, Connection connection) {}

    /** A connection did not come to stand; {@code failure} says why. */
    default void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {}

    /** A connection ended; {@code cause} is null if in good order. */
    default void onConnectionClosed(String device, int queuePairNumber, FailureCause cause) {}

    /** An MPA startup frame was sent or received; {@code lent} from {@code offset} on holds it. */
    default void onStartupFrame(
            String device,
            Direction direction,
            InetSocketAddress remote,
            ByteBuffer lent,
            int offset,
            int lengthOctets) {}

    /** A queue pair was created. */
    default void onQueuePairCreated(String device, int queuePairNumber) {}

    /** A queue pair was destroyed. */
    default void onQueuePairDestroyed(String device, int queuePairNumber) {}

    /** A queue pair changed its state. */
    default void onStateChanged(String device, int queuePairNumber, QueuePairState from, QueuePairState to) {}

    /**
     * A DDP segment was sent or received.
     *
     * @param lent holds the segment's headers from {@code offset} on: DDP, and RDMAP where the message has one
     * @param headerOctets octets of headers that are there
     * @param segmentOctets length of the whole segment (ULPDU_Length)
     */
    default void onSegment(
            String device,
            Direction direction,
            int queuePairNumber,
            ByteBuffer lent,
            int offset,
            int headerOctets,
            int segmentOctets) {}

    /** An FPDU was refused before DDP saw it: CRC, marker, length. */
    default void onFpduRejected(String device, int queuePairNumber, FailureCause cause) {}

    /** Access to memory was refused, locally or for the peer. */
    default void onAccessRefused(String device, int queuePairNumber, FailureCause cause) {}

    /** A Terminate was sent or received. */
    default void onTerminate(String device, int queuePairNumber, TerminateInformation terminate) {}

    /** A request completed; also for successful unsignaled ones, which no completion queue sees. */
    default void onCompletion(
            String device,
            int queuePairNumber,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long lengthOctets) {}

    /** One read from, or write to, the socket moved so many octets. */
    default void onSocketTransfer(String device, Direction direction, int queuePairNumber, long octets) {}

    /** A region was registered. */
    default void onRegionRegistered(String device, int stag, long lengthOctets) {}

    /** A region was deregistered. */
    default void onRegionDeregistered(String device, int stag, long lengthOctets) {}

    /** Why an entry of the translation and protection table became invalid. */
    enum Invalidation {
        /** A local invalidate of the send queue. */
        LOCAL,
        /** A Read with Local Invalidate has ended. */
        READ,
        /** A Send with Invalidate of the peer. */
        PEER,
        /** One-touch memory was used. */
        ONE_TOUCH
    }

    /** A region was made valid through the send queue. */
    default void onFastRegistered(String device, int queuePairNumber, int stag, long lengthOctets) {}

    /** A window was bound to a part of a region. */
    default void onWindowBound(String device, int queuePairNumber, int stag, int regionStag, long lengthOctets) {}

    /** A region or window was made invalid; its STag leads nowhere until it is registered or bound again. */
    default void onInvalidated(String device, int queuePairNumber, int stag, Invalidation why) {}

    /** A window was allocated. */
    default void onWindowAllocated(String device, int stag) {}

    /** A window was freed. */
    default void onWindowFreed(String device, int stag) {}

    /** A registration cache looked a buffer up; {@code stag} is what the operation uses. */
    default void onCacheLookup(String device, CacheLookup outcome, int stag) {}

    /** A registration cache registered a buffer. */
    default void onCacheRegistered(String device, int stag, long lengthOctets) {}

    /** A registration cache gave a registration up. If it is in use it is deregistered when its last lease ends. */
    default void onCacheRemoved(String device, int stag, long lengthOctets, CacheRemoval why) {}

    /** A send queue was drained because a memory operation failed ({@code cause}), or was resumed (null). */
    default void onSendQueueDrained(String device, int queuePairNumber, FailureCause cause) {}

    /** A shared receive queue was created. */
    default void onSharedReceiveQueueCreated(String device, int sharedReceiveQueueNumber, int depth) {}

    /** A shared receive queue was destroyed. */
    default void onSharedReceiveQueueDestroyed(String device, int sharedReceiveQueueNumber) {}

    /** A message was dropped because its queue pair holds as many receives of its shared receive queue as it may. */
    default void onMessageDropped(
            String device, int queuePairNumber, int sharedReceiveQueueNumber, long lengthOctets) {}

    /** A stream has stopped reading: a message found no receive, and waits for one ({@link MissingReceive#PAUSE}). */
    default void onStreamPaused(String device, int queuePairNumber) {}

    /** A stream that waited for a receive reads again, or has ended; {@code pausedNs} is how long it did not, in nanoseconds. */
    default void onStreamResumed(String device, int queuePairNumber, long pausedNs) {}

    /** A direction of a connection waits for a buffer of the adapter's pool: nothing is read, or nothing sent, meanwhile. */
    default void onBufferWait(String device, int queuePairNumber, BufferUse.Type type) {}

    /** It goes on, or has ended. */
    default void onBufferWaitEnd(String device, int queuePairNumber, BufferUse.Type type) {}

    /** A request was not posted because there was no buffer of the adapter's pool for its inline octets. */
    default void onInlineRefused(String device, int queuePairNumber) {}

    /** A transfer through a buffer of the adapter's pool was refused, and the connection ended for it (SYS-POOL-03). */
    default void onBufferRefused(String device, int queuePairNumber, FailureCause cause) {}

    /** A completion queue was created. */
    default void onCompletionQueueCreated(String device, int completionQueueNumber, int capacity) {}

    /** A completion queue was destroyed. */
    default void onCompletionQueueDestroyed(String device, int completionQueueNumber) {}

    /**
     * The capture of a device ({@link io.verbena.verbs.DeviceOptions#withCapture}) ended before the device was closed: a full
     * disk, say. Connections go on.
     *
     * @param why a sentence without a full stop that names the file
     */
    default void onCaptureEnded(String device, String why) {}

    /** An asynchronous event was raised. */
    default void onAsyncEvent(String device, AsyncEvent event) {}
}
