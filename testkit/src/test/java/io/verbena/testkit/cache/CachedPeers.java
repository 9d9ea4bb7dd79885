package io.verbena.testkit.cache;

import io.verbena.testkit.DevicePair;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.async.AsyncQueuePair;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.RegistrationCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The two ends of a connected pair of devices: this end uses a cache, the peer registers what it needs by hand. */
final class CachedPeers implements AutoCloseable {
    /** Long enough for anything here. */
    static final Duration LONG = Duration.ofSeconds(10);

    private final DevicePair devices;
    private final AsyncQueuePair near;
    private final RegistrationCache cache;
    private final int regionsBefore;

    CachedPeers(DevicePair devices) {
        this(devices, CacheOptions.defaults());
    }

    CachedPeers(DevicePair devices, CacheOptions options) {
        this.devices = devices;
        near = AsyncQueuePair.over(
                devices.client().queuePair(), devices.client().channel());
        cache = devices.clientDomain().createRegistrationCache(options);
        near.useCache(cache);
        letPeerTalk(devices);
        regionsBefore = device().query().regions();
    }

    /** The end that accepted may send only after the other has (RFC 5044 section 7.1.3). */
    private void letPeerTalk(DevicePair pair) {
        pair.server().postEmptyReceive(0);
        try {
            near.sendInline(ByteBuffer.allocate(0)).await(LONG);
        } catch (IOException | TimeoutException | InterruptedException e) {
            throw new AssertionError("the first message did not arrive", e);
        }
        pair.server().awaitReceiveSuccess();
    }

    AsyncQueuePair near() {
        return near;
    }

    RegistrationCache cache() {
        return cache;
    }

    Device device() {
        return devices.clientDevice();
    }

    ProtectionDomain domain() {
        return devices.clientDomain();
    }

    /** Returns the regions that this end's device has more than at the beginning. */
    int cachedRegions() {
        return device().query().regions() - regionsBefore;
    }

    /** Registers memory of the peer that this end may write and read. */
    MemoryRegion far(ByteBuffer memory) {
        return devices.server().register(memory, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
    }

    void write(ByteBuffer source, RemoteRegion remote) throws Exception {
        near.write(source, remote).await(LONG);
    }

    void read(ByteBuffer sink, RemoteRegion remote) throws Exception {
        near.read(sink, remote).await(LONG);
    }

    /** Waits until {@code condition} holds, which the other end brings about. */
    void await(String what, BooleanSupplier condition) {
        devices.await(what, condition);
    }

    @Override
    public void close() {
        near.close();
        cache.close();
    }
}
