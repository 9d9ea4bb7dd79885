package io.verbena.verbs;

/**
 * What a device is (verb: Query RNIC).
 *
 * @param name its name
 * @param provider the provider that made it
 * @param version the provider's version
 * @param transport the transport in use, such as {@code netty nio}
 * @param eventLoops number of event loops
 * @param callerDriven whether it makes progress only when polled
 * @param limits its limits
 * @param queuePairs queue pairs that exist now
 * @param completionQueues completion queues that exist now
 * @param protectionDomains protection domains that exist now
 * @param regions memory regions that exist now
 * @param registeredOctets sum of the lengths of the regions that exist now
 */
public record DeviceAttributes(
        String name,
        String provider,
        String version,
        String transport,
        int eventLoops,
        boolean callerDriven,
        DeviceLimits limits,
        int queuePairs,
        int completionQueues,
        int protectionDomains,
        int regions,
        long registeredOctets) {}
