package io.verbena.benchmarks.ours;

import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;

/** Accepts every connection, each on a new queue pair. */
final class AcceptAll {
    private AcceptAll() {}

    /** Begins to listen; requests are answered on the device's event thread. */
    static ConnectionListener on(IdleStation station) throws Exception {
        ConnectionListener listener = station.device().listen(Station.loopback(0));
        listener.onRequest(request -> request.acceptAsync(station.create(), ConnectionParameters.defaults()));
        return listener;
    }
}
