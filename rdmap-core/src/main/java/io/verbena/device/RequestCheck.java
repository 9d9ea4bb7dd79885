package io.verbena.device;

import io.verbena.rdmap.AtomicUnit;
import io.verbena.verbs.Device;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.ScatterGatherList;
import io.verbena.verbs.SendRequest;

/**
 * Refuses requests that can never work, before they are posted. What depends on the state of memory is checked when the
 * request is processed, so that the outcome does not depend on timing (verbs, section 12).
 */
final class RequestCheck {
    private RequestCheck() {}

    /**
     * Checks a request of the send queue.
     *
     * @param device the queue pair's
     * @throws IllegalArgumentException saying what is wrong and what is allowed
     */
    static void send(SendRequest request, QueuePairOptions options, Device device) {
        if (request.prepared() != null || request.operation().isMemoryOperation()) {
            PreparedCheck.send(request, device);
        }
        int elements = request.memory().count();
        if (request.inlineData() != null) {
            requireInlinePossible(request, options, elements);
        } else if (request.operation().isAtomic()) {
            requireSink(request);
        } else if (request.operation().isImmediate()) {
            if (elements > 0) {
                throw new IllegalArgumentException("Immediate Data carries its 8 octets itself, the request has "
                        + elements + " pieces of local memory");
            }
        } else if (request.operation().isRead()) {
            if (elements != 1) {
                throw new IllegalArgumentException(
                        "a Read needs exactly one piece of local memory, the request has " + elements);
            }
        } else if (elements > options.maxSendElements()) {
            throw new IllegalArgumentException("the request has " + elements
                    + " pieces of local memory, the queue pair was created for at most " + options.maxSendElements());
        }
        if (request.memory().totalOctets() > SendRequest.MAX_MESSAGE_OCTETS) {
            throw new IllegalArgumentException(
                    "the request has " + request.memory().totalOctets() + " octets, a message carries at most "
                            + SendRequest.MAX_MESSAGE_OCTETS);
        }
    }

    /** As {@link #send}, but says which request of a batch it is. */
    static void sendOfBatch(SendRequest request, int index, QueuePairOptions options, Device device) {
        try {
            send(request, options, device);
        } catch (IllegalArgumentException impossible) {
            throw ofBatch(index, impossible);
        }
    }

    /** As {@link #receive}, but says which request of a batch it is. */
    static void receiveOfBatch(ReceiveRequest request, int index, QueuePairOptions options) {
        try {
            receive(request, options);
        } catch (IllegalArgumentException impossible) {
            throw ofBatch(index, impossible);
        }
    }

    // VRB-PS-01: who posts a list learns how much of it was posted.
    private static IllegalArgumentException ofBatch(int index, IllegalArgumentException impossible) {
        return new IllegalArgumentException(
                "request " + index + " of the batch cannot be posted, those before it were: " + impossible.getMessage(),
                impossible);
    }

    /** An atomic operation brings 8 octets, so its one sink has just these. */
    private static void requireSink(SendRequest request) {
        ScatterGatherList memory = request.memory();
        if (memory.count() != 1 || memory.lengthOctets(0) != AtomicUnit.OCTETS) {
            throw new IllegalArgumentException("an atomic operation needs exactly one piece of local memory of "
                    + AtomicUnit.OCTETS + " octets, the request has " + memory.count()
                    + (memory.count() == 1 ? " of " + memory.lengthOctets(0) : ""));
        }
    }

    private static void requireInlinePossible(SendRequest request, QueuePairOptions options, int elements) {
        if (request.operation().isRead()) {
            throw new IllegalArgumentException("a Read has a sink and no inline octets");
        }
        if (request.operation().isAtomic() || request.operation().isImmediate()) {
            throw new IllegalArgumentException(
                    request.operation() + " carries its operands itself and no inline octets");
        }
        if (elements > 0) {
            throw new IllegalArgumentException(
                    "a request has either inline octets or pieces of local memory, not both");
        }
        int octets = request.inlineData().remaining();
        if (octets > options.maxInlineOctets()) {
            throw new IllegalArgumentException("the request has " + octets
                    + " inline octets, the queue pair was created for at most " + options.maxInlineOctets());
        }
    }

    /**
     * Checks a receive.
     *
     * @throws IllegalArgumentException saying what is wrong and what is allowed
     */
    static void receive(ReceiveRequest request, QueuePairOptions options) {
        int elements = request.memory().count();
        if (elements > options.maxReceiveElements()) {
            throw new IllegalArgumentException("the receive has " + elements
                    + " pieces of local memory, the queue pair was created for at most "
                    + options.maxReceiveElements());
        }
    }
}
