package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Every request of our application that siw refuses, or should: the Terminate as siw means it (its bit order is another, which
 * ours reads too), and what our application is told.
 */
final class RefusedThereCases {
    private static final int OCTETS = 4000;
    private static final int UNKNOWN_STAG = 0x00DEAD00;
    private static final int BACKGROUND = 29;
    private static final int PEERS_RECEIVES = 4;
    private static final int BOTH_RIGHTS = Order.MAY_READ | Order.MAY_WRITE;
    /** It means 0/2/06; without a returned header nothing shows that its bit order is another. */
    private static final String UNKNOWN_OPCODE = "2/0/06";

    /** Stands for a Terminate that does not come, since siw does what was asked for. */
    private static final String NOTHING = "";

    /** Stands for a Terminate that does not come: siw closes without a word. */
    private static final String SILENCE = "silence";

    private RefusedThereCases() {}

    /** What is asked for: the memory that the peer exposed, and what of it is meant. */
    private interface Aim {
        RemoteRegion at(RemoteRegion exposed);
    }

    static List<SiwCase> all() {
        List<SiwCase> cases = new ArrayList<>();
        both(
                cases,
                "unknown STag",
                BOTH_RIGHTS,
                exposed -> new RemoteRegion(UNKNOWN_STAG, exposed.address(), OCTETS),
                "1/1/00",
                "0/1/00");
        both(
                cases,
                "stale STag",
                BOTH_RIGHTS,
                exposed -> new RemoteRegion(exposed.stag() ^ 1, exposed.address(), OCTETS),
                "1/1/00",
                "0/1/00");
        both(
                cases,
                "past the end",
                BOTH_RIGHTS,
                exposed -> new RemoteRegion(exposed.stag(), exposed.address(), OCTETS + 1),
                "1/1/01",
                "0/1/01");
        both(
                cases,
                "before the start",
                BOTH_RIGHTS,
                exposed -> new RemoteRegion(exposed.stag(), exposed.address() - 1, OCTETS),
                "1/1/01",
                "0/1/01");
        both(
                cases,
                "around the end of all addresses",
                BOTH_RIGHTS,
                exposed -> new RemoteRegion(exposed.stag(), -OCTETS / 2, OCTETS),
                "1/0/00",
                SILENCE);
        both(
                cases,
                "memory of another protection domain",
                BOTH_RIGHTS | Order.FOREIGN,
                exposed -> exposed,
                "1/1/02",
                "0/1/03");
        both(cases, "without the right", 0, exposed -> exposed, "1/1/00", NOTHING);
        cases.add(SiwCase.once("refused there, a Send: longer than the receive", RefusedThereCases::tooLong));
        cases.add(SiwCase.once("refused there, a Send: without a receive", RefusedThereCases::withoutReceive));
        for (boolean solicited : new boolean[] {false, true}) {
            invalidate(
                    cases,
                    solicited,
                    "unknown STag",
                    BOTH_RIGHTS,
                    exposed -> new RemoteRegion(UNKNOWN_STAG, 0, 0),
                    "0/2/09");
            invalidate(
                    cases,
                    solicited,
                    "memory of another protection domain",
                    BOTH_RIGHTS | Order.FOREIGN,
                    exposed -> exposed,
                    "0/1/09");
        }
        cases.add(SiwCase.once(
                "refused there, an atomic addition",
                meeting -> foreignOperation(
                        meeting,
                        (request, exposed) -> request.fetchAdd(exposed.stag(), exposed.address(), 1),
                        CompletedOperation.FETCH_ADD)));
        cases.add(SiwCase.once(
                "refused there, an atomic compare-and-swap",
                meeting -> foreignOperation(
                        meeting,
                        (request, exposed) -> request.compareSwap(exposed.stag(), exposed.address(), 1, 2),
                        CompletedOperation.COMPARE_SWAP)));
        cases.add(SiwCase.once(
                "refused there, Immediate Data",
                meeting -> foreignOperation(
                        meeting, (request, exposed) -> request.immediate(1), CompletedOperation.IMMEDIATE)));
        cases.add(SiwCase.once("refused there, Reads: more than siw serves at once", RefusedThereCases::tooManyReads));
        cases.add(SiwCase.once("a Read where none may be outstanding", RefusedThereCases::noReads));
        cases.add(SiwCase.once("a Write of no octets by ours: unknown STag", RefusedThereCases::nothing));
        cases.add(SiwCase.once("a Write by ours from memory that is too short", RefusedThereCases::ourMemoryTooShort));
        cases.add(SiwCase.once(
                "a Write by siw from memory that is too short",
                meeting -> theirMemoryTooShort(meeting, true, "0/0/ff")));
        cases.add(SiwCase.once(
                "refused there, our Read Response: longer than the memory for it",
                meeting -> theirMemoryTooShort(meeting, false, "1/1/01")));
        return cases;
    }

    private static void both(List<SiwCase> cases, String what, int rights, Aim aim, String write, String read) {
        cases.add(
                SiwCase.once("refused there, a Write: " + what, meeting -> access(meeting, true, rights, aim, write)));
        cases.add(SiwCase.once("refused there, a Read: " + what, meeting -> access(meeting, false, rights, aim, read)));
    }

    private static String access(Meeting meeting, boolean write, int rights, Aim aim, String terminate)
            throws Exception {
        ByteBuffer memory = Pattern.untouched(OCTETS + 2 * SiwCase.GUARD);
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
            Answer answer = conversation.ask(Order.expose(OCTETS, BACKGROUND, rights));
            RemoteRegion target = aim.at(new RemoteRegion(answer.stag(), answer.address(), OCTETS));
            conversation.rest();
            conversation.post((write
                            ? conversation.request().write(target)
                            : conversation.request().read(target))
                    .local(region, SiwCase.GUARD, target.lengthOctets()));
            if (terminate.equals(NOTHING)) {
                Expect.equal(
                        "the Read did well",
                        true,
                        conversation.awaitCompletion().success());
                Pattern.require(memory, SiwCase.GUARD, OCTETS, BACKGROUND);
                conversation.disconnect();
                return "siw serves it";
            }
            Ending ending = conversation.ending();
            if (terminate.equals(SILENCE)) {
                ending.requireFlushedOnly();
                Expect.equal("number of events", 1, ending.events().size());
                return ending + "; " + SiwCase.peersReport(meeting);
            }
            ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, terminate);
            if (!write) {
                ending.requireFailed(
                        CompletedOperation.READ,
                        WorkCompletionStatus.REMOTE_ACCESS,
                        FailedCheck.REMOTE_TERMINATE,
                        terminate);
            }
            Pattern.requireUntouched(memory, 0, memory.capacity());
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String tooLong(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation.domain().register(ByteBuffer.allocateDirect(OCTETS));
            conversation.rest();
            conversation.post(conversation.request().send().local(region, 0, Answer.ENCODED_OCTETS + 1));
            Ending ending = conversation.ending();
            ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, "1/2/02");
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String withoutReceive(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            conversation.ask(Order.withhold());
            // Its receive of that order was posted again before it was obeyed.
            for (int i = 0; i < PEERS_RECEIVES; i++) {
                conversation.ask(Order.describe());
            }
            conversation.rest();
            conversation.tell(Order.describe());
            Ending ending = conversation.ending();
            ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, "1/2/02");
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static void invalidate(
            List<SiwCase> cases, boolean solicited, String what, int rights, Aim aim, String terminate) {
        SendKind kind = solicited ? SendKind.SOLICITED_INVALIDATING : SendKind.INVALIDATING;
        String name = "refused there, a Send with " + (solicited ? "Solicited Event and " : "") + "Invalidate: " + what;
        cases.add(SiwCase.once(name, meeting -> {
            try (Conversation conversation = Conversation.begin(meeting)) {
                Answer answer = conversation.ask(Order.expose(OCTETS, BACKGROUND, rights));
                RemoteRegion target = aim.at(new RemoteRegion(answer.stag(), answer.address(), OCTETS));
                conversation.rest();
                conversation.post(kind.begin(conversation.request(), target.stag())
                        .inline(Order.describe().encode()));
                // siw keeps it back until the connection ends, and this peer ends it.
                Ending ending = conversation.ending();
                ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, terminate);
                return ending + "; " + SiwCase.peersReport(meeting);
            }
        }));
    }

    /** Begins an operation that siw does not have. */
    private interface Foreign {
        SendRequest begin(SendRequest request, RemoteRegion exposed);
    }

    private static String foreignOperation(Meeting meeting, Foreign foreign, CompletedOperation operation)
            throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion theirs = conversation.exposed(OCTETS, BACKGROUND);
            MemoryRegion region =
                    conversation.domain().register(ByteBuffer.allocateDirect(Long.BYTES), AccessFlag.LOCAL_WRITE);
            conversation.rest();
            SendRequest request = foreign.begin(conversation.request(), theirs);
            conversation.post(
                    operation == CompletedOperation.IMMEDIATE ? request : request.local(region, 0, Long.BYTES));
            Ending ending = conversation.ending();
            ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, UNKNOWN_OPCODE);
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    /** Without an exchange of depths ours has as many Reads outstanding as it was told. */
    private static String tooManyReads(Meeting meeting) throws Exception {
        int reads = 16;
        Meeting first = meeting.withPeer("ird=1 ord=1");
        if (meeting.listening()) {
            meeting.guest().set("mpa_version", "1");
        } else {
            first = first.with(parameters -> parameters.withRevision(1));
        }
        int octets = 100_000;
        try (Conversation conversation = Conversation.begin(first)) {
            RemoteRegion theirs = conversation.exposed(octets, BACKGROUND);
            ByteBuffer memory = Pattern.untouched(reads * octets);
            MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
            conversation.rest();
            for (int i = 0; i < reads; i++) {
                conversation.post(conversation.request().read(theirs).id(i).local(region, (long) i * octets, octets));
            }
            Ending ending = conversation.ending();
            if (ending.events().stream().anyMatch(event -> event.kind() == AsyncEvent.Kind.TERMINATE_RECEIVED)) {
                ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, "0/2/07");
            } else {
                // It was in the middle of a Response, and closes without a word.
                ending.requireFlushedOnly();
                Expect.equal("number of events", 1, ending.events().size());
            }
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    /** Refused before it is sent: no Read may be outstanding. */
    private static String noReads(Meeting meeting) throws Exception {
        Setting setting = Setting.defaults().withQueuePair(options -> options.withReadDepths(1, 0));
        try (Conversation conversation = Conversation.begin(meeting, setting)) {
            RemoteRegion theirs = conversation.exposed(OCTETS, BACKGROUND);
            MemoryRegion region =
                    conversation.domain().register(ByteBuffer.allocateDirect(OCTETS), AccessFlag.LOCAL_WRITE);
            conversation.post(conversation.request().read(theirs).local(region, 0, OCTETS));
            Ending ending = conversation.ending();
            ending.requireFailed(
                    CompletedOperation.READ,
                    WorkCompletionStatus.ZERO_READ_RESOURCES,
                    FailedCheck.OUTBOUND_READ_DEPTH,
                    "0/0/00");
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    /** The STag of a segment without octets is not looked at (RFC 5041 section 5.2). */
    private static String nothing(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            conversation.carryOut(conversation.request().write(UNKNOWN_STAG, 0), CompletedOperation.WRITE);
            conversation.ask(Order.describe());
            conversation.disconnect();
            return "taken";
        }
    }

    private static String ourMemoryTooShort(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion theirs = conversation.exposed(OCTETS, BACKGROUND);
            MemoryRegion region = conversation.domain().register(ByteBuffer.allocateDirect(OCTETS));
            conversation.post(
                    conversation.request().write(theirs).local(region.stag(), region.startAddress() + 1, OCTETS));
            Ending ending = conversation.ending();
            ending.requireFailed(
                    CompletedOperation.WRITE, WorkCompletionStatus.LOCAL_BOUNDS, FailedCheck.BASE_AND_BOUNDS, "0/0/00");
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    /** siw finds out when it sends, or when the octets arrive. */
    private static String theirMemoryTooShort(Meeting meeting, boolean write, String terminate) throws Exception {
        ByteBuffer memory = Pattern.untouched(OCTETS);
        try (Conversation conversation = Conversation.begin(meeting)) {
            RemoteRegion ours = conversation
                    .domain()
                    .register(
                            memory.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE)
                    .remote();
            conversation.tell((write ? Order.write(ours, 1) : Order.read(ours, 1)).withTooLittleMemory());
            Ending ending = conversation.ending();
            ending.requireEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE, terminate);
            ending.requireFlushedOnly();
            Pattern.requireUntouched(memory, 0, OCTETS);
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }
}
