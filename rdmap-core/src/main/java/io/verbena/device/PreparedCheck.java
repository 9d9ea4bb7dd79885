package io.verbena.device;

import io.verbena.memory.PreparedBinding;
import io.verbena.memory.PreparedRegistration;
import io.verbena.verbs.Device;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;

/**
 * Refuses requests that change memory and can never work: nothing prepared, something of another kind or of another device,
 * something that the operation cannot carry. Whether memory is in the right state is found out when the request is processed.
 */
final class PreparedCheck {
    private PreparedCheck() {}

    /**
     * Checks what a request of the send queue is to change.
     *
     * @param device the queue pair's
     * @throws IllegalArgumentException saying what is wrong and what is needed
     */
    static void send(SendRequest request, Device device) {
        SendOperation operation = request.operation();
        PreparedAccess prepared = request.prepared();
        if (operation.isMemoryOperation() && (request.memory().count() > 0 || request.inlineData() != null)) {
            throw new IllegalArgumentException(operation + " sends nothing and has no local memory of its own");
        }
        if (prepared == null) {
            if (operation == SendOperation.FAST_REGISTER || operation == SendOperation.BIND_WINDOW) {
                throw new IllegalArgumentException(operation + " needs something prepared, but got null");
            }
            return;
        }
        requireFitting(operation, prepared);
        ProtectionDomain domain = prepared instanceof PreparedRegistration registration
                ? registration.region().protectionDomain()
                : ((PreparedBinding) prepared).window().protectionDomain();
        if (domain.device() != device) {
            throw new IllegalArgumentException(
                    prepared + " is of " + domain.device() + ", the queue pair of " + device);
        }
    }

    private static void requireFitting(SendOperation operation, PreparedAccess prepared) {
        boolean registration = prepared instanceof PreparedRegistration;
        if (!registration && !(prepared instanceof PreparedBinding)) {
            throw new IllegalArgumentException(prepared + " was not prepared by a region or window of this device");
        }
        boolean fits = switch (operation) {
            case FAST_REGISTER -> registration;
            case BIND_WINDOW -> !registration;
            case SEND,
                    SEND_SOLICITED,
                    SEND_INVALIDATE,
                    SEND_SOLICITED_INVALIDATE,
                    WRITE,
                    IMMEDIATE,
                    IMMEDIATE_SOLICITED -> true;
            case READ, READ_LOCAL_INVALIDATE, FETCH_ADD, COMPARE_SWAP, LOCAL_INVALIDATE -> false;
        };
        if (!fits) {
            throw new IllegalArgumentException(operation + " cannot carry out a " + prepared
                    + "; a Send, a Write and Immediate Data can, and FAST_REGISTER or BIND_WINDOW what is theirs");
        }
    }
}
