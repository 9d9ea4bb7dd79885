/**
 * {@code verbena copy}: sends a file into the memory of another process, which is that process's mapped file.
 *
 * <p>The sender connects with a {@link io.verbena.examples.copy.CopyOffer} as private data. The receiver refuses at once, or
 * accepts, allocates the file, registers all of it as one region and tells where it is. The sender fills it with RDMA
 * Writes, and says from time to time with a Send how far it has come: RDMA delivers a Send after the Writes before it, so
 * the receiver can read that far and compute the digest while the rest is under way. At last both compare digests, and the
 * receiver gives the file its name. {@link io.verbena.examples.copy.CopyMessage} lists the messages.
 *
 * <p>A sender runs on the calling thread; a receiver runs each sender on a thread of its own. Start reading at
 * {@link io.verbena.examples.copy.CopySender}.
 */
package io.verbena.examples.copy;
