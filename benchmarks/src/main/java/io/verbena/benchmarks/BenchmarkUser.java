package io.verbena.benchmarks;

import io.verbena.memory.MemoryUser;
import io.verbena.verbs.RemoteAccessPolicy;

/**
 * A queue pair as far as memory is concerned, without the queues.
 *
 * @param protectionDomain number of its protection domain
 */
record BenchmarkUser(int protectionDomain) implements MemoryUser {
    @Override
    public RemoteAccessPolicy remoteAccessPolicy() {
        return RemoteAccessPolicy.REGIONS_AND_WINDOWS;
    }
}
