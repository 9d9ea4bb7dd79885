/**
 * The adapter's memory: the translation and protection table with its regions, the checks every access has to pass, the
 * walk over registered octets, and the pool of staging buffers.
 *
 * <p>The device registers and deregisters from any thread; the queue pair engine looks entries up, pins and checks them
 * and moves octets, on the event loop of its stream. This room calls nobody but the JDK and the unsigned arithmetic of
 * {@code io.verbena.ddp}. The table and the pool are shared by all threads; a {@link io.verbena.memory.MemoryCursor},
 * {@link io.verbena.memory.LentViews} and {@link io.verbena.memory.ViewLender} belong to one event loop.
 *
 * <p>The life of an access: {@link io.verbena.memory.MemoryTranslationProtectionTable#lookup} finds the entry,
 * {@link io.verbena.memory.TableEntry#pin} keeps it from being deregistered under our hands,
 * {@link io.verbena.memory.AccessCheck} allows or names the check that refused, and a
 * {@link io.verbena.memory.MemoryCursor} walks the octets. Start reading at
 * {@link io.verbena.memory.MemoryTranslationProtectionTable}, then {@link io.verbena.memory.AddressTranslation}.
 */
package io.verbena.memory;
