package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Ends of connections, by either end, in good order and not, with nothing outstanding and with much. */
final class ClosingCases {
    private static final int OUTSTANDING = 100;
    private static final int OCTETS = 50_001;
    private static final int BACKGROUND = 23;
    private static final String[] WAYS = {"disconnects", "moves its queue pair to Error", "ends its program"};

    /** How the end of a busy connection may look from here, depending on what had arrived. */
    private static final Set<AsyncEvent.Kind> BUSY_ENDS = Set.of(
            AsyncEvent.Kind.BAD_PEER_CLOSE,
            AsyncEvent.Kind.CONNECTION_RESET,
            AsyncEvent.Kind.CONNECTION_LOST,
            AsyncEvent.Kind.CLOSE_COMPLETE,
            AsyncEvent.Kind.TERMINATE_RECEIVED);

    private ClosingCases() {}

    static List<SiwCase> all() {
        List<SiwCase> cases = new ArrayList<>();
        cases.add(SiwCase.once("closed by ours", ClosingCases::close));
        cases.add(SiwCase.once("reset by ours", ClosingCases::reset));
        cases.add(SiwCase.once("closed by ours, Writes and Reads outstanding", ClosingCases::closeBusy));
        cases.add(SiwCase.once("reset by ours, Writes and Reads outstanding", ClosingCases::resetBusy));
        for (Order.Way way : Order.Way.values()) {
            String who = "siw " + WAYS[way.ordinal()];
            cases.add(SiwCase.once(who, meeting -> theyClose(meeting, way)));
            cases.add(SiwCase.once(
                    who + ", Writes and Reads of ours outstanding", meeting -> theyCloseOnUs(meeting, way)));
            cases.add(SiwCase.once(who + ", its Writes and Reads outstanding", meeting -> theyCloseBusy(meeting, way)));
        }
        return cases;
    }

    private static String close(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            conversation.ask(Order.describe());
            conversation.disconnect();
            Ending ending = conversation.ending();
            Expect.equal("the cause", null, ending.cause());
            ending.requireFlushedOnly();
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String reset(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            conversation.ask(Order.describe());
            conversation.queuePair().abort();
            Ending ending = conversation.ending();
            ending.requireFlushedOnly();
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    /** Writes and Reads by turns, so many that they are outstanding for a while; the Reads go to places of their own. */
    private static final class Load {
        private final Conversation conversation;
        private final ByteBuffer memory = Pattern.untouched(OUTSTANDING * OCTETS);
        private final MemoryRegion region;
        private int posted;

        Load(Conversation conversation) {
            this.conversation = conversation;
            region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
            Pattern.fill(memory, 0, OCTETS, BACKGROUND);
        }

        /** Posts it, or as much of it as the queue pair takes before it ends. */
        void begin(RemoteRegion theirs) {
            while (posted < OUTSTANDING) {
                SendRequest request = posted % 2 == 0
                        ? conversation.request().write(theirs).local(region, 0, OCTETS)
                        : conversation.request().read(theirs).local(region, (long) posted * OCTETS, OCTETS);
                if (!conversation.queuePair().postSend(request.id(posted)).posted()) {
                    return;
                }
                posted++;
            }
        }

        /** Requires that all completed, and those Reads well that say so. */
        void require(Ending ending) throws CommandFailedException {
            ending.requireCompleted(posted);
            for (WorkCompletion each : ending.completions()) {
                if (each.operation() == CompletedOperation.READ && each.success()) {
                    Pattern.require(memory, (int) each.id() * OCTETS, OCTETS, BACKGROUND);
                }
            }
        }
    }

    private static String closeBusy(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            Load load = new Load(conversation);
            load.begin(conversation.exposed(OCTETS, BACKGROUND));
            conversation.disconnect();
            Ending ending = conversation.ending();
            Expect.equal("the cause", null, ending.cause());
            load.require(ending);
            Expect.equal(
                    "requests that did well",
                    (long) OUTSTANDING,
                    ending.completions().stream()
                            .filter(WorkCompletion::success)
                            .count());
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String resetBusy(Meeting meeting) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            Load load = new Load(conversation);
            load.begin(conversation.exposed(OCTETS, BACKGROUND));
            conversation.queuePair().abort();
            Ending ending = conversation.ending();
            load.require(ending);
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String theyClose(Meeting meeting, Order.Way way) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            conversation.ask(Order.describe());
            conversation.tell(Order.end(way));
            Ending ending = conversation.ending();
            Expect.equal("the cause", null, ending.cause());
            ending.requireFlushedOnly();
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String theyCloseOnUs(Meeting meeting, Order.Way way) throws Exception {
        try (Conversation conversation = Conversation.begin(meeting)) {
            Load load = new Load(conversation);
            RemoteRegion theirs = conversation.exposed(OCTETS, BACKGROUND);
            conversation.tell(Order.end(way));
            load.begin(theirs);
            Ending ending = conversation.ending();
            load.require(ending);
            requireBusyEnd(ending);
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String theyCloseBusy(Meeting meeting, Order.Way way) throws Exception {
        ByteBuffer memory = Pattern.untouched(OCTETS + 2 * SiwCase.GUARD);
        try (Conversation conversation = Conversation.begin(meeting)) {
            MemoryRegion region = conversation
                    .domain()
                    .register(
                            memory.duplicate(),
                            AccessFlag.LOCAL_WRITE,
                            AccessFlag.REMOTE_READ,
                            AccessFlag.REMOTE_WRITE);
            conversation.tell(Order.end(way, region.remote(SiwCase.GUARD, OCTETS), OUTSTANDING));
            Ending ending = conversation.ending();
            ending.requireFlushedOnly();
            requireBusyEnd(ending);
            Pattern.requireUntouched(memory, 0, SiwCase.GUARD);
            Pattern.requireUntouched(memory, SiwCase.GUARD + OCTETS, memory.capacity());
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static void requireBusyEnd(Ending ending) throws CommandFailedException {
        for (AsyncEvent event : ending.events()) {
            if (!BUSY_ENDS.contains(event.kind())) {
                throw new CommandFailedException("unexpected end, " + ending);
            }
        }
        Expect.equal("number of events", 1, ending.events().size());
    }
}
