package io.verbena.memory;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The slots of the table, selected directly by the Tag Index. They grow in blocks as indexes come into use, so that a
 * table for a million entries costs little before there are many.
 *
 * <p>Thread rule: {@link #entry} from any thread, without lock; everything else under the table's lock.
 */
final class TableSlots {
    private static final int BLOCK_SHIFT = 8;
    private static final int BLOCK_SLOTS = 1 << BLOCK_SHIFT;
    private static final int BLOCK_MASK = BLOCK_SLOTS - 1;

    private final AtomicReferenceArray<Block> blocks;
    private final int slots;
    private final StagAllocator.FirstInstances firstInstances;

    /**
     * @param slots number of slots, 0 to slots - 1
     * @param firstInstances what the Tag Instances of a new block begin with
     */
    TableSlots(int slots, StagAllocator.FirstInstances firstInstances) {
        this.slots = slots;
        this.firstInstances = firstInstances;
        blocks = new AtomicReferenceArray<>((slots + BLOCK_MASK) >>> BLOCK_SHIFT);
    }

    /** Returns the number of slots. */
    int slots() {
        return slots;
    }

    /** Returns the entry at an index, 0 to {@link io.verbena.verbs.STag#MAX_INDEX}, or null. */
    TableEntry entry(int index) {
        if (index >= slots) {
            return null;
        }
        Block block = blocks.get(index >>> BLOCK_SHIFT);
        return block == null ? null : block.entries.get(index & BLOCK_MASK);
    }

    void put(int index, TableEntry entry) {
        block(index).entries.set(index & BLOCK_MASK, entry);
    }

    /** Empties the slot. */
    void remove(int index) {
        block(index).entries.set(index & BLOCK_MASK, null);
    }

    /** Returns the Tag Instance for the next use of a slot: one more than that of the use before. */
    byte nextInstance(int index) {
        return block(index).instances[index & BLOCK_MASK]++;
    }

    /** Says what the next use of a slot begins with. */
    void nextInstance(int index, int instance) {
        block(index).instances[index & BLOCK_MASK] = (byte) instance;
    }

    private Block block(int index) {
        Block block = blocks.get(index >>> BLOCK_SHIFT);
        if (block == null) {
            block = new Block();
            firstInstances.fill(block.instances);
            blocks.set(index >>> BLOCK_SHIFT, block);
        }
        return block;
    }

    private static final class Block {
        final AtomicReferenceArray<TableEntry> entries = new AtomicReferenceArray<>(BLOCK_SLOTS);
        /** The instance that the next use of the slot gets. */
        final byte[] instances = new byte[BLOCK_SLOTS];
    }
}
