package io.verbena.examples.copy;

import java.nio.charset.StandardCharsets;

/**
 * What a file name from a peer may be: one plain component that stays in the directory the receiver chose.
 */
final class PlainFileName {
    /** The longest name in octets of UTF-8; leaves room for what a temporary name adds to the usual limit of 255. */
    static final int MAX_OCTETS = 200;

    private PlainFileName() {}

    /** Returns what is wrong with {@code name}, or null if nothing is. */
    static String objection(String name) {
        if (name.isEmpty()) {
            return "a file needs a name";
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
            return "a file name may have " + MAX_OCTETS + " octets at most";
        }
        if (name.chars().anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT)) {
            return "a file name must not have control characters";
        }
        // A separator or drive of any operating system, not only of the one this runs on.
        if (name.equals(".") || name.equals("..") || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':')) {
            return "a file name must be plain, without directories";
        }
        return null;
    }
}
