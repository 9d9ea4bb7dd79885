package io.verbena.verbs;

import java.util.List;

/**
 * The registers of a send or receive queue and the indicators of all its slots, as they were while they were read
 * (SYS-WQ-05). It tells of the past: what it shows may have changed before it is looked at.
 *
 * <p>Registers and slots are read one after the other, and the queue is not stopped meanwhile. Each slot is right in itself
 * (its id and its operation are of one request). That all of it held at the same moment is certain only if it is
 * {@link #steady}.
 *
 * @param kind which queue
 * @param queuePairNumber the queue pair that it belongs to
 * @param requestInService the first register: number of the slot whose request is serviced or was serviced last, or, of a send
 *     queue that was idle, whose request was posted since; -1 before the first
 * @param inService the in-service bit: whether the request that {@code requestInService} names is not done
 * @param waiting the second register: requests that were posted and not taken into service
 * @param steady whether nothing changed while it was read, so that registers and slots belong together
 * @param slots all slots, in the order of their numbers; immutable
 */
public record WorkQueueSnapshot(
        Kind kind,
        int queuePairNumber,
        int requestInService,
        boolean inService,
        int waiting,
        boolean steady,
        List<WorkQueueSlot> slots) {
    /** Which of the two queues of a queue pair. */
    public enum Kind {
        /** The send queue. */
        SEND("send queue"),
        /** The receive queue. */
        RECEIVE("receive queue");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /** Copies the list. */
    public WorkQueueSnapshot {
        slots = List.copyOf(slots);
    }

    /** Returns the number of slots. */
    public int depth() {
        return slots.size();
    }

    /** Returns how many slots hold a request that is not done. */
    public int busy() {
        return (int) slots.stream().filter(slot -> slot.indicator().busy()).count();
    }

    /** Returns how many slots have this indicator. */
    public int count(SlotIndicator indicator) {
        return (int)
                slots.stream().filter(slot -> slot.indicator() == indicator).count();
    }

    /**
     * Returns a small table: the registers in the first line, then a line for each slot that is not free, and one for each run
     * of free slots. An arrow marks the slot that the first register names.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(kind.words)
                .append(" of queue pair ")
                .append(queuePairNumber)
                .append(": request in service ")
                .append(requestInService < 0 ? "none" : "slot " + requestInService)
                .append(", in-service bit ")
                .append(inService ? 1 : 0)
                .append(", waiting ")
                .append(waiting);
        if (!steady) {
            text.append(" (changing while it was read)");
        }
        for (int first = 0; first < slots.size(); ) {
            int next = first + 1;
            if (slots.get(first).indicator() == SlotIndicator.FREE && first != requestInService) {
                while (next < slots.size()
                        && next != requestInService
                        && slots.get(next).indicator() == SlotIndicator.FREE) {
                    next++;
                }
            }
            text.append('\n').append(first == requestInService ? "-> " : "   ");
            String numbers = next - first == 1 ? "slot " + first : "slots " + first + " to " + (next - 1);
            append(text, numbers, slots.get(first));
            first = next;
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String numbers, WorkQueueSlot slot) {
        pad(text.append(numbers), 16 - numbers.length());
        String indicator = slot.indicator().name();
        text.append(indicator);
        if (slot.indicator().busy()) {
            pad(text, 12 - indicator.length());
            String operation =
                    slot.operation() == null ? "RECEIVE" : slot.operation().name();
            pad(text.append(operation), 26 - operation.length());
            text.append("id ").append(slot.id());
        }
    }

    private static void pad(StringBuilder text, int spaces) {
        text.append(" ".repeat(Math.max(1, spaces)));
    }
}
