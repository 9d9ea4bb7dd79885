package io.verbena.device;

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

    @Override
    public Device open(DeviceOptions options) {
        return new SoftDevice(options, SystemRandomness.unpredictable());
    }
}
