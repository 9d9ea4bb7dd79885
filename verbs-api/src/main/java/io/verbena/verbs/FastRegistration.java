package io.verbena.verbs;

/**
 * A registration through the send queue (verb: Fast-Register Non-Shared Memory Region), made by
 * {@link MemoryRegion#fastRegistration}. Its page list is worked out when it is made; posting and processing it are cheap.
 *
 * <p>What is checked when it is processed (SYS-MEM-05), the first failure named in the completion: the queue pair is enabled
 * for it ({@link QueuePairOptions#fastRegisterAllowed()}); the region still exists and is not shared; the STag is not stale;
 * the region's protection domain is the queue pair's; the region is not valid; the page list fits in the room reserved;
 * remote rights only if the region may have some.
 */
public interface FastRegistration extends PreparedAccess {
    /** Returns the region that it makes valid. */
    MemoryRegion region();
}
