package io.verbena.verbs;

import java.util.Set;

/**
 * What the translation and protection table held of one region at one moment.
 *
 * @param stag the STag (Tag Index and Tag Instance)
 * @param valid whether it can be used
 * @param protectionDomain number of its protection domain
 * @param startAddress (unsigned) address of its first octet
 * @param lengthOctets length
 * @param access its rights
 * @param translationMode how its pages are found
 * @param pageOctets page size
 * @param pages number of pages
 * @param firstOffset octets of the first page that lie before the region
 */
public record RegionSnapshot(
        int stag,
        boolean valid,
        int protectionDomain,
        long startAddress,
        long lengthOctets,
        Set<AccessFlag> access,
        TranslationMode translationMode,
        int pageOctets,
        long pages,
        long firstOffset) {}
