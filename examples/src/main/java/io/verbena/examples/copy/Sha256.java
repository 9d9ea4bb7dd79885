package io.verbena.examples.copy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that both ends compare. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
