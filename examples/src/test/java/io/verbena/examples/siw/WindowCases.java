package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** A window over a part of a region of ours, bound by the request that tells siw of it. */
final class WindowCases {
    private static final AccessFlag[] BOTH = {AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE};
    private static final long SEED = 5040;

    private final WindowType type;

    private WindowCases(WindowType type) {
        this.type = type;
    }

    static List<SiwCase> all() {
        List<SiwCase> cases = new ArrayList<>();
        for (WindowType type : WindowType.values()) {
            WindowCases body = new WindowCases(type);
            String name = "window of a " + type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            cases.add(SiwCase.repeated(name + "; Write, Read, Send with Invalidate", body::useAndRevoke));
            cases.add(SiwCase.once(name + ", one touch: a second Write", body::touchTwice));
        }
        WindowCases any = new WindowCases(WindowType.QUEUE_PAIR);
        cases.add(SiwCase.once("window: a Write past its end", any::writePastEnd));
        cases.add(SiwCase.once("window: a Read past its end", any::readPastEnd));
        cases.add(SiwCase.once("window for Reads: a Write", any::writeWithoutRight));
        return cases;
    }

    /** A region without remote rights, and a window over what lies between its guards. */
    private final class Ground implements AutoCloseable {
        private final Conversation conversation;
        private final ByteBuffer memory = Pattern.untouched(SiwCase.SEVERAL_SEGMENTS + 2 * SiwCase.GUARD);
        private final MemoryRegion region;
        private final MemoryWindow window;

        Ground(Meeting meeting, WindowLifetime lifetime) throws Exception {
            conversation = Conversation.begin(meeting, Setting.defaults().withWindowLifetime(lifetime));
            region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND);
            window = conversation.domain().allocateWindow(type);
        }

        WindowBinding binding(int octets, AccessFlag... access) {
            return window.binding(region, SiwCase.GUARD, octets, access);
        }

        void requireUntouchedBehind(int octets) throws Exception {
            Pattern.requireUntouched(memory, 0, SiwCase.GUARD);
            Pattern.requireUntouched(memory, SiwCase.GUARD + octets, memory.capacity());
        }

        @Override
        public void close() {
            conversation.close();
        }
    }

    private String useAndRevoke(Meeting meeting, int rounds) throws Exception {
        try (Ground ground = new Ground(meeting, WindowLifetime.UNTIL_INVALIDATED)) {
            SplittableRandom random = new SplittableRandom(SEED);
            WindowBinding bound = null;
            for (int round = 0; round < rounds; round++) {
                int write = 1 + random.nextInt(SiwCase.SEVERAL_SEGMENTS / 2);
                int read = 1 + random.nextInt(SiwCase.SEVERAL_SEGMENTS / 2);
                Pattern.fill(ground.memory, SiwCase.GUARD + write, read, round + 1);
                bound = ground.binding(write + read, BOTH);
                Answer answer = ground.conversation.askExposing(
                        bound, Order.use(bound.remote(), write, read, round).withBack(SendKind.INVALIDATING));
                Expect.equal("the STag that the receive tells", bound.stag(), answer.revoked());
                Expect.equal("window valid after the peer's invalidate", false, ground.window.valid());
                Expect.equal("its region valid", true, ground.region.valid());
                Pattern.require(ground.memory, SiwCase.GUARD, write, round);
                Pattern.require(ground.memory, SiwCase.GUARD + write, read, round + 1);
                ground.requireUntouchedBehind(SiwCase.SEVERAL_SEGMENTS);
            }
            Pattern.fill(ground.memory, 0, ground.memory.capacity(), rounds);
            ground.conversation.requireRefusedHere(
                    Order.write(bound.remote(), rounds), FailedCheck.ENTRY_VALID, "1/1/00");
            Pattern.require(ground.memory, 0, ground.memory.capacity(), rounds);
        }
        return SiwCase.peersReport(meeting);
    }

    private String touchTwice(Meeting meeting) throws Exception {
        int octets = SiwCase.SEVERAL_SEGMENTS;
        try (Ground ground = new Ground(meeting, WindowLifetime.ONE_TOUCH)) {
            WindowBinding bound = ground.binding(octets, BOTH);
            ground.conversation.askExposing(bound, Order.write(bound.remote(), 1));
            Expect.equal("window valid after its one Write", false, ground.window.valid());
            Pattern.require(ground.memory, SiwCase.GUARD, octets, 1);
            ground.conversation.requireRefusedHere(
                    Order.write(bound.remote(), 2), FailedCheck.ALREADY_TOUCHED, "1/1/00");
            Pattern.require(ground.memory, SiwCase.GUARD, octets, 1);
            ground.requireUntouchedBehind(octets);
        }
        return SiwCase.peersReport(meeting);
    }

    private String writePastEnd(Meeting meeting) throws Exception {
        int octets = SiwCase.SEVERAL_SEGMENTS / 2;
        try (Ground ground = new Ground(meeting, WindowLifetime.UNTIL_INVALIDATED)) {
            WindowBinding bound = ground.binding(octets, BOTH);
            ground.conversation.askExposing(bound, Order.write(bound.remote(), 1));
            RemoteRegion tooLong = new RemoteRegion(bound.stag(), bound.startAddress(), octets + 1);
            ground.conversation.requireRefusedHere(Order.write(tooLong, 1), FailedCheck.BASE_AND_BOUNDS, "1/1/01");
            ground.requireUntouchedBehind(octets);
        }
        return SiwCase.peersReport(meeting);
    }

    private String readPastEnd(Meeting meeting) throws Exception {
        int octets = SiwCase.SEVERAL_SEGMENTS / 2;
        try (Ground ground = new Ground(meeting, WindowLifetime.UNTIL_INVALIDATED)) {
            WindowBinding bound = ground.binding(octets, BOTH);
            Pattern.fill(ground.memory, SiwCase.GUARD, octets, 2);
            ground.conversation.askExposing(bound, Order.read(bound.remote(), 1));
            RemoteRegion tooLong = new RemoteRegion(bound.stag(), bound.startAddress(), octets + 1);
            ground.conversation.requireRefusedHere(Order.read(tooLong, 1), FailedCheck.BASE_AND_BOUNDS, "0/1/01");
        }
        return SiwCase.peersReport(meeting);
    }

    private String writeWithoutRight(Meeting meeting) throws Exception {
        int octets = SiwCase.SEVERAL_SEGMENTS;
        try (Ground ground = new Ground(meeting, WindowLifetime.UNTIL_INVALIDATED)) {
            WindowBinding bound = ground.binding(octets, AccessFlag.REMOTE_READ);
            Pattern.fill(ground.memory, SiwCase.GUARD, octets, 2);
            ground.conversation.askExposing(bound, Order.read(bound.remote(), 1));
            ground.conversation.requireRefusedHere(Order.write(bound.remote(), 1), FailedCheck.ACCESS_RIGHT, "1/1/02");
            Pattern.require(ground.memory, SiwCase.GUARD, octets, 2);
        }
        return SiwCase.peersReport(meeting);
    }
}
