package io.verbena.verbs.cm;

/** The peer rejected the connection; it may have said why in its private data. */
public class ConnectionRejectedException extends ConnectionFailedException {
    private static final long serialVersionUID = 1L;

    private final byte[] privateData;
    private final int peerInboundReadDepth;
    private final int peerOutboundReadDepth;

    /**
     * Makes the failure.
     *
     * @param privateData the peer's private data; copied
     * @param peerInboundReadDepth the IRD in the reply, or -1 if it had none
     * @param peerOutboundReadDepth the ORD in the reply, or -1 if it had none
     */
    public ConnectionRejectedException(
            String message, byte[] privateData, int peerInboundReadDepth, int peerOutboundReadDepth) {
        super(message, null);
        this.privateData = privateData.clone();
        this.peerInboundReadDepth = peerInboundReadDepth;
        this.peerOutboundReadDepth = peerOutboundReadDepth;
    }

    /** Returns a copy of the peer's private data. */
    public byte[] privateData() {
        return privateData.clone();
    }

    /** Returns the IRD in the reply, or -1 if it had none. */
    public int peerInboundReadDepth() {
        return peerInboundReadDepth;
    }

    /** Returns the ORD in the reply, or -1 if it had none. */
    public int peerOutboundReadDepth() {
        return peerOutboundReadDepth;
    }
}
