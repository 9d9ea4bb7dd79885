package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;

/** Memory of siw in our hands: revoked by our Send with Invalidate, read into memory that is out of use behind it. */
final class TheirMemoryCases {
    private static final int OCTETS = SiwCase.SEVERAL_SEGMENTS;

    private TheirMemoryCases() {}

    static List<SiwCase> all() {
        return List.of(
                SiwCase.once("our Send with Invalidate; then our Write", meeting -> writeRevoked(meeting, false)),
                SiwCase.once(
                        "our Send with Solicited Event and Invalidate; then our Write",
                        meeting -> writeRevoked(meeting, true)),
                SiwCase.once("our Send with Invalidate; then our Read", TheirMemoryCases::readRevoked),
                SiwCase.repeated("our Read with Local Invalidate", TheirMemoryCases::readWithLocalInvalidate));
    }

    private static String writeRevoked(Meeting meeting, boolean solicited) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion theirs = conversation.exposed(OCTETS, 1);
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            Pattern.fill(memory, 0, OCTETS, 2);
            MemoryRegion region = conversation.domain().register(memory.duplicate());
            conversation.carryOut(
                    conversation.request().write(theirs).local(region, 0, OCTETS), CompletedOperation.WRITE);
            conversation.askRevoking(theirs.stag(), solicited, Order.compare(0, OCTETS, 2));
            conversation.rest();
            conversation.post(conversation
                    .request()
                    .write(theirs)
                    .local(region, 0, OCTETS)
                    .signaled(false));
            conversation.requireRefusedThere("1/1/00");
        }
        return SiwCase.peersReport(meeting);
    }

    private static String readRevoked(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion theirs = conversation.exposed(OCTETS, 1);
            ByteBuffer memory = Pattern.untouched(OCTETS);
            MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
            conversation.askRevoking(theirs.stag(), false, Order.compare(0, OCTETS, 1));
            conversation.rest();
            conversation.post(conversation.request().read(theirs).local(region, 0, OCTETS));
            Expect.equal(
                    "status of the Read",
                    WorkCompletionStatus.REMOTE_ACCESS,
                    conversation.awaitCompletion().status());
            conversation.requireRefusedThere("0/1/00");
            Pattern.requireUntouched(memory, 0, OCTETS);
        }
        return SiwCase.peersReport(meeting);
    }

    private static String readWithLocalInvalidate(Meeting meeting, int rounds) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion theirs = conversation.exposed(OCTETS, 1);
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            MemoryRegion region = conversation.domain().allocateRegion(SiwCase.PAGES, true);
            FastRegistration sink = null;
            for (int round = 0; round < rounds; round++) {
                Pattern.fill(memory, 0, OCTETS, 3);
                sink = region.fastRegistration(memory.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
                conversation.post(conversation.request().fastRegister(sink).signaled(false));
                conversation.carryOut(
                        conversation
                                .request()
                                .readLocalInvalidate(theirs.stag(), theirs.address())
                                .local(sink.stag(), sink.startAddress(), OCTETS),
                        CompletedOperation.READ);
                Expect.equal("the sink valid after the Read", false, region.valid());
                Pattern.require(memory, 0, OCTETS, 1);
            }
            conversation.requireRefusedHere(Order.write(sink.remote(), 4), FailedCheck.ENTRY_VALID, "1/1/00");
            Pattern.require(memory, 0, OCTETS, 1);
        }
        return SiwCase.peersReport(meeting);
    }
}
