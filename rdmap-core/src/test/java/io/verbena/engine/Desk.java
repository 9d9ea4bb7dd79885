package io.verbena.engine;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TableLimits;
import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.mpa.RtrKind;
import io.verbena.queue.CompletionQueueOwner;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.rdmap.AtomicUnit;
import io.verbena.rdmap.LoopResources;
import io.verbena.rdmap.RdmapStream;
import io.verbena.rdmap.StreamModes;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.DeviceOptions.BufferGrant;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** One queue pair with its engine, memory and completion queues; loop, transport and peer are played by the test. */
final class Desk implements StreamWatcher {
    static final int DOMAIN = 3;
    static final int NUMBER = 9;
    static final long CLOSE_TIMEOUT_NS = 1_000_000_000L;

    final VirtualLoop loop = new VirtualLoop();
    final MemoryTranslationProtectionTable memory = new MemoryTranslationProtectionTable(
            new TableLimits(100, 100, 512, 512 * 512),
            StagPolicy.UNPREDICTABLE,
            WindowLifetime.ONE_TOUCH,
            new SplittableRandom(1));
    final AdapterBufferPool pool = new AdapterBufferPool(DeviceLimits.MIN_STAGING_BUFFER_OCTETS, 6);
    final List<AsyncEvent.Kind> events = new ArrayList<>();
    final List<FailureCause> ends = new ArrayList<>();
    final SoftCompletionQueue sends;
    final SoftCompletionQueue receives;
    final QueuePairEngine engine;
    final LoopResources resources;
    int firstSegments;
    Runnable whenHeard = () -> {};

    ScriptedStream bytes;
    RdmapStream stream;

    // Modes of the next connection.
    boolean initiator = true;
    boolean crc = true;
    boolean markers;
    Placing placing = Placing.AFTER_CRC;
    int mulpdu = 1442;
    int ird = 4;
    int ord = 4;
    RtrKind opening;
    long delayNs;

    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final ByteBuffer[] targets = new ByteBuffer[16];

    Desk() {
        this(1000);
    }

    Desk(int completionEntries) {
        this(completionEntries, UnaryOperator.identity());
    }

    /** Makes a desk whose queue pair has other options than the usual. */
    Desk(int completionEntries, UnaryOperator<QueuePairOptions> change) {
        CompletionQueueOwner nobody = new CompletionQueueOwner() {
            @Override
            public void onOverflow(SoftCompletionQueue queue) {
                // The queue pair's event is what these tests look at.
            }

            @Override
            public void onClosed(SoftCompletionQueue queue) {
                // Nobody closes it.
            }
        };
        sends = new SoftCompletionQueue(1, completionEntries, 10_000, null, null, nobody);
        receives = new SoftCompletionQueue(2, completionEntries, 10_000, null, null, nobody);
        resources = new LoopResources(loop, pool);
        EngineContext context = new EngineContext(
                "desk",
                memory,
                new BufferRules(pool, 8, 256, BufferGrant.WHOLE_OPERATION),
                new AtomicUnit(),
                null,
                event -> events.add(event.kind()),
                List.of(resources),
                CLOSE_TIMEOUT_NS);
        engine = new QueuePairEngine(
                context,
                NUMBER,
                DOMAIN,
                change.apply(QueuePairOptions.with(sends, receives).withDepths(64, 64)),
                sends,
                receives,
                null,
                loop);
    }

    static Desk connected() {
        Desk desk = new Desk();
        desk.connect();
        return desk;
    }

    static Desk responder() {
        Desk desk = new Desk();
        desk.initiator = false;
        desk.connect();
        return desk;
    }

    Desk connect() {
        bytes = new ScriptedStream(loop);
        StreamModes modes = new StreamModes(
                initiator, crc, markers, markers, placing, mulpdu, ird, ord, opening, delayNs, CLOSE_TIMEOUT_NS);
        stream = engine.bind(bytes, modes, this);
        stream.start(null);
        loop.run();
        return this;
    }

    TableEntry region(int octets, AccessFlag... rights) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets);
        buffer.put(0, Peer.pattern(octets), 0, octets);
        return memory.register(DOMAIN, List.of(buffer), RegionOptions.access(rights));
    }

    TableEntry region(ByteBuffer buffer, AccessFlag... rights) {
        return memory.register(DOMAIN, List.of(buffer), RegionOptions.access(rights));
    }

    // ---- the application ----

    void send(long id, TableEntry from, int octets) {
        post(request.send().id(id).local(from.stag(), from.startAddress(), octets));
    }

    void write(long id, TableEntry from, int octets) {
        post(request.write(0x7777, 0x100000).id(id).local(from.stag(), from.startAddress(), octets));
    }

    void read(long id, TableEntry into, int octets) {
        post(request.read(0x8888, 0x200000).id(id).local(into.stag(), into.startAddress(), octets));
    }

    /** Writes to memory of the other end of {@link TwoEnginesTest}. */
    void writeTo(long id, TableEntry from, long at, int octets, TableEntry there, long target) {
        post(request.write(there.stag(), there.startAddress() + target)
                .id(id)
                .local(from.stag(), from.startAddress() + at, octets));
    }

    /** Reads memory of the other end of {@link TwoEnginesTest}. */
    void readFrom(long id, TableEntry into, long at, int octets, TableEntry there, long source) {
        post(request.read(there.stag(), there.startAddress() + source)
                .id(id)
                .local(into.stag(), into.startAddress() + at, octets));
    }

    void fetchAdd(long id, TableEntry into, long addend) {
        post(request.fetchAdd(0x9999, 0x3000, addend).id(id).local(into.stag(), into.startAddress(), 8));
    }

    void immediate(long id, long value) {
        post(request.immediate(value).id(id));
    }

    void readInvalidating(long id, TableEntry into, int octets) {
        post(request.readLocalInvalidate(0x8888, 0x200000).id(id).local(into.stag(), into.startAddress(), octets));
    }

    void fencedSend(long id, TableEntry from, int octets) {
        post(request.send().id(id).readFence(true).local(from.stag(), from.startAddress(), octets));
    }

    void receive(long id, TableEntry into, int octets) {
        engine.postReceive(receive.receive(id).local(into.stag(), into.startAddress(), octets));
    }

    void post(SendRequest checked) {
        engine.postSend(checked);
        engine.ring();
        loop.run();
    }

    /** Polls both queues: {@code 5 SUCCESS}, sends first. */
    List<String> completions() {
        List<String> all = new ArrayList<>(sendCompletions());
        all.addAll(receiveCompletions());
        return all;
    }

    List<String> sendCompletions() {
        return poll(sends);
    }

    List<String> receiveCompletions() {
        return poll(receives);
    }

    private static List<String> poll(SoftCompletionQueue queue) {
        List<String> all = new ArrayList<>();
        queue.poll(Integer.MAX_VALUE, completion -> all.add(completion.id() + " " + completion.status()));
        return all;
    }

    static List<WorkCompletion> copies(SoftCompletionQueue queue) {
        List<WorkCompletion> all = new ArrayList<>();
        queue.poll(Integer.MAX_VALUE, completion -> all.add(completion.copy()));
        return all;
    }

    // ---- the transport ----

    /** Lets octets arrive in one burst. */
    void arrive(byte[]... fpdus) {
        for (byte[] fpdu : fpdus) {
            int at = 0;
            while (at < fpdu.length) {
                int count = stream.targets(targets);
                int from = at;
                boolean filled = true;
                for (int i = 0; i < count && at < fpdu.length; i++) {
                    int piece = Math.min(targets[i].remaining(), fpdu.length - at);
                    targets[i].put(fpdu, at, piece);
                    filled = !targets[i].hasRemaining();
                    at += piece;
                }
                stream.onOctets(at - from, filled);
            }
        }
        stream.onReadBurstEnd();
        loop.run();
    }

    void arriveFin() {
        stream.onEndOfStream();
        loop.run();
    }

    /** Lets the transport take {@code octets} more. */
    void allow(long octets) {
        bytes.allowance = octets;
        if (bytes.full) {
            bytes.full = false;
            stream.onWritable();
        }
        loop.run();
    }

    List<Peer.Frame> frames() {
        return Peer.frames(bytes.written());
    }

    /** Returns the opcodes of what was sent, segment by segment. */
    List<String> opcodes() {
        return frames().stream().map(frame -> frame.opcode().name()).toList();
    }

    Peer.Frame lastFrame() {
        List<Peer.Frame> frames = frames();
        return frames.get(frames.size() - 1);
    }

    @Override
    public void onFirstSegment() {
        firstSegments++;
        whenHeard.run();
    }

    @Override
    public void onEnded(FailureCause cause) {
        ends.add(cause);
    }
}
