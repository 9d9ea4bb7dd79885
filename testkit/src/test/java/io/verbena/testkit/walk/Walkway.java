package io.verbena.testkit.walk;

import io.verbena.testkit.SystemDeadline;
import io.verbena.testkit.simulated.LinkOptions;
import io.verbena.testkit.simulated.OutOfOrder;
import io.verbena.testkit.simulated.SimulatedNetwork;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What a walk goes over: real TCP, or a simulated network; either way everything happens in the test's thread. */
interface Walkway extends AutoCloseable {
    /** Opens a caller-driven device. */
    Device open(DeviceOptions options);

    /** Goes on until the condition holds. */
    void await(String what, BooleanSupplier condition);

    @Override
    void close();

    /** Returns a simulated network, which hands segments up in or out of order. */
    static Walkway simulated(long seed, boolean outOfOrder) {
        SimulatedNetwork network = SimulatedNetwork.seeded(seed);
        if (outOfOrder) {
            network.linkOptions(LinkOptions.defaults().withSegmentOctets(320).withOutOfOrder(OutOfOrder.random()));
        }
        return new Walkway() {
            @Override
            public Device open(DeviceOptions options) {
                return network.open(options);
            }

            @Override
            public void await(String what, BooleanSupplier condition) {
                try {
                    network.run(condition, Duration.ofSeconds(10));
                } catch (AssertionError failure) {
                    throw new AssertionError(what + ": " + failure.getMessage(), failure);
                }
            }

            @Override
            public void close() {
                network.close();
            }
        };
    }

    /** Returns real TCP. */
    static Walkway tcp() {
        List<Device> devices = new ArrayList<>();
        return new Walkway() {
            @Override
            public Device open(DeviceOptions options) {
                Device device = Device.open(options.withCallerDrivenProgress());
                devices.add(device);
                return device;
            }

            @Override
            public void await(String what, BooleanSupplier condition) {
                SystemDeadline.awaitUsual(what, () -> {
                    devices.forEach(device -> device.progress(Duration.ZERO));
                    return condition.getAsBoolean();
                });
            }

            @Override
            public void close() {
                // The walk closes its devices.
            }
        };
    }
}
