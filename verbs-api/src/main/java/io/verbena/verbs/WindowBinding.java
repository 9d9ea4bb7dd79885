package io.verbena.verbs;

/**
 * A window's place over a region (verb: Bind Memory Window), made by {@link MemoryWindow#binding}.
 *
 * <p>What is checked when it is processed (VRB-MW-01), the first failure named in the completion: the queue pair may bind
 * ({@link QueuePairOptions#windowBindAllowed()}); the window exists, its STag is not stale, and it is not valid (a window of
 * {@link WindowType#PROTECTION_DOMAIN} may be); the region is a valid region that allows binding and is not zero-based;
 * the protection domains of queue pair, region and window are one; the range lies in the region; every right asked for has
 * its local right in the region.
 */
public interface WindowBinding extends PreparedAccess {
    /** Returns the window. */
    MemoryWindow window();
}
