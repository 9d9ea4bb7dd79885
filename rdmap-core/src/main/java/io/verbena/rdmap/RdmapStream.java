package io.verbena.rdmap;

import io.verbena.ddp.DdpReceiver;
import io.verbena.memory.StagingBuffer;
import io.verbena.mpa.FpduDeframer;
import io.verbena.transport.AheadOfStreamHandler;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/**
 * One RDMAP stream in Full Operation: from the end of MPA startup until its socket is closed.
 *
 * <p>Joins both directions, {@link InboundMessages} and {@link OutboundMessages}, to the transport; {@link StreamEnd} knows how
 * it ends.
 *
 * <p>Thread rule: the stream's loop.
 */
public final class RdmapStream implements AheadOfStreamHandler {
    private final RdmapUser user;
    private final ByteStream bytes;
    private final EventLoop loop;
    private final LoopResources resources;
    private final StreamModes modes;
    private final OutboundReadQueue ownReads;
    private final InboundReadQueue peerReads;
    private final StreamEnd end;
    private final InboundMessages inbound;
    private final OutboundMessages outbound;
    private final DdpReceiver receiver;
    private final FpduDeframer deframer;
    private final StallWatch stallWatch;
    private final ReceivePause pause;

    private final PoolStaging staging;
    private final int number;

    /** Made when the layer below hands up the first FPDU ahead of the stream, which TCP never does. */
    private InboundAhead ahead;

    private boolean heardFromPeer;

    /** Creates the stream on a connection whose startup has just ended. */
    public RdmapStream(RdmapUser user, ByteStream bytes, LoopResources resources, StreamModes modes) {
        this.user = user;
        this.bytes = bytes;
        this.loop = bytes.loop();
        number = user.number();
        BufferQuota quota = new BufferQuota(loop, user.bufferQuota(), user.bufferGrant());
        BufferWatcher watcher = new BufferWatcher(user);
        staging = new PoolStaging(resources, quota, watcher, this::onStagingRefused, bytes::resumeReading);
        this.resources = resources;
        this.modes = modes;
        // One place more than ORD: the ready-to-receive Read of an initiator with ORD 0.
        ownReads = new OutboundReadQueue(modes.outboundReadDepth() + 1);
        peerReads = new InboundReadQueue(Math.max(1, modes.inboundReadDepth()));
        end = new StreamEnd(this, user, bytes, modes);
        inbound =
                new InboundMessages(this, end, user, resources, staging, ownReads, peerReads, modes.inboundReadDepth());
        outbound = new OutboundMessages(end, user, bytes, resources, quota, watcher, modes, ownReads, peerReads);
        receiver = new DdpReceiver(inbound, end::onFramingError);
        deframer = new FpduDeframer(
                receiver, staging, resources.scratch(), modes.crc(), modes.receiveMarkers(), modes.placing());
        stallWatch = new StallWatch(loop, deframer, end::onStalled);
        pause = new ReceivePause(user, loop, this::onPausedTooLong);
        if (user.pausesWithoutReceive()) {
            deframer.mayPark();
        }
    }

    /**
     * Begins to work.
     *
     * @param early octets that arrived behind the startup frame, or null; borrowed
     */
    public void start(ByteBuffer early) {
        if (early != null && early.hasRemaining()) {
            feed(early);
        }
        if (modes.initiator() && modes.firstMessageDelayNs() > 0) {
            loop.schedule(modes.firstMessageDelayNs(), outbound::release);
        }
        bytes.resumeReading();
        pauseIfWaiting();
        outbound.pump();
    }

    // ---- waiting for a receive ----

    /** Returns whether reading has stopped until a receive is posted. Any thread; a snapshot. */
    public boolean waitsForReceive() {
        return pause.on();
    }

    /** A receive may be there for the message that waits for one; does nothing if none does. */
    public void onReceivePosted() {
        if (pause.on()) {
            goOn();
        }
    }

    private boolean waits() {
        return deframer.parkedOctets() > 0 || (ahead != null && ahead.waits());
    }

    private void pauseIfWaiting() {
        if (waits() && !pause.on()) {
            pause.begin();
            bytes.pauseReading();
        }
    }

    private void goOn() {
        int parked = deframer.parkedOctets();
        try {
            if (parked > 0) {
                deframer.resume();
            } else {
                ahead.resume();
            }
        } finally {
            releasePin();
        }
        if (!pause.on()) {
            // The stream has ended meanwhile.
            return;
        }
        if (!waits()) {
            pause.end();
            bytes.resumeReading();
            onReadBurstEnd();
        } else if (deframer.parkedOctets() != parked) {
            pause.again();
        }
    }

    private void onPausedTooLong() {
        inbound.waitNoLonger();
        goOn();
    }

    private void feed(ByteBuffer early) {
        if (!resources.lendScratch(number)) {
            onScratchRefused();
            return;
        }
        deframer.readsTo(resources.scratch());
        try {
            deframer.feed(early, early.position(), early.remaining());
        } finally {
            releasePin();
        }
        readEnds();
    }

    /** Looks for work on the send queue. */
    public void pump() {
        outbound.pump();
    }

    /** Returns own Reads outstanding. Any thread; a snapshot. */
    public int ownReads() {
        return ownReads.size();
    }

    /** Returns inbound Reads not answered. Any thread; a snapshot. */
    public int peerReads() {
        return peerReads.size();
    }

    /** Lowers the number of own Reads that may be outstanding. */
    public void outboundReadDepth(int depth) {
        outbound.outboundReadDepth(depth);
    }

    /** Returns whether the send queue is drained, so that its requests are flushed. Any thread; a snapshot. */
    public boolean sendQueueDrained() {
        return outbound.sendQueueDrained();
    }

    /** Puts a drained send queue back to work. */
    public void resumeSendQueue() {
        outbound.resumeSendQueue();
    }

    /** Returns whether nothing is outstanding: send queue, own Reads, inbound Reads, octets on their way out. */
    public boolean drained() {
        return user.sendQueue().idle() && ownReads.isEmpty() && peerReads.isEmpty() && outbound.idle();
    }

    /** Returns whether a message under way has drawn receives. */
    public boolean holdsReceives() {
        return inbound.holdsReceives();
    }

    /** The stream has ended: flushes the receives that the message under way has drawn. */
    public void flushReceives(FailureCause cause) {
        inbound.flush(cause);
    }

    /** An inbound segment was good; the first one lets a responder speak. */
    void onGoodSegment() {
        if (!heardFromPeer) {
            heardFromPeer = true;
            releasePin();
            if (!modes.initiator()) {
                user.onFirstSegment();
                outbound.release();
            }
        }
    }

    // ---- ends ----

    /**
     * Closes in order: nothing is outstanding (state machines T5). The queue pair is in Closing.
     *
     * @param cause why, for receives that are flushed
     */
    public void close(FailureCause cause) {
        end.close(cause);
    }

    /** Ends the stream with a Terminate because the application wants it (state machines T11). */
    public void terminate(FailureCause.Builder about) {
        end.terminate(about);
    }

    /** Ends the stream because of something in this end that no request and no segment is to blame for. */
    public FailureCause failInternally(FailureCause.Builder about) {
        return end.failInternally(about);
    }

    /** Breaks the connection: it cannot end in a better way. */
    public FailureCause failByReset(FailureCause.Builder about) {
        return end.failByReset(about);
    }

    /** Aborts: the application wants the connection broken (state machines T15). */
    public void abort(FailureCause cause) {
        end.abort(cause);
    }

    // ---- for how it ends ----

    /** Lets go of the pin that was kept from one message to the next. */
    void releasePin() {
        resources.keptPin().release();
    }

    /** Returns the way out. */
    OutboundMessages outbound() {
        return outbound;
    }

    /** Returns whether a segment of the peer was found good. */
    boolean heardFromPeer() {
        return heardFromPeer;
    }

    /** Returns whether the last octet that arrived was the end of an FPDU. */
    boolean betweenFpdus() {
        return deframer.betweenFpdus();
    }

    /** Returns whether a message has begun to arrive and its last segment has not. */
    boolean insideMessage() {
        return receiver.insideMessage() || inbound.writeUnderWay();
    }

    /** Returns the Read Request header that is being judged, for a Terminate that returns it. */
    ByteBuffer readRequestOctets() {
        return inbound.readRequestOctets();
    }

    /** Returns own Reads and atomic operations outstanding. */
    OutboundReadQueue ownReadQueue() {
        return ownReads;
    }

    /** Reads and drops what still arrives. */
    void silence() {
        deframer.silence();
        if (staging.stopWaiting()) {
            // It waited for memory that it does not need any more: what arrives is dropped.
            bytes.resumeReading();
        }
        if (ahead != null) {
            ahead.silence();
        }
        if (pause.on()) {
            pause.end();
            bytes.resumeReading();
        }
    }

    /** Stops both directions; the stream has ended. */
    void stop() {
        stallWatch.cancel();
        silence();
        resources.takeScratchBack(number);
        inbound.stop();
        outbound.stop();
    }

    // ---- the transport's calls ----

    @Override
    public int targets(ByteBuffer[] lent) {
        if (!resources.lendScratch(number)) {
            onScratchRefused();
            return 0;
        }
        deframer.readsTo(resources.scratch());
        int count = deframer.targets(lent);
        if (count == 0) {
            // No memory for what may arrive in part: this stream waits in line, and its peer's window fills.
            resources.takeScratchBack(number);
        }
        return count;
    }

    /** A read is over: what it needed is the loop's again. */
    private void readEnds() {
        resources.takeScratchBack(number);
        staging.settle();
    }

    private void onScratchRefused() {
        deframer.silence();
        end.onBufferRefused(resources.scratchBuffer(), true);
    }

    private void onStagingRefused(StagingBuffer buffer) {
        end.onBufferRefused(buffer, true);
    }

    @Override
    public void onOctets(int octets, boolean filled) {
        // The targets first: regions are pinned until they are given back, and a listener may take its time.
        stallWatch.received(octets);
        if (resources.scratchAdmits(number)) {
            takeOctets(octets);
        } else {
            onScratchRefused();
        }
        readEnds();
        pauseIfWaiting();
        StackEvents events = user.events();
        if (events != null) {
            events.onSocketTransfer(user.deviceName(), StackEvents.Direction.RECEIVED, user.number(), octets);
        }
        end.onOctets(octets);
    }

    private void takeOctets(int octets) {
        try {
            deframer.onOctets(octets);
        } finally {
            releasePin();
        }
    }

    @Override
    public boolean onAhead(long position, ByteBuffer lent) {
        if (ahead == null) {
            ahead = new InboundAhead(end, user, resources, modes, inbound, receiver);
        }
        return ahead.onFpdu(position, lent);
    }

    @Override
    public void onStreamReached(long position) {
        if (ahead != null) {
            ahead.onStreamReached(position);
            pauseIfWaiting();
        }
    }

    @Override
    public void onReadNothing() {
        deframer.onReadNothing();
        readEnds();
    }

    @Override
    public void onReadBurstEnd() {
        if (end.inOperation()) {
            stallWatch.look();
            outbound.pump();
            if (end.inOperation()) {
                user.onDrained();
            }
        }
    }

    @Override
    public void onWritable() {
        outbound.onWritable();
    }

    @Override
    public void onEndOfStream() {
        end.onEndOfStream();
    }

    @Override
    public void onFailed(StreamError error, Throwable exception) {
        end.onFailed(error, exception);
    }
}
