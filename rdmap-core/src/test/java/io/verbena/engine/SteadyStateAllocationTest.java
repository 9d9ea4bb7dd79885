package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.memory.TableEntry;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Post, service, framing, deframing, placing and completing: 0 octets per operation (budgets of the design). */
class SteadyStateAllocationTest {
    private static final int ROUNDS = 6_000;
    private static final int WINDOW = 1_500;
    private static final int MOST_WINDOWS = 40;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Desk desk = new Desk();
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final FpduCrc crc = new FpduCrc();
    private final ByteBuffer[] targets = new ByteBuffer[16];
    private final ByteBuffer inlineOctets = ByteBuffer.allocate(64);
    private long completed;
    private final CompletionHandler counting = completion -> completed++;

    private TableEntry region;
    private byte[] smallSend;
    private byte[] longSend;
    private byte[] write;
    private byte[] readRequest;
    private byte[] readResponse;
    private byte[] fetchAdd;
    private byte[] atomicResponse;
    private byte[] immediate;
    private ByteBuffer smallSendView;
    private ByteBuffer longSendView;
    private ByteBuffer readRequestView;
    private ByteBuffer fetchAddView;
    private ByteBuffer atomicResponseView;
    private ByteBuffer immediateView;
    private int sendSequence = 1;
    private int readSequence = 1;
    private int atomicSequence = 1;
    private int ownRequests;

    private void prepare(boolean withCrc, Placing placing) {
        desk.crc = withCrc;
        desk.placing = placing;
        desk.connect();
        desk.bytes.forgetful = true;
        region = desk.region(100_000, AccessFlag.values());
        smallSend = Peer.send(1, 64);
        longSend = Peer.send(1, 5_000);
        write = Peer.write(region.stag(), region.startAddress(), 8_000);
        readRequest = Peer.readRequest(1, region.stag(), region.startAddress(), 4_000);
        readResponse = Peer.readResponse(region.stag(), region.startAddress(), true, 3_000);
        fetchAdd = Peer.fetchAdd(1, region.stag(), region.startAddress() + 8, 1);
        atomicResponse = Peer.atomicResponse(1, 1, 0);
        immediate = Peer.immediate(1, 5);
        fetchAddView = ByteBuffer.wrap(fetchAdd);
        atomicResponseView = ByteBuffer.wrap(atomicResponse);
        immediateView = ByteBuffer.wrap(immediate);
        smallSendView = ByteBuffer.wrap(smallSend);
        longSendView = ByteBuffer.wrap(longSend);
        readRequestView = ByteBuffer.wrap(readRequest);
    }

    private void round(int round) {
        long start = region.startAddress();
        int stag = region.stag();
        desk.engine.postReceive(receive.receive(round).local(stag, start, 64));
        desk.engine.postReceive(receive.receive(round).local(stag, start, 2_000).local(stag, start + 50_000, 3_000));
        desk.engine.postReceive(receive.receive(round));
        desk.engine.postSend(request.send().id(round).inline(inlineOctets));
        desk.engine.postSend(request.send().id(round).local(stag, start, 64));
        desk.engine.postSend(
                request.write(1, 2).id(round).local(stag, start, 3_000).local(stag, start + 9, 9_000));
        desk.engine.postSend(request.read(1, 2).id(round).local(stag, start, 3_000));
        desk.engine.postSend(request.fetchAdd(1, 8, 5).id(round).local(stag, start, 8));
        desk.engine.postSend(request.immediate(round).id(round));
        ownRequests += 2;
        desk.engine.ring();
        desk.loop.run();
        // Half of the time the transport is full for a while.
        if (round % 2 == 0) {
            desk.bytes.allowance = 1_000;
        }
        arrive(readRequest, readRequestView, readSequence++);
        arrive(fetchAdd, fetchAddView, readSequence++);
        arrive(write, null, 0);
        desk.bytes.allowance = Long.MAX_VALUE;
        if (desk.bytes.full) {
            desk.stream.onWritable();
        }
        arrive(readResponse, null, 0);
        // The identifier of an atomic operation is the MSN of its request, behind that of the Read.
        atomicResponseView.putInt(FpduLayout.ULPDU + UntaggedHeader.OCTETS, ownRequests);
        arrive(atomicResponse, atomicResponseView, atomicSequence++);
        arrive(smallSend, smallSendView, sendSequence++);
        arrive(longSend, longSendView, sendSequence++);
        arrive(immediate, immediateView, sendSequence++);
        desk.loop.run();
        desk.sends.poll(100, counting);
        desk.receives.poll(100, counting);
    }

    private void arrive(byte[] fpdu, ByteBuffer view, int sequence) {
        if (view != null) {
            view.putInt(FpduLayout.ULPDU + UntaggedHeader.MESSAGE_SEQUENCE_NUMBER, sequence);
            crc.seal(view, 0);
        }
        int at = 0;
        while (at < fpdu.length) {
            // Reads of at most 1448 octets, so that long FPDUs are staged or steered.
            int chunk = Math.min(fpdu.length - at, 1_448);
            int count = desk.stream.targets(targets);
            int from = at;
            for (int i = 0; i < count && at < from + chunk; i++) {
                int piece = Math.min(targets[i].remaining(), from + chunk - at);
                targets[i].put(fpdu, at, piece);
                at += piece;
            }
            desk.stream.onOctets(at - from, true);
        }
        desk.stream.onReadBurstEnd();
    }

    @ParameterizedTest
    @CsvSource({"true, AFTER_CRC", "true, AS_IT_ARRIVES", "false, AS_IT_ARRIVES"})
    void nothingIsAllocatedPerOperation(boolean withCrc, Placing placing) {
        prepare(withCrc, placing);
        for (int round = 0; round < ROUNDS; round++) {
            round(round);
        }
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        assertThat(completed).isEqualTo(9L * ROUNDS);
        // The compiler may change its mind while it is counted, and that costs octets once; what an operation costs
        // shows in
        // every window.
        long least = Long.MAX_VALUE;
        int windows = 0;
        while (least > 0 && windows < MOST_WINDOWS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int round = 0; round < WINDOW; round++) {
                round(round);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            windows++;
        }
        assertThat(completed).isEqualTo(9L * (ROUNDS + windows * WINDOW));
        assertThat(least).isZero();
    }

    /** The budget of an idle connected queue pair is 16 KiB all told; queues and completion order have taken up to 12. */
    @Test
    void anIdleStreamIsSmall() {
        long before = threads.getCurrentThreadAllocatedBytes();
        desk.connect();
        long octets = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(octets).isLessThan(16 * 1024);
        assertThat(desk.pool.inUse()).isEqualTo(3);
    }
}
