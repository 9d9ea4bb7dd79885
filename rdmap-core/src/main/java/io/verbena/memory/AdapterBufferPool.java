package io.verbena.memory;

import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The staging memory of a device: direct buffers of one size, for FPDUs that have arrived in part and for octets that are
 * on their way out, and small parts of such buffers for inline data and for a few octets (SYS-POOL).
 *
 * <p>Memory is taken from the system in slabs when it is first needed and then kept. The most recently used buffer is
 * given again first, because its octets are likely to be in the processor's cache.
 *
 * <p>Each buffer that is out is counted for a type, transmit or receive, and each type has a maximum. A buffer that is split
 * counts for the type of its parts, which are all of one type.
 *
 * <p><b>Who waits.</b> A stream that finds none gets a place in a line ({@link #acquireOrWait}) and comes again by itself: a
 * buffer that comes back is given to the stream that came first among those whose type is below its maximum. Nobody
 * overtakes. When the line begins, the loops are asked for the buffers that they keep without using them, so that what is
 * free anywhere reaches who waits.
 *
 * <p>Thread rule: any thread; a short lock, no allocation once the slabs are there. Nobody is called under the lock.
 */
public final class AdapterBufferPool {
    private static final int BUFFERS_PER_SLAB = 8;
    private static final BufferUse.Type[] TYPES = BufferUse.Type.values();
    private static final BufferWaiter.Kind[] KINDS = BufferWaiter.Kind.values();

    private final PoolSizes sizes;
    private final LongAdder refusals = new LongAdder();
    private final Object lock = new Object();

    // ---- under the lock ----

    private StagingBuffer[] free = {};
    private StagingBuffer[] all = {};
    private int freeCount;
    private int made;
    private final int[] out = new int[TYPES.length];
    private final SplitBuffers[] split = {new SplitBuffers(), new SplitBuffers()};
    private final WaitingLine[] lines = {new WaitingLine(), new WaitingLine(), new WaitingLine()};
    private long turns;
    private boolean strayed;
    private Runnable[] idleCollectors = {};

    /** Streams in line. */
    private int waiting;

    /** Whether there are any; written under the lock. */
    private volatile boolean streamsWait;

    /**
     * Makes a pool that holds no memory yet.
     *
     * @param bufferOctets size of each buffer
     * @param capacity the most buffers there will be
     */
    public AdapterBufferPool(int bufferOctets, int capacity) {
        this(PoolSizes.of(bufferOctets, capacity));
    }

    /** Makes a pool that holds no memory yet. */
    public AdapterBufferPool(PoolSizes sizes) {
        this.sizes = sizes;
    }

    /**
     * Adds somebody who may keep buffers without using them; is called when a stream has to wait, by any thread, and sees to
     * it that they come back soon.
     */
    public void onShortage(Runnable idleCollector) {
        synchronized (lock) {
            idleCollectors = Arrays.copyOf(idleCollectors, idleCollectors.length + 1);
            idleCollectors[idleCollectors.length - 1] = idleCollector;
        }
    }

    /**
     * Gives a buffer.
     *
     * @param owner who gets it, {@link BufferOwner}
     * @param use what for
     * @return the buffer, to be {@linkplain #release released} by its owner; or null if none may be given now
     */
    public StagingBuffer acquire(int owner, BufferUse use) {
        requireOwner(owner);
        synchronized (lock) {
            return lineIsEmpty(use.type(), false) ? give(owner, use) : null;
        }
    }

    /** Gives a small buffer, as {@link #acquire} does a whole one. */
    public StagingBuffer acquireSmall(int owner, BufferUse use) {
        requireOwner(owner);
        synchronized (lock) {
            return lineIsEmpty(use.type(), true) ? giveSmall(owner, use) : null;
        }
    }

    /**
     * Gives a buffer, or a place in the line if there is none. Who has a place already keeps it.
     *
     * @return the buffer, or null: {@code waiter} will be resumed, and shall then ask again
     */
    public StagingBuffer acquireOrWait(BufferWaiter waiter) {
        Runnable[] collectors;
        synchronized (lock) {
            StagingBuffer granted = waiter.granted;
            if (granted != null) {
                waiter.granted = null;
                return granted;
            }
            if (waiter.waiting()) {
                return null;
            }
            WaitingLine line = lines[waiter.kind.ordinal()];
            StagingBuffer buffer = line.isEmpty() ? give(waiter) : null;
            if (buffer != null) {
                return buffer;
            }
            waiter.turn = turns++;
            line.append(waiter);
            collectors = waiting == 0 ? idleCollectors : null;
            countWaiting(1);
        }
        if (collectors != null) {
            for (Runnable collector : collectors) {
                collector.run();
            }
        }
        return null;
    }

    /** Gives up a place in the line, and a buffer that was given to it meanwhile. Returns whether it had either. */
    public boolean cancel(BufferWaiter waiter) {
        StagingBuffer granted;
        synchronized (lock) {
            granted = waiter.granted;
            waiter.granted = null;
            if (granted == null) {
                if (!waiter.waiting()) {
                    return false;
                }
                lines[waiter.kind.ordinal()].remove(waiter);
                countWaiting(-1);
            }
        }
        if (granted != null) {
            release(granted, waiter.owner);
        }
        return true;
    }

    /** Returns whether streams wait: what is not in use had better come back. */
    public boolean streamsWait() {
        return streamsWait;
    }

    /**
     * Takes a buffer back and gives it to whoever waits for one.
     *
     * @param given the buffer; the caller forgets it
     * @param owner who has it
     * @return false, and nothing is done, if it is free, another's, or another pool's (SYS-POOL-04)
     */
    public boolean release(StagingBuffer given, int owner) {
        BufferWaiter woken;
        synchronized (lock) {
            if (given.pool() != this || owner == BufferOwner.NOBODY || given.owner() != owner) {
                strayed = true;
                return false;
            }
            takeBack(given);
            woken = serveOne();
        }
        // A small buffer may have made a whole one of its neighbours, which serves several small ones.
        while (woken != null) {
            woken.wake();
            if (!streamsWait) {
                break;
            }
            synchronized (lock) {
                woken = serveOne();
            }
        }
        return true;
    }

    /**
     * Gives a buffer to another queue pair, whatever it is used for.
     *
     * @return false, and nothing is done, if it is not {@code from}'s
     */
    public boolean handOver(StagingBuffer given, int from, int to) {
        synchronized (lock) {
            strayed = true;
            return given.passOn(from, to);
        }
    }

    /**
     * Takes back whatever {@code owner}, a queue pair that is no more, still has. There is nothing unless a buffer has gone
     * astray: a transfer or a release was refused, or a buffer handed over.
     */
    public void releaseAll(int owner) {
        StagingBuffer[] left;
        synchronized (lock) {
            if (!strayed) {
                return;
            }
            left = Arrays.stream(all, 0, made)
                    .flatMap(AdapterBufferPool::withParts)
                    .filter(each -> each.owner() == owner)
                    .toArray(StagingBuffer[]::new);
        }
        for (StagingBuffer buffer : left) {
            release(buffer, owner);
        }
    }

    static Stream<StagingBuffer> withParts(StagingBuffer whole) {
        return whole.parts == null ? Stream.of(whole) : Stream.concat(Stream.of(whole), Arrays.stream(whole.parts));
    }

    /** Counts a transfer that was refused. */
    public void onRefused() {
        synchronized (lock) {
            strayed = true;
        }
        refusals.increment();
    }

    /** Returns the first buffers that {@code owner} has, for those who look for what a queue pair holds. Allocates. */
    public List<StagingBuffer> owned(int owner) {
        synchronized (lock) {
            return Arrays.stream(all, 0, made)
                    .flatMap(AdapterBufferPool::withParts)
                    .filter(each -> each.owner() == owner)
                    .toList();
        }
    }

    private static void requireOwner(int owner) {
        if (owner == BufferOwner.NOBODY) {
            throw new IllegalArgumentException("a buffer has to have an owner");
        }
    }

    // ---- under the lock ----

    private void countWaiting(int change) {
        waiting += change;
        streamsWait = waiting > 0;
    }

    private boolean lineIsEmpty(BufferUse.Type type, boolean small) {
        if (type == BufferUse.Type.TRANSMIT) {
            return (small && split[type.ordinal()].free() > 0) || lines[BufferWaiter.Kind.TRANSMIT.ordinal()].isEmpty();
        }
        return lines[(small ? BufferWaiter.Kind.RECEIVE_SMALL : BufferWaiter.Kind.RECEIVE).ordinal()].isEmpty();
    }

    private StagingBuffer give(BufferWaiter waiter) {
        return waiter.kind.small ? giveSmall(waiter.owner, waiter.kind.use) : give(waiter.owner, waiter.kind.use);
    }

    private StagingBuffer give(int owner, BufferUse use) {
        StagingBuffer buffer = takeWhole(use.type());
        if (buffer != null) {
            buffer.give(owner, use);
        }
        return buffer;
    }

    private StagingBuffer giveSmall(int owner, BufferUse use) {
        SplitBuffers ofType = split[use.type().ordinal()];
        StagingBuffer part = ofType.take();
        if (part == null) {
            boolean forFraming = use.type() == BufferUse.Type.TRANSMIT
                    && out[use.type().ordinal()] >= sizes.transmitBuffers() - sizes.framingBuffers();
            StagingBuffer whole = forFraming ? null : takeWhole(use.type());
            if (whole == null) {
                return null;
            }
            cut(whole);
            ofType.split(whole);
            part = ofType.take();
        }
        part.type = use.type();
        part.give(owner, use);
        return part;
    }

    private void cut(StagingBuffer whole) {
        if (whole.parts == null) {
            whole.octets().clear();
            whole.parts = new StagingBuffer[sizes.partsOfABuffer()];
            for (int i = 0; i < whole.parts.length; i++) {
                ByteBuffer octets = whole.octets().slice(i * sizes.smallOctets(), sizes.smallOctets());
                whole.parts[i] = new StagingBuffer(this, octets, whole);
            }
            whole.partsToGive = whole.parts.clone();
        }
    }

    private int most(BufferUse.Type type) {
        return type == BufferUse.Type.TRANSMIT ? sizes.transmitBuffers() : sizes.receiveBuffers();
    }

    private StagingBuffer takeWhole(BufferUse.Type type) {
        if (out[type.ordinal()] >= most(type) || (freeCount == 0 && !addSlab())) {
            return null;
        }
        out[type.ordinal()]++;
        StagingBuffer buffer = free[--freeCount];
        free[freeCount] = null;
        buffer.type = type;
        return buffer;
    }

    private void takeBack(StagingBuffer given) {
        given.take();
        StagingBuffer whole = given;
        if (given.whole() != null) {
            if (!split[given.type.ordinal()].giveBack(given)) {
                return;
            }
            whole = given.whole();
        }
        out[whole.type.ordinal()]--;
        whole.type = null;
        free[freeCount++] = whole;
    }

    /** Gives a buffer to the first who waits and can have one; returns who is to be told, or null. */
    private BufferWaiter serveOne() {
        if (waiting == 0) {
            return null;
        }
        int passed = 0;
        while (true) {
            BufferWaiter first = null;
            for (BufferWaiter.Kind kind : KINDS) {
                BufferWaiter head = (passed & 1 << kind.ordinal()) != 0 ? null : lines[kind.ordinal()].first();
                if (head != null && (first == null || head.turn < first.turn)) {
                    first = head;
                }
            }
            if (first == null) {
                return null;
            }
            StagingBuffer buffer = give(first);
            if (buffer != null) {
                lines[first.kind.ordinal()].remove(first);
                countWaiting(-1);
                first.granted = buffer;
                return first;
            }
            passed |= 1 << first.kind.ordinal();
        }
    }

    private boolean addSlab() {
        int buffers = Math.min(BUFFERS_PER_SLAB, sizes.buffers() - made);
        if (buffers == 0) {
            return false;
        }
        int octets = sizes.bufferOctets();
        ByteBuffer slab;
        try {
            slab = ByteBuffer.allocateDirect(Math.multiplyExact(buffers, octets));
        } catch (OutOfMemoryError e) {
            if (made == 0) {
                throw e;
            }
            // The JVM's limit for direct memory lies below ours. All buffers are in use, so each will come back and
            // the pool is exhausted like any other.
            return false;
        }
        free = Arrays.copyOf(free, made + buffers);
        all = Arrays.copyOf(all, made + buffers);
        for (int i = 0; i < buffers; i++) {
            all[made + i] = new StagingBuffer(this, slab.slice(i * octets, octets), null);
            free[freeCount++] = all[made + i];
        }
        made += buffers;
        return true;
    }

    // ---- what there is ----

    /** Returns who has its buffers now, and what for. Allocates. */
    public BufferPoolSnapshot snapshot() {
        synchronized (lock) {
            SplitBuffers transmit = split[BufferUse.Type.TRANSMIT.ordinal()];
            SplitBuffers receive = split[BufferUse.Type.RECEIVE.ordinal()];
            int splitBuffers = transmit.split() + receive.split();
            PoolCensus census = new PoolCensus();
            for (int i = 0; i < made; i++) {
                census.count(all[i]);
            }
            return new BufferPoolSnapshot(
                    sizes.bufferOctets(),
                    sizes.smallOctets(),
                    sizes.buffers(),
                    made,
                    freeCount,
                    splitBuffers,
                    splitBuffers * sizes.partsOfABuffer(),
                    transmit.free() + receive.free(),
                    out[BufferUse.Type.TRANSMIT.ordinal()],
                    out[BufferUse.Type.RECEIVE.ordinal()],
                    census.holdings(),
                    census.uses(),
                    waiting,
                    turns,
                    refusals.sum());
        }
    }

    /** Returns the size of each buffer in octets. */
    public int bufferOctets() {
        return sizes.bufferOctets();
    }

    /** Returns the size of a small buffer in octets. */
    public int smallOctets() {
        return sizes.smallOctets();
    }

    /** Returns the number of buffers that are out now, split ones included. */
    public int inUse() {
        synchronized (lock) {
            return made - freeCount;
        }
    }

    /** Returns the most buffers there can be. */
    public int capacity() {
        return sizes.buffers();
    }

    /** Tells whether nobody has a buffer. */
    public boolean whole() {
        return inUse() == 0;
    }

    /** Returns who has buffers, for a sentence about those that were not given back. */
    public String holders() {
        synchronized (lock) {
            return Arrays.stream(all, 0, made)
                    .flatMap(AdapterBufferPool::withParts)
                    .filter(each -> each.owner() != BufferOwner.NOBODY)
                    .map(StagingBuffer::holder)
                    .limit(8)
                    .collect(Collectors.joining("; "));
        }
    }
}
