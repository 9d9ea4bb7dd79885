package io.verbena.verbs;

import java.util.ArrayDeque;

/**
 * A buffer manager that cuts a region into slices of one length and keeps a shared receive queue at a level with them. The id of
 * a receive is the number of its slice. The application {@linkplain #release releases} a slice when it has read the message.
 *
 * <p>Thread rule: any thread.
 */
public final class ReceiveSlices implements BufferManager {
    private final MemoryRegion region;
    private final int sliceOctets;
    private final int slices;
    private final int level;
    private final ReceiveRequest request = new ReceiveRequest();
    private final ArrayDeque<Integer> idle = new ArrayDeque<>();
    private final boolean[] isIdle;

    /**
     * Makes a manager all of whose slices are idle; {@link #refill} fills a queue for the first time.
     *
     * @param region lent until the queue is closed; with local write
     * @param sliceOctets length of each slice and so of the longest message, 1 to the length of the region
     * @param level receives that shall wait after a refill, above 0
     * @throws IllegalArgumentException if a number is out of range
     */
    public ReceiveSlices(MemoryRegion region, int sliceOctets, int level) {
        if (sliceOctets < 1 || sliceOctets > region.lengthOctets()) {
            throw new IllegalArgumentException("sliceOctets " + sliceOctets + " must be 1 to " + region.lengthOctets()
                    + ", the length of the region");
        }
        if (level < 1) {
            throw new IllegalArgumentException("level " + level + " must be above 0");
        }
        this.region = region;
        this.sliceOctets = sliceOctets;
        this.level = level;
        slices = (int) Math.min(Integer.MAX_VALUE, region.lengthOctets() / sliceOctets);
        isIdle = new boolean[slices];
        for (int slice = 0; slice < slices; slice++) {
            idle.add(slice);
            isIdle[slice] = true;
        }
    }

    /** Posts idle slices until so many receives wait as the level says, the queue is full or no slice is idle. */
    @Override
    public synchronized void refill(SharedReceiveQueue queue) {
        for (int missing = level - queue.query().free(); missing > 0 && !idle.isEmpty(); missing--) {
            int slice = idle.peek();
            request.receive(slice).local(region, offsetOctets(slice), sliceOctets);
            if (queue.postReceive(request) != PostResult.POSTED) {
                return;
            }
            idle.remove();
            isIdle[slice] = false;
        }
    }

    /** Returns where a slice begins in the region, in octets. */
    public long offsetOctets(long id) {
        requireSlice(id);
        return id * sliceOctets;
    }

    /**
     * Takes a slice back whose receive completed: its octets may be overwritten.
     *
     * @param id of the receive
     * @throws IllegalArgumentException if there is no such slice
     * @throws IllegalStateException if it is idle already
     */
    public synchronized void release(long id) {
        requireSlice(id);
        int slice = (int) id;
        if (isIdle[slice]) {
            throw new IllegalStateException("slice " + id + " is idle already");
        }
        isIdle[slice] = true;
        idle.add(slice);
    }

    /** Returns how many slices are idle: neither on a queue nor with the application. */
    public synchronized int idle() {
        return idle.size();
    }

    private void requireSlice(long id) {
        if (id < 0 || id >= slices) {
            throw new IllegalArgumentException("slice " + id + " must be 0 to " + (slices - 1));
        }
    }
}
