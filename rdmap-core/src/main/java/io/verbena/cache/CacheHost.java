package io.verbena.cache;

import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;

/** What a cache needs of the device it belongs to. Any thread. */
public interface CacheHost {
    /** Returns the domain. */
    ProtectionDomain protectionDomain();

    /** Registers the remaining octets of {@code lent} in the domain, throwing as the verb does. */
    LooseRegion register(ByteBuffer lent, RegionOptions options);

    /** Returns who is told, or null if nobody is. */
    StackEvents events();

    /** Returns nanoseconds since an arbitrary origin. */
    long nanoTime();

    /** Hears that a cache was closed. */
    void forget(SoftRegistrationCache cache);
}
