package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.WorkQueueSnapshot.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkQueueSnapshotTest {
    private final List<WorkQueueSlot> slots = new ArrayList<>();

    private void add(SlotIndicator indicator, long id, SendOperation operation) {
        slots.add(new WorkQueueSlot(slots.size(), indicator, id, operation));
    }

    private void addFree(int count) {
        for (int i = 0; i < count; i++) {
            add(SlotIndicator.FREE, 0, null);
        }
    }

    @Test
    void readsAsATable() {
        addFree(2);
        add(SlotIndicator.IN_SERVICE, 17, SendOperation.READ);
        addFree(1);
        add(SlotIndicator.WAITING, -1, SendOperation.SEND_SOLICITED_INVALIDATE);
        add(SlotIndicator.FILLING, 0, null);
        addFree(122);
        WorkQueueSnapshot snapshot = new WorkQueueSnapshot(Kind.SEND, 5, 2, true, 1, true, slots);
        assertThat(snapshot).hasToString("""
                        send queue of queue pair 5: request in service slot 2, in-service bit 1, waiting 1
                           slots 0 to 1    FREE
                        -> slot 2          IN_SERVICE  READ                      id 17
                           slot 3          FREE
                           slot 4          WAITING     SEND_SOLICITED_INVALIDATE id -1
                           slot 5          FILLING
                           slots 6 to 127  FREE""");
        assertThat(snapshot.depth()).isEqualTo(128);
        assertThat(snapshot.busy()).isEqualTo(2);
        assertThat(snapshot.count(SlotIndicator.FILLING)).isEqualTo(1);
    }

    @Test
    void marksAFreeSlotThatTheRegisterNamesAndSaysWhenItWasDisturbed() {
        addFree(4);
        assertThat(new WorkQueueSnapshot(Kind.RECEIVE, 5, 1, false, 0, false, slots))
                .hasToString("""
                        receive queue of queue pair 5: request in service slot 1, in-service bit 0, waiting 0 (changing while it was read)
                           slot 0          FREE
                        -> slot 1          FREE
                           slots 2 to 3    FREE""");
    }

    @Test
    void namesReceives() {
        add(SlotIndicator.WAITING, 3, null);
        assertThat(new WorkQueueSnapshot(Kind.RECEIVE, 1, -1, false, 1, true, slots).toString())
                .endsWith("   slot 0          WAITING     RECEIVE                   id 3");
    }
}
