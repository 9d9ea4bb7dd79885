package io.verbena.verbs;

/** What an entry of the translation and protection table stands for (SYS-MEM-02). */
public enum EntryType {
    /** A memory region: memory of its own, or translation entries shared with another region. */
    REGION,
    /** A memory window over a part of a region. */
    WINDOW
}
