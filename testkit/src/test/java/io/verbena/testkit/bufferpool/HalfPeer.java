package io.verbena.testkit.bufferpool;

import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.device.SoftIwarpProvider;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.MemoryRegion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/** A raw peer of the server device that sends FPDUs in two halves. CRC is in force, and memory is placed behind it. */
final class HalfPeer implements AutoCloseable {
    static final int PAYLOAD_OCTETS = 1000;

    private static final int FIRST_HALF = 400;

    private final DevicePair pair;
    private final PairEnd end;
    private final RawPeer raw;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(PAYLOAD_OCTETS);
    private final MemoryRegion region;
    private final byte[] fpdu;

    HalfPeer(DevicePair pair) throws Exception {
        this(pair, pair.newServerEnd(), RawStartup.request().withCrc(true));
    }

    /** Connects to a queue pair of the server with another Request; its CRC is on. */
    HalfPeer(DevicePair pair, PairEnd end, RawStartup request) throws Exception {
        this.pair = pair;
        this.end = end;
        region = end.register(memory, AccessFlag.REMOTE_WRITE);
        raw = RawPeer.connect(pair.listener().localAddress());
        raw.sendRequest(request);
        pair.listener()
                .nextRequest(Duration.ofSeconds(10))
                .accept(end.queuePair(), pair.options().serverParameters());
        raw.expectReply();
        raw.sendFpdu(RawSegment.write(0, 0, new byte[0]));
        RawSegment write = RawSegment.write(region.stag(), region.startAddress(), HexVectors.pattern(PAYLOAD_OCTETS));
        fpdu = new RawFramer(false, true).frame(write.octets());
    }

    PairEnd end() {
        return end;
    }

    RawPeer raw() {
        return raw;
    }

    int number() {
        return end.queuePair().number();
    }

    /** Sends the first octets of a Write. */
    void sendBeginning(int octets) {
        raw.sendRaw(Arrays.copyOf(fpdu, octets));
    }

    /** Sends the first half of a Write. */
    void sendFirstHalf() {
        sendBeginning(FIRST_HALF);
    }

    /** Sends the first half, and waits until it occupies a buffer. */
    void occupy() {
        sendFirstHalf();
        // The scratch buffer is its queue pair's too, while it is read to.
        AdapterBufferPool pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
        pair.await(
                "half a Write in a buffer",
                () -> pool.owned(number()).stream().anyMatch(each -> each.uses() == BufferUse.WRITE_IN.bit()));
    }

    /** Sends the octets of the Write from {@code from} up to {@code end}. */
    void sendBetween(int from, int end) {
        raw.sendRaw(Arrays.copyOfRange(fpdu, from, end));
    }

    /** Sends what is missing behind the first {@code octets}. */
    void sendRest(int octets) {
        raw.sendRaw(Arrays.copyOfRange(fpdu, octets, fpdu.length));
    }

    void sendSecondHalf() {
        sendRest(FIRST_HALF);
    }

    /** Waits until the Write has been placed. */
    void awaitPlaced() {
        byte[] wanted = HexVectors.pattern(PAYLOAD_OCTETS);
        pair.await(
                "the Write is placed",
                () -> ByteBuffer.wrap(wanted).equals(memory.duplicate().clear()));
    }

    /** Makes its window small, reads no more, and asks for so many octets of a region. */
    void readWithoutTaking(MemoryRegion source, int octets) {
        raw.withReceiveBuffer(4096);
        raw.sendFpdu(RawSegment.readRequest(1, 0x1234, 0, octets, source.stag(), source.startAddress()));
    }

    boolean untouched() {
        return ByteBuffer.wrap(new byte[PAYLOAD_OCTETS])
                .equals(memory.duplicate().clear());
    }

    BufferPoolSnapshot pool() {
        return pair.serverDevice().queryBufferPool();
    }

    int used(BufferUse use) {
        return pool().used(use);
    }

    @Override
    public void close() {
        raw.close();
    }
}
