package io.verbena.testkit.cost;

import io.verbena.transport.StreamTransport;
import io.verbena.transport.StreamTransportProvider;
import java.util.ServiceLoader;

/** Offers the usual TCP with a layer that counts, under the name {@value #NAME}; taken only by {@link TransferCounts#open}. */
public final class CountingTransportProvider implements StreamTransportProvider {
    /** The name by which a device asks for it. */
    static final String NAME = "counting";

    private static final String COUNTED = "nio";

    /** Called by {@link ServiceLoader}. */
    public CountingTransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public int preference() {
        return Integer.MIN_VALUE;
    }

    @Override
    public StreamTransport open(int loops, boolean callerDriven, String threadNamePrefix) {
        TransferCounts counts = TransferCounts.ofOpening();
        StreamTransportProvider below = ServiceLoader.load(StreamTransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(COUNTED))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no transport named " + COUNTED + " on the class path"));
        return new CountingTransport(counts, below.open(loops, callerDriven, threadNamePrefix));
    }
}
