package io.verbena.benchmarks.scale;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.Patience;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.nio.file.Path;

/**
 * A device with so many of something, and the operations on it, one at a time.
 *
 * <p>Thread rule: one thread, which drives the device.
 */
final class Crowd implements AutoCloseable {
    private static final int DEPTH = 16;
    private static final int COMPLETIONS = 1024;

    private final int count;
    private final Device device;
    private final ProtectionDomain domain;
    private final QueuePairOptions options;
    private final CompletionCursor cursor;
    private final CrowdMemory memory;
    private final CrowdConnections connections;
    private final MemoryWindow spareWindow;
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final Patience patience = new Patience("a completion");
    private final boolean manyQueuePairs;
    private long number;
    private int turn;

    private Crowd(Population population, int count, Path capture) {
        this.count = count;
        manyQueuePairs = population == Population.QUEUE_PAIRS;
        DeviceOptions deviceOptions = DeviceOptions.defaults()
                .withName(population.label() + "-" + count)
                .withCallerDrivenProgress()
                .withWindowLifetime(DeviceOptions.WindowLifetime.UNTIL_INVALIDATED);
        device = Device.open(capture == null ? deviceOptions : deviceOptions.withCapture(capture));
        domain = device.allocateProtectionDomain();
        CompletionQueue completions = device.createCompletionQueue(COMPLETIONS);
        cursor = completions.cursor();
        options = QueuePairOptions.with(completions).withDepths(DEPTH, DEPTH);
        int pairs = manyQueuePairs ? Math.max(1, count / 2) : 1;
        memory = new CrowdMemory(domain, manyQueuePairs ? pairs : count);
        connections = new CrowdConnections(device, domain, options, pairs);
        spareWindow = domain.allocateWindow(WindowType.QUEUE_PAIR);
    }

    /** Makes a device with {@code count} of {@code population}, which is captured to a file unless that is null. */
    static Crowd of(Population population, int count, Path capture) throws EndFailedException, InterruptedException {
        Crowd crowd = new Crowd(population, count, capture);
        try {
            crowd.connections.connect();
            switch (population) {
                case QUEUE_PAIRS -> {}
                case REGIONS -> crowd.memory.registerEach();
                case WINDOWS -> crowd.bindEach();
            }
            return crowd;
        } catch (EndFailedException | InterruptedException | RuntimeException failure) {
            crowd.close();
            throw failure;
        }
    }

    private void bindEach() throws EndFailedException {
        for (int i = 0; i < count; i++) {
            WindowBinding binding = domain.allocateWindow(WindowType.QUEUE_PAIR)
                    .binding(
                            memory.whole(), (long) i * CrowdMemory.OCTETS, CrowdMemory.OCTETS, AccessFlag.REMOTE_WRITE);
            post(connections.far(0), request.bindWindow(binding));
            await(1);
            memory.reach(i, binding.stag(), memory.address(i));
        }
    }

    /** Returns how many there are. */
    int count() {
        return count;
    }

    /** Does it once. */
    void perform(ScaledOperation operation) throws EndFailedException {
        switch (operation) {
            case WRITE -> write(0);
            case WRITE_IN_TURN -> write(next());
            case SEND -> send(0);
            case SEND_IN_TURN -> send(next());
            case REGISTER -> memory.register(0).close();
            case BIND -> bind();
            case CREATE -> domain.createQueuePair(options).close();
        }
    }

    private int next() {
        turn = turn + 1 == memory.count() ? 0 : turn + 1;
        return turn;
    }

    private int connection(int place) {
        return manyQueuePairs ? place : 0;
    }

    private void write(int place) throws EndFailedException {
        memory.number(++number);
        post(
                connections.near(connection(place)),
                request.write(memory.stag(place), memory.address(place)).local(memory.source(), 0, CrowdMemory.OCTETS));
        await(1);
        while (!memory.arrived(place, number)) {
            if (cursor.next()) {
                throw new EndFailedException("a " + cursor.operation() + " completed that nobody posted");
            }
            patience.nothing();
        }
        patience.begin();
    }

    private void send(int place) throws EndFailedException {
        int connection = connection(place);
        connections
                .far(connection)
                .postReceive(
                        receive.receive(0).local(memory.whole(), (long) place * CrowdMemory.OCTETS, CrowdMemory.OCTETS))
                .orThrow();
        post(connections.near(connection), request.send().local(memory.source(), 0, CrowdMemory.OCTETS));
        await(2);
    }

    private void bind() throws EndFailedException {
        WindowBinding binding = spareWindow.binding(memory.whole(), 0, CrowdMemory.OCTETS, AccessFlag.REMOTE_WRITE);
        QueuePair queuePair = connections.far(0);
        queuePair.postSend(request.bindWindow(binding).signaled(false)).orThrow();
        post(queuePair, request.localInvalidate(binding.stag()));
        await(1);
    }

    private static void post(QueuePair queuePair, SendRequest request) {
        queuePair.postSend(request).orThrow();
    }

    private void await(int completions) throws EndFailedException {
        for (int taken = 0; taken < completions; ) {
            if (!cursor.next()) {
                patience.nothing();
            } else if (cursor.success()) {
                taken++;
                patience.begin();
            } else {
                throw new EndFailedException(
                        "a " + cursor.operation() + " ended with " + cursor.status() + " on a device with " + count);
            }
        }
    }

    @Override
    public void close() {
        device.close();
    }
}
