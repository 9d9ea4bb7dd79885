package io.verbena.testkit.frames;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionParameters;
import java.util.concurrent.CompletableFuture;

/** A device's queue pair that is connected to a raw peer, which answered its request. */
final class RawPartner implements AutoCloseable {
    private final DevicePair pair;
    private final RawListener listener = RawPeer.listen();
    private final PairEnd end;
    private final RawPeer peer;

    RawPartner(ConnectionParameters parameters, RawStartup reply) {
        this(PairOptions.defaults(), parameters, reply);
    }

    RawPartner(PairOptions options, ConnectionParameters parameters, RawStartup reply) {
        pair = DevicePair.open(options);
        end = pair.newClientEnd();
        CompletableFuture<Connection> connecting =
                end.device().connectAsync(end.queuePair(), listener.address(), parameters);
        peer = listener.accept();
        peer.expectRequest();
        peer.sendReply(reply);
        end.await("the connection", connecting::isDone);
        connecting.join();
    }

    PairEnd end() {
        return end;
    }

    RawPeer peer() {
        return peer;
    }

    @Override
    public void close() {
        end.queuePair().abort();
        peer.close();
        listener.close();
        pair.close();
    }
}
