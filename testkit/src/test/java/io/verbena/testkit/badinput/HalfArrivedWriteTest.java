package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.Reregistration;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A peer sends half of a segment to memory that its owner then takes away or gives another meaning: the other half changes
 * nothing, wherever the memory's STag leads by then.
 */
@Tag("tcp")
@Timeout(30)
class HalfArrivedWriteTest {
    private static final int OCTETS = 1000;
    private static final int SENT = 500;

    /** What the owner does meanwhile. */
    enum Revocation {
        BIND_AGAIN,
        UNBIND,
        INVALIDATE_WINDOW,
        FREE_WINDOW,
        REREGISTER,
        INVALIDATE_REGION,
        DEREGISTER;

        boolean ofWindow() {
            return this == BIND_AGAIN || this == UNBIND || this == INVALIDATE_WINDOW || this == FREE_WINDOW;
        }
    }

    private static PairOptions untilInvalidated(PairOptions options) {
        return options.withDevices(device -> device.withWindowLifetime(WindowLifetime.UNTIL_INVALIDATED));
    }

    private static void perform(PairEnd end, SendRequest request) {
        end.post(request);
        end.awaitSendSuccess();
    }

    private static byte[] ones(int count) {
        byte[] ones = new byte[count];
        Arrays.fill(ones, (byte) 1);
        return ones;
    }

    @ParameterizedTest
    @CsvSource({
        "BIND_AGAIN,EAGER", "BIND_AGAIN,DIRECT", "UNBIND,EAGER", "UNBIND,DIRECT",
        "INVALIDATE_WINDOW,EAGER", "INVALIDATE_WINDOW,DIRECT", "FREE_WINDOW,EAGER", "FREE_WINDOW,DIRECT",
        "REREGISTER,EAGER", "REREGISTER,DIRECT", "INVALIDATE_REGION,EAGER", "INVALIDATE_REGION,DIRECT",
        "DEREGISTER,EAGER", "DEREGISTER,DIRECT"
    })
    @Requirement({"SYS-MEM-01", "SYS-MEM-11", "VRB-MR-08"})
    void theRestOfItChangesNothing(Revocation revocation, PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode, HalfArrivedWriteTest::untilInvalidated, request -> request)) {
            PairEnd end = victim.end();
            ByteBuffer memory = ByteBuffer.allocateDirect(2 * OCTETS);
            MemoryRegion region = end.register(memory.duplicate(), AccessFlag.REMOTE_WRITE, AccessFlag.WINDOW_BIND);
            MemoryWindow window = end.allocateWindow(WindowType.PROTECTION_DOMAIN);
            RemoteRegion target = region.remote(0, OCTETS);
            if (revocation.ofWindow()) {
                WindowBinding binding = window.binding(region, 0, OCTETS, AccessFlag.REMOTE_WRITE);
                perform(end, new SendRequest().bindWindow(binding));
                target = binding.remote();
            }
            RawSegment write = RawSegment.write(target.stag(), target.address(), HexVectors.pattern(OCTETS));
            victim.peer().sendPartOfFpdu(write, SENT);
            end.await("the first half", () -> memory.get(SENT / 2) != 0);

            switch (revocation) {
                case BIND_AGAIN ->
                    perform(
                            end,
                            new SendRequest()
                                    .bindWindow(window.binding(region, OCTETS, OCTETS, AccessFlag.REMOTE_WRITE)));
                case UNBIND -> perform(end, new SendRequest().bindWindow(window.binding(region, 0, 0)));
                case INVALIDATE_WINDOW -> perform(end, new SendRequest().localInvalidate(window.stag()));
                case FREE_WINDOW -> window.close();
                case REREGISTER -> region.reregister(Reregistration.access(AccessFlag.REMOTE_READ));
                case INVALIDATE_REGION -> perform(end, new SendRequest().localInvalidate(region.stag()));
                case DEREGISTER -> region.close();
            }
            ByteBuffer then =
                    ByteBuffer.allocate(2 * OCTETS).put(memory.duplicate()).flip();
            victim.peer().sendRaw(ones(2 * OCTETS));
            victim.peer().skipToEnd();
            victim.peer().close();
            end.awaitState(QueuePairState.ERROR);
            assertThat(memory).isEqualTo(then);
            victim.requireOthersWork();
        }
    }
}
