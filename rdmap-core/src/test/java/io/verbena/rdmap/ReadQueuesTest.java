package io.verbena.rdmap;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.rdmap.wire.ReadRequestHeader;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The queues of Reads in both directions, round and round. */
class ReadQueuesTest {
    private static ReadRequestHeader request(int number) {
        return new ReadRequestHeader()
                .wrap(ByteBuffer.allocate(ReadRequestHeader.OCTETS), 0)
                .sinkStag(number)
                .sinkTaggedOffset(10L * number)
                .readSize(100L + number)
                .sourceStag(-number)
                .sourceTaggedOffset(-10L * number);
    }

    @Test
    void inboundReadsAreAnsweredInTheirOrder() {
        InboundReadQueue queue = new InboundReadQueue(3);
        int added = 0;
        int begun = 0;
        for (int round = 0; round < 20; round++) {
            while (!queue.isFull()) {
                queue.add(++added, request(added));
            }
            while (queue.hasWaiting()) {
                int at = queue.begin();
                begun++;
                assertThat(queue.sequenceNumber(at)).isEqualTo(begun);
                assertThat(queue.sinkStag(at)).isEqualTo(begun);
                assertThat(queue.sinkAddress(at)).isEqualTo(10L * begun);
                assertThat(queue.octets(at)).isEqualTo(100L + begun);
                assertThat(queue.sourceStag(at)).isEqualTo(-begun);
                assertThat(queue.sourceAddress(at)).isEqualTo(-10L * begun);
            }
            for (int i = 0; i <= round % 3; i++) {
                queue.remove();
            }
            assertThat(queue.size()).isEqualTo(2 - round % 3);
        }
        assertThat(begun).isEqualTo(added);
    }

    @Test
    void onlyTheOldestOwnReadIsAnswered() {
        OutboundReadQueue queue = new OutboundReadQueue(2);
        for (int round = 0; round < 5; round++) {
            queue.add(round, 100 + round, 7, 1000, 50, round % 2 == 0);
            queue.add(round + 50, 200 + round, 8, 2000, 60, false);
            assertThat(queue.isFull()).isTrue();
            assertThat(queue.positionOf(8, 2000)).isEqualTo(200 + round);
            assertThat(queue.positionOf(8, 2001)).isEqualTo(-1);
            queue.advance(20);
            assertThat(queue.nextAddress()).isEqualTo(1020);
            assertThat(queue.missing()).isEqualTo(30);
            assertThat(queue.slot()).isEqualTo(round);
            assertThat(queue.position()).isEqualTo(100 + round);
            assertThat(queue.invalidates()).isEqualTo(round % 2 == 0);
            queue.remove();
            assertThat(queue.missing()).isEqualTo(60);
            assertThat(queue.nextAddress()).isEqualTo(2000);
            assertThat(queue.positionOf(7, 1000)).isEqualTo(-1);
            queue.remove();
            assertThat(queue.isEmpty()).isTrue();
        }
    }

    /** A Read that no application asked for has no completion to fail. */
    @Test
    void aReadyToReceiveReadIsNobodys() {
        OutboundReadQueue queue = new OutboundReadQueue(1);
        queue.add(OutboundReadQueue.NO_SLOT, -1, 0, 0, 0, false);
        assertThat(queue.positionOf(0, 0)).isEqualTo(-1);
        assertThat(queue.missing()).isZero();
    }
}
