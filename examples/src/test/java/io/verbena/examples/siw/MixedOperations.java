package io.verbena.examples.siw;

import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Operations of both ends at once, several under way at each: Writes, Reads and Sends of all kinds and of many sizes. What the
 * i-th operation of an end is follows from its seed and i alone ({@link Step}), so that the other end knows what to expect;
 * {@code mix.c} does the same. An end Writes and Reads in the other's arena and remembers what must be there; a Send is compared
 * by who receives it.
 */
final class MixedOperations {
    /** Operations of each end on one connection. */
    private static final int PER_CONNECTION = 200;

    /** One of so many connections siw may end for a CRC that TCP cut, and one more; see docs/interop.md. */
    private static final int ONE_LOST_OF = 5;

    private static final String CRC_REFUSED = "2/0/02";
    private static final int WINDOW = 16;
    private static final int PLACE_OCTETS = Step.SLOT_OCTETS + 2 * SiwCase.GUARD;
    private static final int ARENA_HEAD = 512;
    private static final int VICTIMS = 64;
    private static final int ARENA_OCTETS = ARENA_HEAD + Step.SLOTS * Step.SLOT_OCTETS;
    private static final int BACKGROUND = 17;
    private static final int SPARE_RECEIVES = 4;
    private static final AccessFlag[] EVERYTHING = {
        AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE
    };

    private final Conversation conversation;
    private final int count;
    private final int seed;
    private final int peersSeed;
    private final ByteBuffer memory = ByteBuffer.allocateDirect(WINDOW * PLACE_OCTETS);
    private final MemoryRegion region;
    private final ByteBuffer sink = ByteBuffer.allocateDirect(ARENA_OCTETS);
    private final MemoryRegion sinkRegion;
    private final ByteBuffer shadow = ByteBuffer.allocate(Step.SLOTS * Step.SLOT_OCTETS);
    private final Step[] underWay = new Step[WINDOW];
    private final int[] reading = new int[Step.SLOTS];
    private final MemoryRegion[] victims = new MemoryRegion[VICTIMS];
    private final int[] theirVictims = new int[VICTIMS];
    private RemoteRegion theirArena;
    private int victim;
    private int theirVictim;
    private int next;
    private int used;
    private int expected;
    private Answer answer;
    private boolean lost;

    private MixedOperations(Conversation conversation, int count, int peersSeed) {
        this.conversation = conversation;
        this.count = count;
        this.peersSeed = peersSeed;
        seed = peersSeed + 1;
        region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
        sinkRegion = conversation.domain().register(sink.duplicate(), AccessFlag.LOCAL_WRITE);
    }

    static List<SiwCase> all() {
        return List.of(SiwCase.repeated("mixed operations of both ends at once", MixedOperations::run));
    }

    private static String run(Meeting meeting, int operations) throws Exception {
        int connections = 0;
        int lost = 0;
        for (int left = operations; left > 0; connections++) {
            int each = Math.min(PER_CONNECTION, (left + 1) / 2);
            boolean crc = connections % 2 == 0;
            if (playOne(meeting.with(parameters -> parameters.withCrc(crc)), crc, each, 2 * connections)) {
                left -= 2 * each;
            } else if (++lost > 1 + connections / ONE_LOST_OF) {
                throw new CommandFailedException("siw gave up " + lost + " of " + (connections + 1) + " connections");
            }
        }
        return connections + " connections"
                + (lost == 0 ? "" : ", " + lost + " of them given up by siw, for CRCs that were right");
    }

    /** Plays on a connection of its own; false if siw gave it up for a wrong CRC, and we sent none. */
    private static boolean playOne(Meeting meeting, boolean crc, int count, int peersSeed) throws Exception {
        int receives = Step.sends(peersSeed, count) + SPARE_RECEIVES;
        int theirReceives = Step.sends(peersSeed + 1, count) + SPARE_RECEIVES;
        Meeting roomy = meeting.withPeer("receives=" + theirReceives + " octets=" + Step.SLOT_OCTETS);
        Setting setting = Setting.defaults().withReceives(receives, Step.SLOT_OCTETS);
        Path capture = Files.createTempFile("mixed", ".pcapng");
        try {
            boolean lost = play(roomy, crc ? setting.withCapture(capture) : setting, count, peersSeed);
            if (lost) {
                requireGoodCrcs(capture, !meeting.listening());
            }
            return !lost;
        } finally {
            Files.deleteIfExists(capture);
        }
    }

    /** Returns whether siw gave the connection up. */
    private static boolean play(Meeting meeting, Setting setting, int count, int peersSeed) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting, setting)) {
            MixedOperations operations = new MixedOperations(conversation, count, peersSeed);
            operations.play();
            if (!operations.lost) {
                conversation.disconnect();
            }
            return operations.lost;
        }
    }

    /** Requires that each FPDU that we sent has the CRC of its octets: then what siw says of one is not our fault. */
    private static void requireGoodCrcs(Path capture, boolean initiator) throws IOException, CommandFailedException {
        int good = 0;
        for (IwarpConversation conversation : IwarpDecoder.decode(capture)) {
            for (DecodedFrame frame : conversation.frames()) {
                boolean ours = frame.kind() == DecodedFrame.Kind.FPDU && frame.fromInitiator() == initiator;
                if (ours && frame.crc() != DecodedFrame.Crc.GOOD) {
                    throw new CommandFailedException("we sent an FPDU without a good CRC: " + frame.line());
                }
                good += ours ? 1 : 0;
            }
        }
        Expect.equal("whether any FPDU of ours was captured", true, good > 0);
    }

    private void play() throws CommandFailedException, InterruptedException {
        RemoteRegion arena = prepare();
        conversation.tell(Order.mix(arena, count, peersSeed));
        expectNext();
        while (next < count || used > 0 || expected < count) {
            while (!lost && next < count && postNext()) {
                next++;
            }
            if (lost) {
                return;
            }
            take(conversation.awaitCompletion());
            if (lost) {
                return;
            }
        }
        post(conversation.request().read(theirArena).id(WINDOW).local(sinkRegion, 0, ARENA_OCTETS));
        boolean read = false;
        while (!lost && (!read || answer == null)) {
            WorkCompletion completion = conversation.awaitCompletion();
            read |= completion.operation() == CompletedOperation.READ;
            take(completion);
        }
        for (int i = 0; !lost && i < shadow.capacity(); i++) {
            if (sink.get(ARENA_HEAD + i) != shadow.get(i)) {
                throw new CommandFailedException("octet " + i + " of siw's arena is not what was written there last");
            }
        }
    }

    /** Makes both arenas, and learns which STags of siw may be invalidated. */
    private RemoteRegion prepare() throws CommandFailedException, InterruptedException {
        ByteBuffer arena = ByteBuffer.allocateDirect(ARENA_OCTETS);
        Pattern.fill(arena, ARENA_HEAD, shadow.capacity(), peersSeed);
        for (int i = 0; i < VICTIMS; i++) {
            victims[i] = conversation.domain().register(ByteBuffer.allocateDirect(1), EVERYTHING);
            arena.putInt(i * Integer.BYTES, victims[i].stag());
        }
        Answer theirs = conversation.ask(
                Order.expose(ARENA_OCTETS, BACKGROUND, Order.MAY_READ | Order.MAY_WRITE | Order.VICTIMISED));
        theirArena = new RemoteRegion(theirs.stag(), theirs.address(), ARENA_OCTETS);
        conversation.carryOut(
                conversation.request().read(theirArena).local(sinkRegion, 0, ARENA_OCTETS), CompletedOperation.READ);
        for (int i = 0; i < VICTIMS; i++) {
            theirVictims[i] = sink.getInt(i * Integer.BYTES);
        }
        for (int i = 0; i < shadow.capacity(); i++) {
            shadow.put(i, Pattern.octet(BACKGROUND, ARENA_HEAD + i));
        }
        return conversation.domain().register(arena, EVERYTHING).remote();
    }

    /** Posts the next operation; false if it has to wait. */
    private boolean postNext() throws CommandFailedException {
        Step step = Step.of(seed, next);
        int place = 0;
        while (place < WINDOW && underWay[place] != null) {
            place++;
        }
        // A Write may overtake the Reads before it at the other end, so it waits for those of its slot.
        if (place == WINDOW || step.operation() == CompletedOperation.WRITE && reading[step.slot()] > 0) {
            return false;
        }
        int begin = begin(place);
        RemoteRegion theirs = theirArena.slice(ARENA_HEAD + step.place(), step.octets());
        SendRequest request = conversation.request();
        switch (step.operation()) {
            case READ -> {
                for (int i = begin - SiwCase.GUARD; i < begin + step.octets() + SiwCase.GUARD; i++) {
                    memory.put(i, Pattern.UNTOUCHED);
                }
                reading[step.slot()]++;
                request.read(theirs);
            }
            case WRITE -> {
                Pattern.fill(memory, begin, step.octets(), next);
                Pattern.fill(shadow, step.place(), step.octets(), next);
                request.write(theirs);
            }
            default -> {
                Pattern.fill(memory, begin, step.octets(), next);
                boolean revoking = step.kind().invalidating && theirVictim < VICTIMS;
                SendKind kind = step.kind().invalidating && !revoking ? SendKind.PLAIN : step.kind();
                kind.begin(request, revoking ? theirVictims[theirVictim++] : 0);
            }
        }
        underWay[place] = step;
        used++;
        post(request.id(place).local(region, begin, step.octets()));
        return true;
    }

    private static int begin(int place) {
        return place * PLACE_OCTETS + SiwCase.GUARD + place % 4;
    }

    private void post(SendRequest request) throws CommandFailedException {
        if (!conversation.queuePair().postSend(request).posted()) {
            FailureCause cause = conversation.queuePair().query().cause();
            lost = cause != null && givenUp(cause);
            if (!lost) {
                throw new CommandFailedException("the queue pair took no request: "
                        + conversation.queuePair().query());
            }
        }
    }

    /** Whether siw says that a CRC is wrong, or would say so but for a request of its own that is in the middle. */
    private boolean givenUp(FailureCause cause) {
        FailureCause root = cause.root();
        boolean crcRefused = root.check() == FailedCheck.REMOTE_TERMINATE
                && root.terminate().triple().equals(CRC_REFUSED);
        return conversation.agreement().crc() && (crcRefused || root.check() == FailedCheck.CLOSED_WHILE_BUSY);
    }

    private void take(WorkCompletion completion) throws CommandFailedException {
        if (!completion.success()) {
            lost = givenUp(completion.cause());
            if (lost) {
                return;
            }
            throw new CommandFailedException(
                    "with " + next + " operations begun: " + completion.cause().message());
        }
        if (completion.operation() == CompletedOperation.RECEIVE) {
            received(completion);
        } else if (completion.id() < WINDOW) {
            completed((int) completion.id());
        }
    }

    private void completed(int place) throws CommandFailedException {
        Step step = underWay[place];
        if (step.operation() == CompletedOperation.READ) {
            int begin = begin(place);
            Pattern.requireUntouched(memory, begin - SiwCase.GUARD, begin);
            for (int i = 0; i < step.octets(); i++) {
                if (memory.get(begin + i) != shadow.get(step.place() + i)) {
                    throw new CommandFailedException(
                            "octet " + i + " of a Read of " + step.octets() + " is not what was written there last");
                }
            }
            Pattern.requireUntouched(memory, begin + step.octets(), begin + step.octets() + SiwCase.GUARD);
            reading[step.slot()]--;
        }
        underWay[place] = null;
        used--;
    }

    private void received(WorkCompletion completion) throws CommandFailedException {
        if (expected == count) {
            answer = conversation.answer(completion);
            return;
        }
        Step step = Step.of(peersSeed, expected);
        boolean revoking = step.kind().invalidating && victim < VICTIMS;
        SendKind kind = step.kind().invalidating && !revoking ? SendKind.PLAIN : step.kind();
        conversation.requireMessage(completion, step.octets(), expected, kind, revoking ? victims[victim].stag() : 0);
        if (revoking) {
            Expect.equal("valid after the peer's invalidate", false, victims[victim++].valid());
        }
        expected++;
        expectNext();
    }

    /** Moves on to the next operation of the peer that is a Send. */
    private void expectNext() {
        while (expected < count && Step.of(peersSeed, expected).operation() != CompletedOperation.SEND) {
            expected++;
        }
    }
}
