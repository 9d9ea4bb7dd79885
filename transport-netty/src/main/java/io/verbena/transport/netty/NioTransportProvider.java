package io.verbena.transport.netty;

import io.verbena.transport.StreamTransport;
import io.verbena.transport.StreamTransportProvider;

/** Offers TCP through {@code java.nio} selectors, which works on every operating system the JDK runs on. */
public final class NioTransportProvider implements StreamTransportProvider {
    /** Called by {@link java.util.ServiceLoader}. */
    public NioTransportProvider() {}

    @Override
    public String name() {
        return "nio";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public int preference() {
        return 100;
    }

    @Override
    public StreamTransport open(int loops, boolean callerDriven, String threadNamePrefix) {
        return NettyStreamTransport.open(loops, callerDriven, threadNamePrefix);
    }
}
