package io.verbena.verbs;

/** Through which entries the peer of a queue pair may reach memory (SYS-MEM-09). */
public enum RemoteAccessPolicy {
    /** Regions with remote rights, and windows. */
    REGIONS_AND_WINDOWS,
    /** Windows only; a region is refused whatever its rights. */
    WINDOWS_ONLY
}
