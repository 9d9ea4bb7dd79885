package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RegionOptions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Our memory, registered through the send queue, in the hands of siw. */
final class FastRegisteredCases {
    private static final AccessFlag[] EVERYTHING = {
        AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE
    };
    private static final long SEED = 7174;

    private FastRegisteredCases() {}

    static List<SiwCase> all() {
        return List.of(
                SiwCase.repeated(
                        "registered and sent in one; Write, Read, Send with Invalidate",
                        FastRegisteredCases::useAndRevoke),
                SiwCase.once("a Read of what was revoked", FastRegisteredCases::readRevoked),
                SiwCase.once("registered again: the old STag", FastRegisteredCases::useOldTag),
                SiwCase.once("one-touch region: a second Write", FastRegisteredCases::touchTwice));
    }

    private static String useAndRevoke(Meeting meeting, int rounds) throws Exception {
        ByteBuffer memory = Pattern.untouched(SiwCase.SEVERAL_SEGMENTS + 2 * SiwCase.GUARD);
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation.domain().allocateRegion(SiwCase.PAGES, true);
            SplittableRandom random = new SplittableRandom(SEED);
            FastRegistration exposed = null;
            for (int round = 0; round < rounds; round++) {
                int write = 1 + random.nextInt(SiwCase.SEVERAL_SEGMENTS / 2);
                int read = 1 + random.nextInt(SiwCase.SEVERAL_SEGMENTS / 2);
                Pattern.fill(memory, SiwCase.GUARD + write, read, round + 1);
                exposed = region.fastRegistration(memory.slice(SiwCase.GUARD, write + read), EVERYTHING);
                SendKind back = round % 2 == 0 ? SendKind.INVALIDATING : SendKind.SOLICITED_INVALIDATING;
                Answer answer = conversation.askExposing(
                        exposed, Order.use(exposed.remote(), write, read, round).withBack(back));
                Expect.equal("the STag that the receive tells", exposed.stag(), answer.revoked());
                Expect.equal("region valid after the peer's invalidate", false, region.valid());
                Pattern.require(memory, SiwCase.GUARD, write, round);
                Pattern.require(memory, SiwCase.GUARD + write, read, round + 1);
                Pattern.requireUntouched(memory, 0, SiwCase.GUARD);
                Pattern.requireUntouched(memory, SiwCase.GUARD + SiwCase.SEVERAL_SEGMENTS, memory.capacity());
            }
            Pattern.fill(memory, 0, memory.capacity(), rounds);
            conversation.requireRefusedHere(Order.write(exposed.remote(), rounds), FailedCheck.ENTRY_VALID, "1/1/00");
            Pattern.require(memory, 0, memory.capacity(), rounds);
        }
        return SiwCase.peersReport(meeting);
    }

    private static String readRevoked(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation.domain().allocateRegion(SiwCase.PAGES, true);
            FastRegistration exposed = region.fastRegistration(ByteBuffer.allocateDirect(1000), EVERYTHING);
            conversation.askExposing(
                    exposed, Order.use(exposed.remote(), 1000, 0, 1).withBack(SendKind.INVALIDATING));
            conversation.requireRefusedHere(Order.read(exposed.remote(), 0), FailedCheck.ENTRY_VALID, "0/1/00");
        }
        return SiwCase.peersReport(meeting);
    }

    private static String useOldTag(Meeting meeting) throws Exception {
        ByteBuffer memory = Pattern.untouched(SiwCase.SEVERAL_SEGMENTS);
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation.domain().allocateRegion(SiwCase.PAGES, true);
            FastRegistration before = region.fastRegistration(memory.duplicate(), EVERYTHING);
            conversation.askExposing(
                    before, Order.use(before.remote(), 1000, 0, 1).withBack(SendKind.INVALIDATING));
            FastRegistration now = region.fastRegistration(memory.duplicate(), EVERYTHING);
            conversation.carryOut(conversation.request().fastRegister(now), CompletedOperation.FAST_REGISTER);
            conversation.ask(Order.write(now.remote(), 2));
            Pattern.require(memory, 0, memory.capacity(), 2);
            conversation.requireRefusedHere(Order.write(before.remote(), 3), FailedCheck.TAG_INSTANCE, "1/1/00");
            Pattern.require(memory, 0, memory.capacity(), 2);
            Expect.equal("region valid after a refusal", true, region.valid());
        }
        return SiwCase.peersReport(meeting);
    }

    private static String touchTwice(Meeting meeting) throws Exception {
        ByteBuffer memory = Pattern.untouched(SiwCase.SEVERAL_SEGMENTS);
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation.domain().allocateRegion(SiwCase.PAGES, true);
            FastRegistration exposed = region.fastRegistration(
                    List.of(memory.duplicate()),
                    RegionOptions.access(EVERYTHING).withOneTouch(true));
            conversation.askExposing(exposed, Order.write(exposed.remote(), 1));
            Expect.equal("region valid after its one Write", false, region.valid());
            Pattern.require(memory, 0, memory.capacity(), 1);
            conversation.requireRefusedHere(Order.write(exposed.remote(), 2), FailedCheck.ALREADY_TOUCHED, "1/1/00");
            Pattern.require(memory, 0, memory.capacity(), 1);
        }
        return SiwCase.peersReport(meeting);
    }
}
