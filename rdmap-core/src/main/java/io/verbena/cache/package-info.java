/**
 * The registration cache: finds or makes the registration of a buffer that an operation brought, and leaves it for the next one
 * (SYS-CACHE).
 *
 * <p>The device makes a {@link io.verbena.cache.SoftRegistrationCache} for a protection domain and serves it through
 * {@link io.verbena.cache.CacheHost}; the async layer and applications call it from any thread. It calls nothing but its host,
 * {@code io.verbena.verbs.async} and the listeners, and never runs on an event loop. A daemon thread of each
 * cache, {@code NAME-cache-DOMAIN}, waits for buffers that became garbage.
 *
 * <p>What makes two buffers the same memory is {@link io.verbena.cache.MemoryIdentity}'s to say, on Java 22 and later with the help
 * of {@link io.verbena.cache.SegmentAccess}. Start reading at {@link io.verbena.cache.SoftRegistrationCache}.
 */
package io.verbena.cache;
