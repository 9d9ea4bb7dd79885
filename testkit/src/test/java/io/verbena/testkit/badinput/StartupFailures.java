package io.verbena.testkit.badinput;

import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.observe.StackEvents;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collects the connections of a device that did not come to stand. */
final class StartupFailures implements StackEvents {
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Override
    public void onConnectionFailed(String device, boolean initiator, InetSocketAddress remote, Throwable failure) {
        failures.add(failure);
    }

    /** Waits for {@code count} failures and returns all there are. */
    List<Throwable> await(int count) {
        SystemDeadline.awaitUsual(count + " failed connections", () -> failures.size() >= count);
        return failures;
    }

    List<Throwable> all() {
        return failures;
    }
}
