package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.List;

/** One operation at a time, at odd sizes and alignments: octets compared, and those beside them. */
final class TransferCases {
    private static final int[] SIZES = {0, 1, 3, 31, 1457, 4095, 65_537, 1_000_003};
    private static final int LONGEST_MESSAGE = 65_537;
    /** Where the octets begin here and there, beyond a page and beyond each other's alignment. */
    private static final int[][] ALIGNMENTS = {{0, 0}, {1, 3}, {3, 2}, {4095, 1}};

    private static final int MARGIN = 4096 + SiwCase.GUARD;
    private static final AccessFlag[] EVERYTHING = {
        AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE
    };
    private static final RemoteRegion NOTHING = new RemoteRegion(0, 0, 0);
    private static final int BACKGROUND = 11;
    private static final int NOTHING_TIMES = 10;
    private static final int PAGE = 4096;
    private static final int SHORT_OCTETS = 32;

    private TransferCases() {}

    static List<SiwCase> all() {
        return List.of(
                SiwCase.once("our Writes", TransferCases::ourWrites),
                SiwCase.once("our Reads", TransferCases::ourReads),
                SiwCase.once("our Reads of no octets", TransferCases::ourReadsOfNothing),
                SiwCase.once("our short Reads across two pages of siw's", TransferCases::ourReadsAcrossPages),
                SiwCase.once("our Sends of every kind", TransferCases::ourSends),
                SiwCase.once("siw's Writes", TransferCases::theirWrites),
                SiwCase.once("siw's Reads", TransferCases::theirReads),
                SiwCase.once("siw's Sends of every kind", TransferCases::theirSends));
    }

    private interface Transfer {
        void run(int octets, int here, int there) throws Exception;
    }

    /** Runs {@code transfer} at each size and alignment, closes in good order and says how many it was. */
    private static String each(Conversation conversation, Transfer transfer) throws Exception {
        int count = 0;
        for (int octets : SIZES) {
            for (int[] alignment : ALIGNMENTS) {
                transfer.run(octets, alignment[0], alignment[1]);
                count++;
            }
        }
        conversation.disconnect();
        return count + " of 0 to " + SIZES[SIZES.length - 1] + " octets";
    }

    private static String ourWrites(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(SIZES[SIZES.length - 1] + MARGIN);
            MemoryRegion region = conversation.domain().register(memory.duplicate());
            return each(conversation, (octets, here, there) -> {
                RemoteRegion theirs = conversation.exposed(octets + MARGIN, BACKGROUND);
                Pattern.fill(memory, here, octets, octets + here);
                conversation.carryOut(
                        conversation
                                .request()
                                .write(theirs.slice(there, octets))
                                .local(region, here, octets),
                        CompletedOperation.WRITE);
                conversation.ask(Order.compare(there, octets, octets + here));
            });
        }
    }

    private static String ourReads(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            return each(conversation, (octets, here, there) -> {
                if (octets == 0) {
                    // See ourReadsOfNothing.
                    return;
                }
                RemoteRegion theirs = conversation.exposed(octets + MARGIN, BACKGROUND);
                ByteBuffer memory = Pattern.untouched(octets + MARGIN);
                try (MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE)) {
                    conversation.carryOut(
                            conversation
                                    .request()
                                    .read(theirs.slice(there, octets))
                                    .local(region, here, octets),
                            CompletedOperation.READ);
                }
                Pattern.requireUntouched(memory, 0, here);
                Pattern.requirePart(memory, here, octets, BACKGROUND, there);
                Pattern.requireUntouched(memory, here + octets, memory.capacity());
                // A Read changes nothing there.
                conversation.ask(Order.compare(0, 0, 0));
            });
        }
    }

    /**
     * siw answers a Read of no octets now and then with those of whatever its user has sent before. Ours takes a Response without
     * octets only, and its memory stays as it was.
     */
    private static String ourReadsOfNothing(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            ByteBuffer memory = Pattern.untouched(2 * SiwCase.GUARD);
            MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
            for (int count = 0; count < NOTHING_TIMES; count++) {
                RemoteRegion theirs = conversation.exposed(SiwCase.GUARD, BACKGROUND);
                conversation.post(conversation.request().read(theirs).local(region, SiwCase.GUARD, 0));
                WorkCompletion read = conversation.awaitCompletion();
                Pattern.requireUntouched(memory, 0, memory.capacity());
                if (!read.success()) {
                    Expect.equal(
                            "the check that failed",
                            FailedCheck.READ_RESPONSE,
                            read.cause().root().check());
                    return count + " were answered so; the next with octets, which were refused";
                }
            }
            conversation.disconnect();
        }
        return NOTHING_TIMES + " were answered without octets";
    }

    /**
     * siw takes the halves of what is at most 32 octets long and lies on two pages as if their lengths were exchanged, so that
     * only equal halves are right.
     */
    private static String ourReadsAcrossPages(Meeting meeting) throws Exception {
        int wrong = 0;
        int count = 0;
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion theirs = conversation.exposed(2 * PAGE, BACKGROUND);
            for (int octets : new int[] {2, 31, 32, 33, 64}) {
                for (int first = 1; first < octets; first += octets / 2) {
                    ByteBuffer memory = Pattern.untouched(octets + 2 * SiwCase.GUARD);
                    MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
                    conversation.rest();
                    conversation.carryOut(
                            conversation
                                    .request()
                                    .read(theirs.slice(PAGE - first, octets))
                                    .local(region, SiwCase.GUARD, octets),
                            CompletedOperation.READ);
                    Pattern.requireUntouched(memory, 0, SiwCase.GUARD);
                    Pattern.requireUntouched(memory, SiwCase.GUARD + octets, memory.capacity());
                    count++;
                    if (octets > SHORT_OCTETS || 2 * first == octets) {
                        Pattern.requirePart(memory, SiwCase.GUARD, octets, BACKGROUND, PAGE - first);
                    } else if (!Pattern.holds(memory, SiwCase.GUARD, octets, BACKGROUND, PAGE - first)) {
                        wrong++;
                    }
                }
            }
            conversation.disconnect();
        }
        return wrong + " of " + count + " with wrong octets from siw";
    }

    private static String ourSends(Meeting meeting) throws Exception {
        int count = 0;
        try (Conversation conversation = Conversation.begin(meeting.withPeer("receives=4 octets=" + LONGEST_MESSAGE))) {
            ByteBuffer memory = ByteBuffer.allocateDirect(LONGEST_MESSAGE + MARGIN);
            MemoryRegion region = conversation.domain().register(memory.duplicate());
            for (int octets : SIZES) {
                if (octets > LONGEST_MESSAGE) {
                    continue;
                }
                for (SendKind kind : SendKind.values()) {
                    RemoteRegion theirs = conversation.exposed(MARGIN, BACKGROUND);
                    int seed = count++;
                    Pattern.fill(memory, kind.ordinal(), octets, seed);
                    conversation.tell(Order.take(octets, seed));
                    conversation.carryOut(
                            kind.begin(conversation.request(), theirs.stag()).local(region, kind.ordinal(), octets),
                            CompletedOperation.SEND);
                    Expect.equal(
                            "what siw received",
                            octets + " octets",
                            conversation.awaitAnswer().text());
                }
            }
            conversation.disconnect();
        }
        return count + " of 0 to " + LONGEST_MESSAGE + " octets";
    }

    private static String theirWrites(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            return each(conversation, (octets, here, there) -> {
                ByteBuffer memory = Pattern.untouched(octets + MARGIN);
                try (MemoryRegion region = conversation.domain().register(memory.duplicate(), EVERYTHING)) {
                    conversation.ask(
                            Order.write(region.remote(here, octets), octets).withOffset(there));
                }
                Pattern.requireUntouched(memory, 0, here);
                Pattern.require(memory, here, octets, octets);
                Pattern.requireUntouched(memory, here + octets, memory.capacity());
            });
        }
    }

    private static String theirReads(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            return each(conversation, (octets, here, there) -> {
                ByteBuffer memory = Pattern.untouched(octets + MARGIN);
                Pattern.fill(memory, here, octets, octets + 1);
                try (MemoryRegion region = conversation.domain().register(memory.duplicate(), EVERYTHING)) {
                    conversation.ask(
                            Order.read(region.remote(here, octets), octets).withOffset(there));
                }
                Pattern.requireUntouched(memory, 0, here);
                Pattern.require(memory, here, octets, octets + 1);
                Pattern.requireUntouched(memory, here + octets, memory.capacity());
            });
        }
    }

    private static String theirSends(Meeting meeting) throws Exception {
        int count = 0;
        try (Conversation conversation =
                Conversation.begin(meeting, Setting.defaults().withReceives(4, LONGEST_MESSAGE))) {
            for (int octets : SIZES) {
                if (octets > LONGEST_MESSAGE) {
                    continue;
                }
                for (SendKind kind : SendKind.values()) {
                    try (MemoryRegion region =
                            conversation.domain().register(ByteBuffer.allocateDirect(1), EVERYTHING)) {
                        RemoteRegion revoked = kind.invalidating ? region.remote() : NOTHING;
                        int seed = count++;
                        conversation.tell(
                                Order.give(octets, seed, kind, revoked).withOffset(kind.ordinal() + 1));
                        conversation.awaitMessage(octets, seed, kind, region.stag());
                        Expect.equal("our region valid", !kind.invalidating, region.valid());
                        conversation.awaitAnswer();
                    }
                }
            }
            conversation.disconnect();
        }
        return count + " of 0 to " + LONGEST_MESSAGE + " octets";
    }
}
