package io.verbena.testkit.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawStartup;
import io.verbena.device.SoftIwarpProvider;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.observe.Counter;
import io.verbena.observe.Counters;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.bufferpool.BufferThief.Loot;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers to send with that became another's: nothing is moved, that stream ends, and the others go on. */
@Tag("tcp")
@Timeout(60)
@DisplayName("Buffer pool: transfers refused while sending")
class RefusedTransferTest {
    /** Longer than one segment. */
    private static final int TWO_SEGMENTS = 100_000;

    private final Counters counters = new Counters();
    private final BufferThief thief = new BufferThief();
    private final PairOptions options = PairOptions.defaults()
            .withPlacement(PlacementMode.VALIDATED)
            .withListeners(new Counters(), counters)
            .withListeners(new Counters(), thief);

    @Test
    @Requirement("SYS-POOL-03")
    void whatStandsInAnArenaThatBecameAnothersIsNotWritten() throws Exception {
        try (DevicePair pair = DevicePair.open(options);
                HalfPeer victim = new HalfPeer(pair)) {
            PairEnd other = pair.newServerEnd();
            MemoryRegion source = victim.end().register(100);
            thief.lieInWait(
                    pair, Loot.FRAMED_IN, victim.number(), other.queuePair().number());
            victim.end().post(new SendRequest().send().local(source, 0, 100));
            victim.raw().expectTerminate(0, 0, 0x00);
            assertThat(victim.end().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(thief.untouched()).isTrue();
            victim.raw().close();
            assertRefusedAlone(pair, victim.end(), other, 1);
        }
    }

    @Test
    @Requirement("SYS-POOL-03")
    void nothingIsCopiedToAnArenaThatBecameAnothers() throws Exception {
        try (DevicePair pair = DevicePair.open(options);
                HalfPeer victim = new HalfPeer(pair)) {
            PairEnd other = pair.newServerEnd();
            MemoryRegion source = victim.end().register(TWO_SEGMENTS, AccessFlag.REMOTE_READ);
            thief.lieInWait(
                    pair, Loot.FRAMED_IN, victim.number(), other.queuePair().number());
            victim.readWithoutTaking(source, TWO_SEGMENTS);
            victim.raw().expectTerminate(0, 0, 0x00);
            assertThat(thief.untouched()).isTrue();
            victim.raw().close();
            assertRefusedAlone(pair, victim.end(), other, 1);
        }
    }

    @Test
    @Requirement("SYS-POOL-03")
    void nothingIsCopiedToAMarkerBodyThatBecameAnothers() throws Exception {
        refusesWithMarkers(Loot.FRAMED_IN);
    }

    @Test
    @Requirement("SYS-POOL-03")
    void nothingIsFramedInAnArenaBehindTheMarkersThatBecameAnothers() throws Exception {
        refusesWithMarkers(Loot.OTHER);
    }

    private void refusesWithMarkers(Loot loot) throws Exception {
        try (DevicePair pair = DevicePair.open(options);
                HalfPeer victim = new HalfPeer(
                        pair,
                        pair.newServerEnd(),
                        RawStartup.request().withCrc(true).withMarkers(true))) {
            PairEnd other = pair.newServerEnd();
            MemoryRegion source = victim.end().register(TWO_SEGMENTS);
            thief.lieInWait(pair, loot, victim.number(), other.queuePair().number());
            victim.end().post(new SendRequest().send().local(source, 0, TWO_SEGMENTS));
            // Markers point back at what was framed, so a Terminate could not stand in its place.
            victim.raw().expectReset();
            assertThat(thief.untouched()).isTrue();
            assertThat(victim.end().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertRefusedAlone(pair, victim.end(), other, 1);
        }
    }

    @Test
    @Requirement("SYS-POOL-03")
    void inlineDataInABufferThatBecameAnothersIsNeitherWrittenNorSent() throws Exception {
        try (DevicePair pair = DevicePair.open(options)) {
            PairEnd victim = pair.newServerEnd();
            PairEnd other = pair.newServerEnd();
            SendRequest request = new SendRequest().send().inline(ByteBuffer.allocate(100));
            victim.post(request);
            AdapterBufferPool pool = SoftIwarpProvider.bufferPool(pair.serverDevice());
            int number = victim.queuePair().number();
            assertThat(pool.handOver(
                            pool.owned(number).get(0), number, other.queuePair().number()))
                    .isTrue();
            // A second request would share that buffer.
            assertThat(victim.queuePair().postSend(request)).isEqualTo(PostResult.NO_BUFFER);
            try (HalfPeer peer = new HalfPeer(pair, victim, RawStartup.request().withCrc(true))) {
                peer.raw().expectTerminate(0, 0, 0x00);
            }
            assertThat(victim.awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(pair.serverDevice()
                            .queryBufferPool()
                            .queuePair(other.queuePair().number())
                            .smallBuffers())
                    .isEqualTo(1);
            assertRefusedAlone(pair, victim, other, 2);
        }
    }

    private void assertRefusedAlone(DevicePair pair, PairEnd victim, PairEnd other, int refusals) {
        AsyncEvent event = victim.awaitEvents(1).get(0);
        assertThat(event.kind()).isEqualTo(AsyncEvent.Kind.QUEUE_PAIR_CATASTROPHIC);
        assertThat(event.cause().check()).isEqualTo(FailedCheck.STAGING_BUFFER);
        assertThat(event.cause().message())
                .contains("queue pair " + other.queuePair().number());
        victim.awaitState(QueuePairState.ERROR);
        assertThat(pair.serverDevice().queryBufferPool().refusals()).isEqualTo(refusals);
        assertThat(counters.value(Counter.BUFFER_REFUSALS)).isEqualTo(1);

        // The same loop goes on to send and receive for others.
        for (PairLink link : new PairLink[] {new PairLink(pair.client(), pair.server()), pair.connectAnother()}) {
            MemoryRegion here = link.server().register(TWO_SEGMENTS, AccessFlag.REMOTE_WRITE);
            MemoryRegion there = link.client().register(TWO_SEGMENTS, AccessFlag.REMOTE_WRITE);
            link.client().post(new SendRequest().write(here.remote()).local(there, 0, TWO_SEGMENTS));
            link.client().awaitSendSuccess();
            link.server().post(new SendRequest().write(there.remote()).local(here, 0, TWO_SEGMENTS));
            link.server().awaitSendSuccess();
            assertThat(link.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
        assertThat(other.events()).isEmpty();

        // What went astray is its new owner's until that is destroyed.
        other.queuePair().close();
        victim.queuePair().close();
        pair.await(
                "no queue pair has a buffer",
                () -> pair.serverDevice().queryBufferPool().ownedByQueuePairs() == 0);
        assertThat(pair.serverDevice().queryBufferPool().holdings())
                .allMatch(holding -> holding.loop() || holding.smallBuffers() == 0);
    }
}
