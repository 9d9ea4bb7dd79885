package io.verbena.device;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** The one place where a device takes randomness from this machine. Any thread. */
final class SystemRandomness {
    private SystemRandomness() {}

    /** Returns a generator whose numbers a peer cannot foretell, for STags it must not guess. */
    static RandomGenerator unpredictable() {
        return new SecureRandom();
    }
}
