package io.verbena.verbs;

/**
 * What a queue pair was at one moment (verb: Query QP).
 *
 * @param number its number on the device
 * @param state its state
 * @param protectionDomain number of its protection domain
 * @param sendDepth slots of the send queue
 * @param receiveDepth slots of the receive queue
 * @param sendQueueDrained whether the send queue is drained ({@link QueuePair#sendQueueDrained()})
 * @param sendBusy slots of the send queue whose request is not done
 * @param receiveBusy slots of the receive queue whose request is not done; with a shared receive queue the receives of it that are held
 * @param waitsForReceive whether its stream has stopped reading until a receive is posted ({@link MissingReceive#PAUSE})
 * @param inboundReadDepth IRD in force
 * @param outboundReadDepth ORD in force
 * @param inboundReads inbound Reads that are not fully answered
 * @param outboundReads own Reads that are not complete
 * @param sendQueueNumber completion queue of the send queue
 * @param receiveQueueNumber completion queue of the receive queue
 * @param terminate the Terminate sent or received, in Terminate and Error if there was one, or null
 * @param cause why it left RTS, or null
 */
public record QueuePairSnapshot(
        int number,
        QueuePairState state,
        int protectionDomain,
        int sendDepth,
        int receiveDepth,
        boolean sendQueueDrained,
        int sendBusy,
        int receiveBusy,
        boolean waitsForReceive,
        int inboundReadDepth,
        int outboundReadDepth,
        int inboundReads,
        int outboundReads,
        int sendQueueNumber,
        int receiveQueueNumber,
        TerminateInformation terminate,
        FailureCause cause) {}
