package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.PreparedBinding;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TagRecord;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowType;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A loop keeps the pin of the region that it copied last from one message to the next. What waits for pins, on that loop or
 * elsewhere, must not wait for this one; if it did, these tests would not end.
 */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptPinTest {
    private static final int OCTETS = 64;

    private final SendRequest request = new SendRequest();

    private static TableEntry region(Desk desk) {
        return desk.region(1000, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.WINDOW_BIND);
    }

    private SendRequest write(TableEntry from) {
        return request.write(0x7777, 0x100000).local(from.stag(), from.startAddress(), OCTETS);
    }

    /** Posts without ringing, so that all of it is served in one round. */
    private static void post(Desk desk, SendRequest posted, long id) {
        desk.engine.postSend(posted.id(id));
    }

    private static void serve(Desk desk) {
        desk.engine.ring();
        desk.loop.run();
    }

    private static byte[] together(byte[]... fpdus) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] fpdu : fpdus) {
            all.writeBytes(fpdu);
        }
        return all.toByteArray();
    }

    @Test
    void aRequestInTheSameRoundTakesTheMemoryOutOfUseThatWasJustSent() {
        Desk desk = Desk.connected();
        TableEntry source = region(desk);
        post(desk, write(source), 1);
        post(desk, write(source), 2);
        post(desk, request.localInvalidate(source.stag()), 3);
        post(desk, write(source), 4);
        serve(desk);
        assertThat(desk.sendCompletions())
                .containsExactly("1 SUCCESS", "2 SUCCESS", "3 SUCCESS", "4 LOCAL_INVALID_STAG");
        assertThat(desk.opcodes()).containsExactly("RDMA_WRITE", "RDMA_WRITE", "TERMINATE");
        desk.memory.deregister(source);
    }

    @Test
    void nothingIsKeptBehindARound() {
        Desk desk = Desk.connected();
        TableEntry source = region(desk);
        TableEntry other = region(desk);
        post(desk, write(source), 1);
        post(desk, write(other), 2);
        post(desk, write(other), 3);
        serve(desk);
        desk.memory.deregister(other);
        desk.memory.deregister(source);
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS", "2 SUCCESS", "3 SUCCESS");
    }

    @Test
    void aRequestThatFailsBehindOthersEndsTheStreamAndItsWindows() {
        Desk desk = Desk.connected();
        TableEntry source = region(desk);
        TagRecord window = desk.memory.allocateWindow(Desk.DOMAIN, WindowType.QUEUE_PAIR);
        post(desk, request.bindWindow(binding(desk, window, source)), 1);
        post(desk, write(source), 2);
        post(desk, request.write(1, 1).local(source.stag(), source.startAddress(), 1001), 3);
        serve(desk);
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS", "2 SUCCESS", "3 LOCAL_BOUNDS");
        desk.engine.abort("the test ends");
        assertThat(window.current().valid()).isFalse();
        desk.memory.deregister(source);
    }

    @Test
    void aSendInTheSameReadInvalidatesTheMemoryThatWasJustWritten() {
        Desk desk = Desk.connected();
        TableEntry target = region(desk);
        desk.receive(5, target, OCTETS);
        desk.arrive(together(
                Peer.write(target.stag(), target.startAddress(), OCTETS),
                Peer.write(target.stag(), target.startAddress(), OCTETS),
                Peer.sendInvalidate(1, OCTETS, target.stag())));
        assertThat(target.valid()).isFalse();
        assertThat(desk.receiveCompletions()).containsExactly("5 SUCCESS");
        desk.memory.deregister(target);
    }

    /** Its last segment waits for the pins of those before. */
    @Test
    void oneTouchMemoryIsNotKept() {
        Desk desk = Desk.connected();
        TableEntry target = region(desk);
        TagRecord window = desk.memory.allocateWindow(Desk.DOMAIN, WindowType.QUEUE_PAIR);
        desk.post(request.bindWindow(binding(desk, window, target)).id(1));
        TableEntry bound = window.current();
        desk.arrive(together(
                Peer.fpdu(Peer.tagged(RdmapOpcode.RDMA_WRITE, bound.stag(), bound.startAddress(), false, OCTETS)),
                Peer.write(bound.stag(), bound.startAddress(), OCTETS)));
        assertThat(bound.valid()).isFalse();
        assertThat(desk.opcodes()).isEmpty();
        desk.memory.deregister(target);
    }

    @Test
    void nothingIsKeptBehindARead() {
        Desk desk = Desk.connected();
        TableEntry target = region(desk);
        desk.arrive(together(
                Peer.write(target.stag(), target.startAddress(), OCTETS),
                Peer.write(target.stag(), target.startAddress() + OCTETS, OCTETS)));
        desk.memory.deregister(target);
        assertThat(desk.opcodes()).isEmpty();
    }

    private static PreparedBinding binding(Desk desk, TagRecord window, TableEntry region) {
        return desk.memory.prepareBinding(window, region.record(), 0, 100, false, Set.of(AccessFlag.REMOTE_WRITE));
    }
}
