package io.verbena.testkit;

import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import io.verbena.verbs.observe.StackEvents;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a {@link DevicePair} is made with. Immutable; {@code with...} methods return changed copies.
 *
 * <p>Defaults: two devices with one background loop each, connected with the defaults of {@link ConnectionParameters}.
 */
public final class PairOptions {
    private static final PairOptions DEFAULTS = new PairOptions(new Values());

    private final Values values;

    private PairOptions(Values values) {
        this.values = values;
    }

    /** Returns the defaults. */
    public static PairOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy in which either end asks for CRC or does not. */
    public PairOptions withCrc(boolean wanted) {
        return withParameters(parameters -> parameters.withCrc(wanted));
    }

    /** Returns a copy with markers in what the client sends, and in what the server sends. */
    public PairOptions withMarkers(boolean toServer, boolean toClient) {
        return withServerParameters(parameters -> parameters.withMarkers(toServer))
                .withClientParameters(parameters -> parameters.withMarkers(toClient));
    }

    /** Returns a copy that connects with this MPA revision. */
    public PairOptions withRevision(int number) {
        return withParameters(parameters -> parameters.withRevision(number));
    }

    /** Returns a copy in which the client asks for the peer-to-peer model with these opening messages; none: it does not. */
    public PairOptions withPeerToPeer(ReadyToReceive... kinds) {
        return kinds.length == 0 ? this : withParameters(parameters -> parameters.withPeerToPeer(kinds));
    }

    /** Returns a copy with this placement mode at both ends while CRC is on; {@code DIRECT} switches CRC off. */
    public PairOptions withPlacement(PlacementMode mode) {
        return mode == PlacementMode.DIRECT
                ? withCrc(false)
                : withParameters(parameters -> parameters.withPlacement(mode));
    }

    /** Returns a copy whose devices make progress on the test's thread. */
    public PairOptions withCallerDrivenProgress() {
        return withDevices(DeviceOptions::withCallerDrivenProgress);
    }

    /** Returns a copy in which both queue pairs live on one device. */
    public PairOptions withOneDevice() {
        Values next = new Values(values);
        next.oneDevice = true;
        return new PairOptions(next);
    }

    /** Returns a copy with changed options of both devices. */
    public PairOptions withDevices(UnaryOperator<DeviceOptions> change) {
        Values next = new Values(values);
        next.clientDevice = change.apply(values.clientDevice);
        next.serverDevice = change.apply(values.serverDevice);
        return new PairOptions(next);
    }

    /** Returns a copy whose devices are opened by {@code opener}, {@code SimulatedNetwork::open} for one. */
    public PairOptions withOpener(Function<DeviceOptions, Device> opener) {
        Values next = new Values(values);
        next.opener = opener;
        return new PairOptions(next);
    }

    /** Returns a copy with a listener to what happens on the client's device, and one for the server's. */
    public PairOptions withListeners(StackEvents client, StackEvents server) {
        Values next = new Values(values);
        next.clientDevice = values.clientDevice.withListener(client);
        next.serverDevice = values.serverDevice.withListener(server);
        return new PairOptions(next);
    }

    /** Returns a copy with changed options of both queue pairs. */
    public PairOptions withQueuePairs(UnaryOperator<QueuePairOptions> change) {
        Values next = new Values(values);
        UnaryOperator<QueuePairOptions> before = values.queuePairs;
        next.queuePairs = options -> change.apply(before.apply(options));
        return new PairOptions(next);
    }

    /** Returns a copy whose completion queues hold this many completions each. */
    public PairOptions withCompletionCapacity(int capacity) {
        Values next = new Values(values);
        next.completionCapacity = capacity;
        return new PairOptions(next);
    }

    /** Returns a copy with changed wishes of both ends. */
    public PairOptions withParameters(UnaryOperator<ConnectionParameters> change) {
        return withClientParameters(change).withServerParameters(change);
    }

    /** Returns a copy with changed wishes of the client. */
    public PairOptions withClientParameters(UnaryOperator<ConnectionParameters> change) {
        Values next = new Values(values);
        next.clientParameters = change.apply(values.clientParameters);
        return new PairOptions(next);
    }

    /** Returns a copy with changed wishes of the server. */
    public PairOptions withServerParameters(UnaryOperator<ConnectionParameters> change) {
        Values next = new Values(values);
        next.serverParameters = change.apply(values.serverParameters);
        return new PairOptions(next);
    }

    /** Returns what opens the devices. */
    public Function<DeviceOptions, Device> opener() {
        return values.opener;
    }

    /** Returns the options of the client's device, or of the one device. */
    public DeviceOptions clientDevice() {
        return values.clientDevice;
    }

    /** Returns the options of the server's device. */
    public DeviceOptions serverDevice() {
        return values.serverDevice;
    }

    /** Returns whether both queue pairs live on one device. */
    public boolean oneDevice() {
        return values.oneDevice;
    }

    /** Returns the change made to the options of each queue pair. */
    public UnaryOperator<QueuePairOptions> queuePairs() {
        return values.queuePairs;
    }

    /** Returns how many completions each completion queue holds. */
    public int completionCapacity() {
        return values.completionCapacity;
    }

    /** Returns the wishes of the client. */
    public ConnectionParameters clientParameters() {
        return values.clientParameters;
    }

    /** Returns the wishes of the server. */
    public ConnectionParameters serverParameters() {
        return values.serverParameters;
    }

    private static final class Values {
        private DeviceOptions clientDevice =
                DeviceOptions.defaults().withName("client").withBackgroundProgress(1);
        private DeviceOptions serverDevice =
                DeviceOptions.defaults().withName("server").withBackgroundProgress(1);
        private Function<DeviceOptions, Device> opener = Device::open;
        private boolean oneDevice;
        private UnaryOperator<QueuePairOptions> queuePairs = UnaryOperator.identity();
        private int completionCapacity = 1024;
        private ConnectionParameters clientParameters = ConnectionParameters.defaults();
        private ConnectionParameters serverParameters = ConnectionParameters.defaults();

        Values() {}

        Values(Values from) {
            clientDevice = from.clientDevice;
            serverDevice = from.serverDevice;
            opener = from.opener;
            oneDevice = from.oneDevice;
            queuePairs = from.queuePairs;
            completionCapacity = from.completionCapacity;
            clientParameters = from.clientParameters;
            serverParameters = from.serverParameters;
        }
    }
}
