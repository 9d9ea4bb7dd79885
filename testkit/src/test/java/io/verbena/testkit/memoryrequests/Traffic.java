package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Traffic in both directions around a request of the client that fails: the client has Reads and a Write before it and Sends
 * behind it; the server reads, writes and sends all the while.
 */
final class Traffic {
    /** The id of the request that fails: the binding of a window to a region that is not valid yet. */
    static final long FAILING = 50;

    static final FailedCheck CHECK = FailedCheck.ENTRY_VALID;
    static final WorkCompletionStatus STATUS = WorkCompletionStatus.LOCAL_INVALID_STAG;

    /** Requests of the client before the one that fails: Reads, and one Write. */
    static final int BEFORE = 9;

    /** Sends of the client behind it. */
    static final int BEHIND = 5;

    /** Receives of the client, and Sends of the server for them. */
    static final int RECEIVES = 5;

    /** All requests of the server: Reads, as many Writes, and the Sends. */
    static final int SERVER_REQUESTS = 21;

    private static final int LONG = 1 << 20;

    final MemoryRegion empty;
    final WindowBinding binding;
    private final RequestPair pair;
    private final Side clientSide;
    private final Side serverSide;
    private final SendRequest request = new SendRequest();
    private int behind;

    /** What one end reads from, writes from, and lets the other reach. */
    private record Side(ByteBuffer sinkOctets, MemoryRegion source, MemoryRegion sink, MemoryRegion target) {
        static Side of(PairEnd end) {
            ByteBuffer octets = ByteBuffer.allocateDirect(LONG)
                    .put(HexVectors.pattern(LONG))
                    .clear();
            ByteBuffer sinkOctets = ByteBuffer.allocateDirect(LONG);
            return new Side(
                    sinkOctets,
                    end.register(octets, AccessFlag.REMOTE_READ),
                    end.register(sinkOctets.duplicate()),
                    end.register(LONG, AccessFlag.REMOTE_WRITE));
        }
    }

    Traffic(RequestPair pair) {
        this.pair = pair;
        clientSide = Side.of(pair.client());
        serverSide = Side.of(pair.server());
        empty = pair.allocate();
        MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
        binding = window.binding(registered(), 0, 64, AccessFlag.REMOTE_WRITE);
    }

    private MemoryRegion registered() {
        // The binding names the range by address, so it is made while the region is valid, and fails while it is not.
        pair.register(1, RequestPair.prepare(empty, ByteBuffer.allocateDirect(64)));
        pair.client().post(request.localInvalidate(empty.stag()).id(2));
        pair.client().awaitSendSuccess();
        return empty;
    }

    /** Posts everything. */
    void start() {
        PairEnd client = pair.client();
        PairEnd server = pair.server();
        for (int i = 0; i < RECEIVES; i++) {
            client.postReceive(i, clientSide.sink());
        }
        int id = 0;
        for (int i = 0; i < 8; i++) {
            server.post(request.read(clientSide.source().remote()).id(id++).local(serverSide.sink(), 0, LONG));
            server.post(request.write(clientSide.target().remote()).id(id++).local(serverSide.source(), 0, LONG));
        }
        for (int i = 0; i < RECEIVES; i++) {
            server.post(request.send().id(id++).local(serverSide.source(), 0, 1000));
        }
        for (int i = 0; i < 8; i++) {
            client.post(request.read(serverSide.source().remote()).id(i).local(clientSide.sink(), 0, LONG));
        }
        client.post(request.write(serverSide.target().remote()).id(8).local(clientSide.source(), 0, LONG));
        SendBatch batch = new SendBatch();
        batch.add().bindWindow(binding).id(FAILING).signaled(false);
        for (int i = 1; i <= BEHIND; i++) {
            batch.add().send().id(FAILING + i).signaled(false);
        }
        behind = client.queuePair().postSend(batch) - 1;
    }

    /** Returns how many Sends were posted behind the request that fails; all, unless its failure came first and forbade it. */
    int behind() {
        return behind;
    }

    /** Takes the client's completions of {@link #start}: in the order of posting, each once. */
    List<WorkCompletion> clientCompletions() {
        List<WorkCompletion> all = new ArrayList<>();
        for (int i = 0; i < BEFORE + 1 + behind; i++) {
            all.add(pair.client().awaitSend());
        }
        assertThat(all)
                .extracting(WorkCompletion::id)
                .containsExactlyElementsOf(LongStream.concat(
                                LongStream.range(0, BEFORE), LongStream.rangeClosed(FAILING, FAILING + behind))
                        .boxed()
                        .toList());
        RequestPair.requireFailure(all.get(BEFORE), FAILING, STATUS, CHECK);
        all.subList(BEFORE + 1, all.size()).forEach(Traffic::requireFlushed);
        return all;
    }

    /** Insists that a request was flushed and tells which request started it, and why that failed. */
    static void requireFlushed(WorkCompletion flushed) {
        assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(flushed.cause().startedByRequest()).isEqualTo(FAILING);
        assertThat(flushed.cause().root().check()).isEqualTo(CHECK);
        assertThat(flushed.cause().message()).contains("flushed").contains(CHECK.words());
    }
}
