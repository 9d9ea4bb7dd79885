package io.verbena.testkit.simulated;

import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import io.verbena.transport.StreamTransport.AcceptHandler;
import io.verbena.transport.StreamTransport.Listening;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The addresses of a simulated network: who listens where, which ports are free, and which addresses never answer. Every
 * address can be used by every device.
 *
 * <p>Thread rule: any thread.
 */
final class Ports {
    private static final int FIRST_FREE_PORT = 49_152;
    private static final int LAST_PORT = 65_535;

    private final Map<InetSocketAddress, Listener> listeners = new LinkedHashMap<>();
    private final Set<InetSocketAddress> silent = new HashSet<>();
    private int nextPort = FIRST_FREE_PORT;

    synchronized Listening listen(
            SimulatedTransport transport, InetSocketAddress local, StreamOptions options, AcceptHandler handler)
            throws BindException {
        InetSocketAddress address =
                local.getPort() == 0 ? new InetSocketAddress(local.getAddress(), freePort()) : local;
        if (listeners.containsKey(address)) {
            throw new BindException("address " + address + " is in use in the simulated network");
        }
        Listener listener = new Listener(transport, address, options, handler);
        listeners.put(address, listener);
        return listener;
    }

    /** Returns a port that no connection was given before, unless all were. */
    synchronized int freePort() {
        int port = nextPort;
        nextPort = nextPort == LAST_PORT ? FIRST_FREE_PORT : nextPort + 1;
        return port;
    }

    /** Returns who listens at an address, or null. */
    synchronized Listener find(InetSocketAddress address) {
        return listeners.get(address);
    }

    /** Whether an address answers from now on. */
    synchronized void silent(InetSocketAddress address, boolean silence) {
        if (silence) {
            silent.add(address);
        } else {
            silent.remove(address);
        }
    }

    synchronized boolean isSilent(InetSocketAddress address) {
        return silent.contains(address);
    }

    synchronized void closeAllOf(StreamTransport transport) {
        listeners.values().removeIf(listener -> listener.transport == transport);
    }

    private synchronized void close(Listener listener) {
        listeners.remove(listener.address, listener);
    }

    /** Somebody who listens. */
    final class Listener implements Listening {
        private final SimulatedTransport transport;
        private final InetSocketAddress address;
        private final StreamOptions options;
        private final AcceptHandler handler;

        Listener(
                SimulatedTransport transport, InetSocketAddress address, StreamOptions options, AcceptHandler handler) {
            this.transport = transport;
            this.address = address;
            this.options = options;
            this.handler = handler;
        }

        SimulatedTransport transport() {
            return transport;
        }

        StreamOptions options() {
            return options;
        }

        AcceptHandler handler() {
            return handler;
        }

        @Override
        public InetSocketAddress localAddress() {
            return address;
        }

        @Override
        public void close() {
            Ports.this.close(this);
        }
    }
}
