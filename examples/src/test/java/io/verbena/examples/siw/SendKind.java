package io.verbena.examples.siw;

import io.verbena.verbs.SendRequest;

/** The four Sends; the order is that of {@code enum send_kind} in {@code orders.h}. */
enum SendKind {
    PLAIN(false, false),
    INVALIDATING(false, true),
    SOLICITED_INVALIDATING(true, true),
    SOLICITED(true, false);

    final boolean solicited;
    final boolean invalidating;

    SendKind(boolean solicited, boolean invalidating) {
        this.solicited = solicited;
        this.invalidating = invalidating;
    }

    /** Begins such a Send, which takes away {@code stag} if it is of that kind. */
    SendRequest begin(SendRequest request, int stag) {
        return switch (this) {
            case PLAIN -> request.send();
            case SOLICITED -> request.sendSolicited();
            case INVALIDATING -> request.sendInvalidate(stag);
            case SOLICITED_INVALIDATING -> request.sendSolicitedInvalidate(stag);
        };
    }
}
