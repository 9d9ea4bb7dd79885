package io.verbena.verbs.async;

/** Why a {@link RegistrationCache} gave up a registration. */
public enum CacheRemoval {
    /** Room was needed below {@link CacheOptions#maxEntries()}: it was the idle one used least recently. */
    ENTRY_LIMIT,
    /** Room was needed below {@link CacheOptions#maxOctets()}: it was the idle one used least recently. */
    OCTET_LIMIT,
    /** The device could register no more: it was the idle one used least recently. */
    DEVICE_LIMIT,
    /** The buffer (array) that was registered is garbage. */
    GARBAGE,
    /** The memory was given back below: the scope of its arena was closed, or other memory has been found in its place. */
    MEMORY_GONE,
    /** {@link RegistrationCache#free} or {@link RegistrationCache#changeAccess}. */
    FREED,
    /** Another registration of more octets, or with more rights, took its place. */
    REPLACED,
    /** The cache was closed. */
    CACHE_CLOSED
}
