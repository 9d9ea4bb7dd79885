package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.BufferOwner;
import io.verbena.memory.StagingBuffer;
import io.verbena.memory.TableEntry;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePairState;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The loop's scratch buffer becomes another's while a stream reads (SYS-POOL-03). */
@DisplayName("A scratch buffer that went astray")
class StrayedScratchTest {
    private static final int OTHER = 77;

    private final ByteBuffer[] targets = new ByteBuffer[16];

    @Test
    void nothingThatWasReadToItIsLookedAtAndTheNextStreamReadsToAnother() {
        Desk desk = Desk.connected();
        TableEntry sink = desk.region(1000, AccessFlag.LOCAL_WRITE);
        desk.receive(50, sink, 1000);
        byte[] message = Peer.send(1, 100);
        assertThat(desk.stream.targets(targets)).isEqualTo(1);
        targets[0].put(message);
        StagingBuffer scratch = whole(desk, Desk.NUMBER);
        assertThat(desk.pool.handOver(scratch, Desk.NUMBER, OTHER)).isTrue();
        desk.stream.onOctets(message.length, false);
        desk.stream.onReadBurstEnd();
        desk.loop.run();

        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.QUEUE_PAIR_CATASTROPHIC);
        assertThat(desk.engine.failure().check()).isEqualTo(FailedCheck.STAGING_BUFFER);
        assertThat(desk.pool.snapshot().refusals()).isEqualTo(1);
        desk.arriveFin();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(desk.completions()).containsExactly("50 FLUSHED");

        desk.engine.modify(QueuePairState.IDLE);
        desk.connect();
        desk.receive(51, sink, 1000);
        assertThat(desk.stream.targets(targets)).isEqualTo(1);
        targets[0].put(message);
        desk.stream.onOctets(message.length, false);
        assertThat(desk.completions()).containsExactly("51 SUCCESS");
        assertThat(scratch.owner()).isEqualTo(OTHER);
        assertThat(desk.pool.snapshot().refusals()).isEqualTo(1);

        desk.engine.destroy();
        desk.resources.close();
        assertThat(desk.pool.holders()).contains("queue pair " + OTHER);
        desk.pool.releaseAll(OTHER);
        assertThat(desk.pool.whole()).isTrue();
        assertThat(scratch.owner()).isEqualTo(BufferOwner.NOBODY);
    }

    private static StagingBuffer whole(Desk desk, int owner) {
        return desk.pool.owned(owner).stream()
                .filter(each -> each.octets().capacity() == desk.pool.bufferOctets())
                .findFirst()
                .orElseThrow();
    }
}
