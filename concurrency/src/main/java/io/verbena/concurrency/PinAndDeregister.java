package io.verbena.concurrency;

import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.TableEntry;
import io.verbena.memory.TableLimits;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.RegionOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A loop pins and reads a region while its owner deregisters it and then uses the memory for something else. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "deregistered first: no pin")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "pinned first: the owner waited")
@Outcome(expect = Expect.FORBIDDEN, desc = "the loop read octets that were no longer registered")
public class PinAndDeregister {
    private final MemoryTranslationProtectionTable table = new MemoryTranslationProtectionTable(
            new TableLimits(1, 0, 512, 4096), StagPolicy.SEQUENTIAL, WindowLifetime.ONE_TOUCH, new SplittableRandom(1));
    private final ByteBuffer octets = ByteBuffer.wrap(new byte[] {1, 1});
    private final int stag = table.register(1, List.of(octets), RegionOptions.access(AccessFlag.LOCAL_WRITE))
            .stag();

    /** The loop. */
    @Actor
    public void read(II_Result result) {
        TableEntry entry = table.lookup(stag);
        if (entry != null && entry.pin(stag)) {
            result.r1 = octets.get(0);
            result.r2 = octets.get(1);
            entry.unpin();
        }
    }

    /** The owner of the memory. */
    @Actor
    public void deregister() {
        table.deregister(table.lookup(stag));
        octets.put(0, (byte) 9).put(1, (byte) 9);
    }
}
