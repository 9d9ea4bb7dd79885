package io.verbena.device;

import io.verbena.cache.CacheHost;
import io.verbena.cache.LooseRegion;
import io.verbena.cache.SoftRegistrationCache;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;
import java.util.List;

/** What a registration cache sees of its domain and device. Any thread. */
record DomainCacheHost(SoftProtectionDomain domain, SoftDevice device) implements CacheHost {
    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public LooseRegion register(ByteBuffer lent, RegionOptions options) {
        return domain.register(List.of(lent), options);
    }

    @Override
    public StackEvents events() {
        return device.events();
    }

    @Override
    public long nanoTime() {
        return device.nanoTime();
    }

    @Override
    public void forget(SoftRegistrationCache cache) {
        domain.forget(cache);
    }
}
