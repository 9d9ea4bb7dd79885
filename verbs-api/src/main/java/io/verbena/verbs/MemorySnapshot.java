package io.verbena.verbs;

import java.util.Set;

/**
 * What the translation and protection table held of one region or window at one moment (SYS-MEM-02; verbs: Query Memory
 * Region, Query Memory Window).
 *
 * @param stag the STag; of an entry that is not valid, the one that it had last, or will have first
 * @param type region or window
 * @param valid whether it can be used
 * @param shared whether a region's translation entries belong to another region too (verb: Register Shared)
 * @param protectionDomain number of its protection domain
 * @param queuePairNumber the queue pair that a valid window of {@link WindowType#QUEUE_PAIR} belongs to, or -1
 * @param startAddress (unsigned) address of its first octet
 * @param lengthOctets length; 0 if no memory stands behind it
 * @param access its rights
 * @param remoteAccessPossible whether a fast registration may give it remote rights (VRB-MR-07)
 * @param oneTouch whether it is valid for the first tagged message only (SYS-MEM-12)
 * @param touched whether the last segment of that message has arrived ahead of the stream
 * @param touchedPosition stream position at which a touched entry becomes invalid, or -1
 * @param translationMode how its pages are found, or null if no memory stands behind it
 * @param translationPointer names the translation entries: entries with the same number share them; 0 if no memory stands
 *     behind it
 * @param translationOffset octets that the translation entries lead to before the first octet of this entry: 0 for a region,
 *     a window's place in its region
 * @param pageOctets page size, or 0 if no memory stands behind it
 * @param pages number of pages
 * @param reservedPages room for pages that a fast registration can use; 0 for windows
 * @param firstOffset octets of the first page that lie before the first octet
 * @param sharers regions, this one included, that use the same translation entries; 0 for windows
 * @param boundWindows windows that are bound to the region now
 */
public record MemorySnapshot(
        int stag,
        EntryType type,
        boolean valid,
        boolean shared,
        int protectionDomain,
        int queuePairNumber,
        long startAddress,
        long lengthOctets,
        Set<AccessFlag> access,
        boolean remoteAccessPossible,
        boolean oneTouch,
        boolean touched,
        long touchedPosition,
        TranslationMode translationMode,
        long translationPointer,
        long translationOffset,
        int pageOctets,
        long pages,
        long reservedPages,
        long firstOffset,
        int sharers,
        int boundWindows) {}
