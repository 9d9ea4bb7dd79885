package io.verbena.testkit.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.device.SoftIwarpProvider;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.StagingBuffer;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(60)
@DisplayName("Buffer pool: whose, and what for")
class BufferOwnershipTest {
    private static final PairOptions VALIDATED = PairOptions.defaults().withPlacement(PlacementMode.VALIDATED);

    @Test
    @Requirement({"SYS-POOL-01", "SYS-POOL-03"})
    void halfAnFpduOccupiesABufferInItsQueuePairsName() throws Exception {
        try (DevicePair pair = DevicePair.open(VALIDATED);
                HalfPeer peer = new HalfPeer(pair)) {
            peer.occupy();
            assertThat(peer.used(BufferUse.WRITE_IN)).isEqualTo(1);
            assertThat(peer.pool().ownedByQueuePairs()).isEqualTo(1);
            peer.sendSecondHalf();
            peer.awaitPlaced();
            pair.await("the buffer is given back", () -> peer.pool().ownedByQueuePairs() == 0);
        }
    }

    @Test
    @Requirement({"SYS-POOL-01", "SYS-POOL-03"})
    void aFewOctetsOccupyASmallBuffer() throws Exception {
        try (DevicePair pair = DevicePair.open(VALIDATED);
                HalfPeer peer = new HalfPeer(pair)) {
            // Three octets do not say yet what kind of message it is, four do.
            peer.sendBeginning(3);
            pair.await(
                    "three octets in a small buffer",
                    () -> peer.pool().queuePair(peer.number()).smallBuffers() == 1);
            assertThat(peer.used(BufferUse.WRITE_IN)).isZero();
            peer.sendBetween(3, 4);
            pair.await("they are known to be a Write's", () -> peer.used(BufferUse.WRITE_IN) == 1);
            assertThat(peer.pool().queuePair(peer.number()).buffers()).isZero();
            peer.sendRest(4);
            peer.awaitPlaced();
            pair.await(
                    "it is given back",
                    () -> peer.pool().queuePair(peer.number()).smallBuffers() == 0);
        }
    }

    @Test
    @Requirement({"SYS-POOL-03", "SYS-POOL-04"})
    void aBufferThatBecameAnothersIsNotTouchedAndEndsThatStreamAlone() throws Exception {
        try (DevicePair pair = DevicePair.open(VALIDATED);
                HalfPeer peer = new HalfPeer(pair);
                HalfPeer other = new HalfPeer(pair)) {
            peer.occupy();
            AdapterBufferPool pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
            StagingBuffer half = whole(pair, peer);
            assertThat(pool.handOver(half, peer.number(), other.number())).isTrue();
            peer.sendSecondHalf();

            peer.raw().expectTerminate(0, 0, 0x00);
            AsyncEvent event = peer.end().awaitEvents(1).get(0);
            assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.QUEUE_PAIR_CATASTROPHIC);
            assertThat(event.cause().check()).isEqualTo(FailedCheck.STAGING_BUFFER);
            assertThat(peer.untouched()).isTrue();
            assertThat(peer.pool().refusals()).isEqualTo(1);
            peer.raw().close();
            peer.end().awaitState(QueuePairState.ERROR);

            // The owner still has it, and gives it back alone; the stream that lost it could not.
            assertThat(half.owner()).isEqualTo(other.number());
            other.sendFirstHalf();
            other.sendSecondHalf();
            other.awaitPlaced();
            other.end().queuePair().close();
            assertThat(half.owner()).isNotEqualTo(other.number());
            assertThat(peer.pool().ownedByQueuePairs()).isZero();
        }
    }

    /** It is the owner's, but noted for something else: what arrives is not put into it. */
    @Test
    @Requirement("SYS-POOL-03")
    void aBufferThatIsNotedForAnotherUseIsNotTouched() throws Exception {
        try (DevicePair pair = DevicePair.open(VALIDATED);
                HalfPeer peer = new HalfPeer(pair)) {
            peer.occupy();
            StagingBuffer half = whole(pair, peer);
            assertThat(half.reuse(peer.number(), BufferUse.SEND_IN)).isTrue();
            peer.sendSecondHalf();
            peer.raw().expectTerminate(0, 0, 0x00);
            assertThat(peer.end().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.STAGING_BUFFER);
            assertThat(peer.untouched()).isTrue();
            assertThat(peer.pool().refusals()).isEqualTo(1);
        }
    }

    private static StagingBuffer whole(DevicePair pair, HalfPeer peer) {
        AdapterBufferPool pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
        return pool.owned(peer.number()).stream()
                .filter(each -> each.octets().capacity() == pool.bufferOctets())
                .findFirst()
                .orElseThrow();
    }

    /** Nothing was refused yet, and nothing was given back: what it was handed goes with it all the same, whole or small. */
    @Test
    @Requirement("SYS-POOL-04")
    void destroyingAQueuePairFreesWhatItWasHanded() throws Exception {
        try (DevicePair pair = DevicePair.open(VALIDATED);
                HalfPeer half = new HalfPeer(pair);
                HalfPeer few = new HalfPeer(pair);
                HalfPeer other = new HalfPeer(pair)) {
            half.occupy();
            few.sendBeginning(4);
            pair.await(
                    "a few octets in a small buffer",
                    () -> few.pool().queuePair(few.number()).smallBuffers() == 1);
            AdapterBufferPool pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
            StagingBuffer large = whole(pair, half);
            StagingBuffer small = pool.owned(few.number()).get(0);
            assertThat(pool.handOver(large, half.number(), other.number())).isTrue();
            assertThat(pool.handOver(small, few.number(), other.number())).isTrue();
            other.end().queuePair().close();
            assertThat(large.owner()).isNotEqualTo(other.number());
            assertThat(small.owner()).isNotEqualTo(other.number());
            assertThat(half.pool().ownedByQueuePairs()).isZero();
        }
    }

    @Test
    @Requirement("SYS-POOL-04")
    void destroyingAQueuePairFreesAllThatItHas() throws Exception {
        try (DevicePair pair = DevicePair.open(VALIDATED);
                HalfPeer peer = new HalfPeer(pair)) {
            PairEnd unconnected = pair.newServerEnd();
            assertThat(unconnected.queuePair().postSend(inline(100))).isEqualTo(PostResult.POSTED);
            peer.occupy();
            assertThat(peer.used(BufferUse.INLINE)).isEqualTo(1);
            peer.end().queuePair().close();
            unconnected.queuePair().close();
            BufferPoolSnapshot after = peer.pool();
            assertThat(after.holdings()).allMatch(BufferPoolSnapshot.Holding::loop);
            assertThat(after.used(BufferUse.INLINE)).isZero();
            assertThat(after.used(BufferUse.WRITE_IN)).isZero();
        }
    }

    @Test
    @Requirement({"SYS-POOL-01", "SYS-POOL-02", "VRB-RN-06"})
    void inlineDataLiesInSmallBuffersUpToTheQuotaOfTheQueuePair() {
        try (DevicePair pair = DevicePair.open(VALIDATED)) {
            PairEnd end = pair.newServerEnd(options ->
                    options.withDepths(64, 1).withMaxInlineOctets(256).withBufferQuota(0, 2));
            int posted = 0;
            while (end.queuePair().postSend(inline(200)) == PostResult.POSTED) {
                posted++;
            }
            BufferPoolSnapshot pool = pair.serverDevice().queryBufferPool();
            // 4096 octets of a small buffer are room for 16 requests.
            assertThat(posted).isEqualTo(32);
            assertThat(end.queuePair().postSend(inline(200))).isEqualTo(PostResult.NO_BUFFER);
            assertThat(pool.used(BufferUse.INLINE)).isEqualTo(2);
            assertThat(pool.queuePair(end.queuePair().number()).smallBuffers()).isEqualTo(2);
            MemoryRegion region = end.register(ByteBuffer.allocateDirect(8));
            assertThat(end.queuePair().postSend(new SendRequest().send().local(region, 0, 8)))
                    .isEqualTo(PostResult.POSTED);
            assertThat(end.queuePair().querySendQueue().busy()).isEqualTo(33);
            int more = 1;
            while (end.queuePair().postSend(new SendRequest().send().local(region, 0, 8)) == PostResult.POSTED) {
                more++;
            }
            // What was refused has left no slot behind that is neither free nor busy.
            assertThat(posted + more).isEqualTo(64);
        }
    }

    private static SendRequest inline(int octets) {
        return new SendRequest().send().inline(ByteBuffer.allocate(octets));
    }
}
