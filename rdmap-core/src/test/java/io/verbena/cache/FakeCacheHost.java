package io.verbena.cache;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.observe.StackEvents;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A device that only counts regions. */
final class FakeCacheHost implements CacheHost {
    private final ProtectionDomain domain = proxy(ProtectionDomain.class, (proxy, method, arguments) -> {
        return switch (method.getName()) {
            case "device" -> proxy(Device.class, (device, name, nothing) -> "fake0");
            case "number" -> 1;
            default -> throw new UnsupportedOperationException(method.getName());
        };
    });

    private final List<Region> regions = new ArrayList<>();
    private int open;
    private int most = Integer.MAX_VALUE;
    private long now;

    /** Allows so many regions at one time. */
    FakeCacheHost withMost(int regionsAtOneTime) {
        most = regionsAtOneTime;
        return this;
    }

    /** Returns the regions registered so far. */
    synchronized int registrations() {
        return regions.size();
    }

    /** Returns the regions that are registered now. */
    synchronized int open() {
        return open;
    }

    synchronized Region region(int number) {
        return regions.get(number);
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public synchronized LooseRegion register(ByteBuffer lent, RegionOptions options) {
        if (open == most) {
            throw new LimitExceededException("the device has its " + most + " memory regions (maxRegions)");
        }
        Region made = new Region(regions.size(), lent.remaining(), options, lent.slice());
        regions.add(made);
        open++;
        return made.asRegion();
    }

    @Override
    public StackEvents events() {
        return null;
    }

    @Override
    public synchronized long nanoTime() {
        return now++;
    }

    @Override
    public void forget(SoftRegistrationCache cache) {}

    private synchronized void onClosed() {
        open--;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** What is known of one region. */
    final class Region {
        private final int stag;
        private final long length;
        private final RegionOptions options;
        private WeakReference<ByteBuffer> octets;
        private boolean closed;

        Region(int stag, long length, RegionOptions options, ByteBuffer octets) {
            this.stag = stag;
            this.length = length;
            this.options = options;
            this.octets = new WeakReference<>(octets);
        }

        boolean writable() {
            return options.access().contains(AccessFlag.LOCAL_WRITE);
        }

        boolean closed() {
            return closed;
        }

        void close() {
            if (!closed) {
                closed = true;
                onClosed();
            }
        }

        LooseRegion asRegion() {
            return proxy(LooseRegion.class, (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "stag":
                        return stag;
                    case "lengthOctets":
                        return length;
                    case "startAddress":
                        return 0L;
                    case "loosen", "held":
                        return octets.get();
                    case "hold":
                        octets = new WeakReference<>(((ByteBuffer) arguments[0]).slice());
                        return octets.get();
                    case "close":
                        close();
                        return null;
                    default:
                        throw new UnsupportedOperationException(MemoryRegion.class + "." + method.getName());
                }
            });
        }
    }
}
