package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.verbena.memory.PreparedRegistration;
import io.verbena.memory.TagRecord;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What memory requests allocate: posting any of them, and carrying out a local invalidate, nothing; carrying out a fast
 * registration one entry of the table.
 */
class MemoryRequestAllocationTest {
    private static final int ROUNDS = 20_000;
    private static final int WINDOW = 5_000;
    private static final int MOST_WINDOWS = 40;

    /** A table entry with its header, on any JVM in use. */
    private static final long ENTRY_OCTETS = 160;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Desk desk = new Desk(1000, options -> options.withFastRegister(true)).connect();
    private final SendRequest request = new SendRequest();
    private long completed;
    private final CompletionHandler counting = completion -> completed++;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(100);
    private final TagRecord region = desk.memory.allocateRegion(Desk.DOMAIN, 4, true);
    private long posting;
    private long invalidating;
    private long registering;

    private void round() {
        PreparedRegistration prepared =
                desk.memory.prepareRegistration(region, List.of(memory), RegionOptions.access(AccessFlag.LOCAL_WRITE));
        registering += post(prepared, 0);
        invalidating += post(null, prepared.stag());
    }

    /** Posts, carries out, polls; returns the octets allocated between the post and the completion. */
    private long post(PreparedAccess prepared, int stag) {
        long before = threads.getCurrentThreadAllocatedBytes();
        if (prepared == null) {
            request.localInvalidate(stag).localFence(true);
        } else {
            request.fastRegister((PreparedRegistration) prepared);
        }
        desk.engine.postSend(request);
        long posted = threads.getCurrentThreadAllocatedBytes();
        desk.engine.ring();
        desk.loop.run();
        desk.sends.poll(10, counting);
        long done = threads.getCurrentThreadAllocatedBytes();
        posting += posted - before;
        return done - posted;
    }

    @Test
    void isNothingButTheNewEntry() {
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        long leastPosting = Integer.MAX_VALUE;
        long leastInvalidating = Integer.MAX_VALUE;
        long leastRegistering = Long.MAX_VALUE;
        // The compiler may change its mind while it is counted, and that costs octets once; what an operation costs
        // shows in
        // every window.
        int windows = 0;
        while (leastPosting + leastInvalidating != 0 && windows < MOST_WINDOWS) {
            posting = 0;
            invalidating = 0;
            registering = 0;
            for (int i = 0; i < WINDOW; i++) {
                round();
            }
            leastPosting = Math.min(leastPosting, posting);
            leastInvalidating = Math.min(leastInvalidating, invalidating);
            leastRegistering = Math.min(leastRegistering, registering);
            windows++;
        }
        assertThat(completed).isEqualTo(2L * (ROUNDS + windows * WINDOW));
        assertThat(leastPosting).isZero();
        assertThat(leastInvalidating).isZero();
        assertThat(leastRegistering / WINDOW).isBetween(1L, ENTRY_OCTETS);
    }
}
