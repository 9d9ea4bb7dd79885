package io.verbena.testkit.simulated;

import io.verbena.transport.StreamOptions;
import java.net.InetSocketAddress;

/**
 * A connection of the simulated network: two directions and two ends.
 *
 * <p>Thread rule: the network's thread.
 */
public final class SimulatedLink {
    private final LinkOptions options;
    private final LinkDirection toServer;
    private final LinkDirection toClient;
    private final SimulatedStream client;
    private final SimulatedStream server;

    SimulatedLink(
            SimulatedNetwork network,
            LinkOptions options,
            SimulatedTransport clientTransport,
            InetSocketAddress clientAddress,
            StreamOptions clientOptions,
            SimulatedTransport serverTransport,
            InetSocketAddress serverAddress,
            StreamOptions serverOptions) {
        this.options = options;
        toServer = new LinkDirection(network, options, clientAddress, serverAddress);
        toClient = new LinkDirection(network, options, serverAddress, clientAddress);
        client = new SimulatedStream(
                clientTransport, clientAddress, serverAddress, segmentOctets(clientOptions), toServer, toClient);
        server = new SimulatedStream(
                serverTransport, serverAddress, clientAddress, segmentOctets(serverOptions), toClient, toServer);
        toServer.join(client, server, toClient);
        toClient.join(server, client, toServer);
    }

    private int segmentOctets(StreamOptions stream) {
        return stream.segmentOctets() > 0 ? stream.segmentOctets() : options.segmentOctets();
    }

    /** Returns the options it was made with. */
    public LinkOptions options() {
        return options;
    }

    /** Returns the direction from the end that connected to the end that accepted. */
    public LinkDirection toServer() {
        return toServer;
    }

    /** Returns the direction from the end that accepted to the end that connected. */
    public LinkDirection toClient() {
        return toClient;
    }

    /** Breaks the connection in the middle: either end gets a reset as soon as it can travel there. */
    public void reset() {
        toServer.breakOff();
        toClient.breakOff();
    }

    SimulatedStream client() {
        return client;
    }

    SimulatedStream server() {
        return server;
    }

    boolean joins(InetSocketAddress one, InetSocketAddress other) {
        boolean forth =
                client.localAddress().equals(one) && server.localAddress().equals(other);
        boolean back =
                client.localAddress().equals(other) && server.localAddress().equals(one);
        return forth || back;
    }
}
