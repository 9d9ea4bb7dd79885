package io.verbena.testkit.simulated;

import io.verbena.transport.StreamTransport;
import io.verbena.transport.StreamTransportProvider;

/**
 * Offers the simulated network as a transport, under the name {@value #NAME}. It is taken only by
 * {@link SimulatedNetwork#open}, which asks for it by name.
 */
public final class SimulatedTransportProvider implements StreamTransportProvider {
    /** The name by which a device asks for it. */
    static final String NAME = "simulated";

    private static final ThreadLocal<SimulatedNetwork> OPENING = new ThreadLocal<>();

    /** Called by {@link java.util.ServiceLoader}. */
    public SimulatedTransportProvider() {}

    /** Sets the network whose device the calling thread is opening, or null. */
    static void opening(SimulatedNetwork network) {
        if (network == null) {
            OPENING.remove();
        } else {
            OPENING.set(network);
        }
    }

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

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if the device is not opened through {@link SimulatedNetwork#open}
     */
    @Override
    public StreamTransport open(int loops, boolean callerDriven, String threadNamePrefix) {
        SimulatedNetwork network = OPENING.get();
        if (network == null) {
            throw new IllegalStateException(
                    "the transport \"" + NAME
                            + "\" belongs to a SimulatedNetwork: open the device with its open method, or name another transport");
        }
        return network.newTransport();
    }
}
