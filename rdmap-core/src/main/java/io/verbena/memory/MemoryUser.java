package io.verbena.memory;

import io.verbena.verbs.RemoteAccessPolicy;

/**
 * Who reaches memory through the table: a queue pair. Its identity is what windows are associated with, so there is one
 * object for each queue pair.
 */
public interface MemoryUser {
    /** Returns the number of its protection domain. */
    int protectionDomain();

    /** Returns through which entries its peer may reach memory. */
    RemoteAccessPolicy remoteAccessPolicy();
}
