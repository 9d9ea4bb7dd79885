package io.verbena.examples.siw;

import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.QueuePairOptions;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * What our end of a {@link Conversation} is made with.
 *
 * @param device options of its device
 * @param receives messages that it can take at once
 * @param receiveOctets how long each may be
 * @param queuePair what is changed of the options of its queue pair
 */
record Setting(DeviceOptions device, int receives, int receiveOctets, UnaryOperator<QueuePairOptions> queuePair) {
    private static final int RECEIVES = 4;

    static Setting defaults() {
        return new Setting(DeviceOptions.defaults(), RECEIVES, Answer.ENCODED_OCTETS, options -> options);
    }

    Setting withWindowLifetime(DeviceOptions.WindowLifetime lifetime) {
        return new Setting(device.withWindowLifetime(lifetime), receives, receiveOctets, queuePair);
    }

    /** Has all octets of the device written to a file. */
    Setting withCapture(Path file) {
        return new Setting(device.withCapture(file), receives, receiveOctets, queuePair);
    }

    Setting withReceives(int number, int octets) {
        return new Setting(device, number, octets, queuePair);
    }

    Setting withQueuePair(UnaryOperator<QueuePairOptions> change) {
        return new Setting(device, receives, receiveOctets, options -> change.apply(queuePair.apply(options)));
    }
}
