package io.verbena.verbs.spi;

import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import java.util.ServiceLoader;

/** Makes devices; found by {@link ServiceLoader}. */
public interface VerbsProvider {
    /** Returns the provider's name. */
    String name();

    /** Opens a device. */
    Device open(DeviceOptions options);

    /**
     * Returns the provider on the class path.
     *
     * @throws IllegalStateException if there is none
     */
    static VerbsProvider load() {
        return ServiceLoader.load(VerbsProvider.class, VerbsProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no verbs provider on the class path: add the artifact io.verbena:runtime"));
    }
}
