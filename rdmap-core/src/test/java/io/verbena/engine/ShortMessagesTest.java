package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.TableEntry;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.SendRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Runs of short requests take a straight way to the wire, and what is between them the usual one: nobody can tell by the result. */
class ShortMessagesTest {
    private static final int REGION_OCTETS = 4000;
    private static final int INLINE_OCTETS = 16;
    private static final int ROUNDS = 100;
    private static final int MOST_IN_A_ROUND = 20;
    private static final int[] LENGTHS = {0, 1, 64, 64, 64, 1023, 1024, 1025, 1424, 1425, 1428, 1429, 2500};

    private final SplittableRandom random = new SplittableRandom(7);
    private final SendRequest request = new SendRequest();
    private final List<String> expected = new ArrayList<>();
    private final List<String> completions = new ArrayList<>();
    private int sends;

    @Test
    void keepTheOrderAndTheOctetsOfRequestsOfEveryKind() {
        Desk desk = new Desk(ROUNDS * MOST_IN_A_ROUND).connect();
        TableEntry[] regions = {
            desk.region(REGION_OCTETS, AccessFlag.LOCAL_WRITE), desk.region(REGION_OCTETS, AccessFlag.LOCAL_WRITE)
        };
        int id = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int count = 1 + random.nextInt(MOST_IN_A_ROUND);
            for (int i = 0; i < count; i++) {
                id++;
                fill(regions[random.nextInt(4) == 0 ? 1 : 0], id);
                assertThat(desk.engine.postSend(request)).isEqualTo(PostResult.POSTED);
                completions.add(id + " SUCCESS");
            }
            desk.bytes.allowance = random.nextInt(3) == 0 ? random.nextInt(2000) : Long.MAX_VALUE;
            desk.engine.ring();
            desk.loop.run();
            desk.allow(Long.MAX_VALUE);
        }
        assertThat(messages(desk.frames())).isEqualTo(expected);
        assertThat(desk.sendCompletions()).isEqualTo(completions);
    }

    @Test
    void aFenceInTheMiddleOfARunHoldsItUp() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        postOnly(desk, request.read(1, 2).id(1).local(region.stag(), region.startAddress(), 8));
        postOnly(desk, shortSend(region, 2));
        postOnly(desk, shortSend(region, 3));
        postOnly(desk, shortSend(region, 4).readFence(true));
        postOnly(desk, shortSend(region, 5));
        desk.engine.ring();
        desk.loop.run();
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "SEND", "SEND");
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "SEND", "SEND", "SEND", "SEND");
    }

    @Test
    void noMoreBeginThanCompletionsCanWaitInOrder() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        int depth = desk.engine.options().sendDepth();
        postOnly(desk, request.read(1, 2).id(1).local(region.stag(), region.startAddress(), 8));
        int id = 1;
        for (int round = 0; round < 3; round++) {
            for (int i = 1; i < depth; i++) {
                postOnly(desk, shortSend(region, ++id));
            }
            desk.engine.ring();
            desk.loop.run();
        }
        // The Read is the oldest, and as many more have begun as there is room for behind it.
        assertThat(desk.frames()).hasSize(2 * depth);
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.frames()).hasSize(id);
        assertThat(desk.sendCompletions()).hasSize(id);
    }

    private SendRequest shortSend(TableEntry region, int id) {
        return request.send().id(id).local(region.stag(), region.startAddress(), 4);
    }

    private static void postOnly(Desk desk, SendRequest posted) {
        assertThat(desk.engine.postSend(posted)).isEqualTo(PostResult.POSTED);
    }

    private void fill(TableEntry region, int id) {
        boolean write = random.nextInt(3) > 0;
        if (write) {
            request.write(id, 16L * id);
        } else {
            request.send();
            sends++;
        }
        int kind = random.nextInt(8);
        int octets = kind == 0 ? INLINE_OCTETS : LENGTHS[random.nextInt(LENGTHS.length)];
        int from = random.nextInt(REGION_OCTETS - octets);
        byte[] payload = Arrays.copyOfRange(Peer.pattern(REGION_OCTETS).array(), from, from + octets);
        if (kind == 0) {
            request.inline(ByteBuffer.wrap(payload));
        } else if (kind == 1) {
            int first = octets / 3;
            request.local(region.stag(), region.startAddress() + from, first)
                    .local(region.stag(), region.startAddress() + from + first, octets - first);
        } else {
            request.local(region.stag(), region.startAddress() + from, octets).readFence(kind == 2);
        }
        request.id(id);
        expected.add(write ? text("RDMA_WRITE", id, 16L * id, 0, payload) : text("SEND", 0, 0, sends, payload));
    }

    private static List<String> messages(List<Peer.Frame> frames) {
        List<String> all = new ArrayList<>();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        long address = 0;
        for (Peer.Frame frame : frames) {
            if (payload.size() == 0) {
                address = frame.address();
            }
            payload.writeBytes(frame.payload());
            if (frame.last()) {
                all.add(text(frame.opcode().name(), frame.stag(), address, frame.sequence(), payload.toByteArray()));
                payload.reset();
            }
        }
        return all;
    }

    private static String text(String opcode, int stag, long address, int sequence, byte[] payload) {
        return opcode + " " + stag + " " + address + " " + sequence + " " + payload.length + ":"
                + Arrays.hashCode(payload);
    }
}
