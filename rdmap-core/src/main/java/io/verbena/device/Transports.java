package io.verbena.device;

import io.verbena.transport.StreamTransportProvider;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the transport that a device runs on. */
final class Transports {
    private Transports() {}

    /**
     * Returns the provider of a name, or the best one available if the name is empty.
     *
     * @throws IllegalStateException if there is none; the message says which there are
     */
    static StreamTransportProvider find(String name) {
        List<StreamTransportProvider> available =
                ServiceLoader.load(StreamTransportProvider.class, StreamTransportProvider.class.getClassLoader())
                        .stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(StreamTransportProvider::available)
                        .toList();
        return available.stream()
                .filter(provider -> name.isEmpty() || provider.name().equals(name))
                .max(Comparator.comparingInt(StreamTransportProvider::preference))
                .orElseThrow(() -> new IllegalStateException("no transport" + (name.isEmpty() ? "" : " named " + name)
                        + " on the class path, available are "
                        + available.stream().map(StreamTransportProvider::name).toList()
                        + "; add the artifact io.verbena:runtime"));
    }
}
