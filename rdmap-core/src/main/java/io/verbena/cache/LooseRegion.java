package io.verbena.cache;

import io.verbena.verbs.MemoryRegion;
import java.nio.ByteBuffer;

/** A region of one buffer that can let go of it: who uses the region then keeps the memory reachable. Any thread. */
public interface LooseRegion extends MemoryRegion {
    /**
     * Lets go of the buffer; before anybody else knows the region.
     *
     * @return what keeps the memory usable through the region as long as somebody has it
     */
    Object loosen();

    /** Returns what keeps the memory usable, or null if that was collected and {@link #hold} has to make it anew. */
    Object held();

    /**
     * Makes the memory usable again; one caller at a time.
     *
     * @param same lent; its remaining octets are those that were registered
     * @return what keeps the memory usable
     */
    Object hold(ByteBuffer same);
}
