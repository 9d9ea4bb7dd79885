package io.verbena.device;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.spi.VerbsProvider;

/** The provider of software iWARP devices; found by ServiceLoader. Any thread. */
public final class SoftIwarpProvider implements VerbsProvider {
    /** The provider's name. */
    static final String NAME = "Verbena software iWARP";

    /** Makes the provider; for ServiceLoader. */
    public SoftIwarpProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Returns the buffer pool of a device of this provider, for tools that look behind the verbs.
     *
     * @throws IllegalArgumentException if it is another provider's device
     */
    public static AdapterBufferPool bufferPool(Device device) {
        if (device instanceof SoftDevice ours) {
            return ours.pool();
        }
        throw new IllegalArgumentException(device + " is not a device of " + NAME);
    }

    @Override
    public Device open(DeviceOptions options) {
        return new SoftDevice(options, SystemRandomness.unpredictable());
    }
}
