package io.verbena.capture.decode;

import java.io.IOException;

/** A capture cannot be read any further; the message says why and where. What was read before it is good. */
public final class DamagedCaptureException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedCaptureException(String message) {
        super(message);
    }
}
