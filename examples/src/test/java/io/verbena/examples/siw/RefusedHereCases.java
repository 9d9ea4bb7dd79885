package io.verbena.examples.siw;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Every request of siw's user that ours refuses: what the Terminate says, what our application is told, and what siw's user sees. */
final class RefusedHereCases {
    private static final int LONG = 1 << 20;
    private static final int READS_AT_ONCE = 16;
    private static final int SERVED_AT_ONCE = 2;

    private RefusedHereCases() {}

    static List<SiwCase> all() {
        List<SiwCase> cases = new ArrayList<>();
        both(cases, "unknown STag", RefusalGround::unknown, FailedCheck.ENTRY_VALID, "1/1/00", "0/1/00");
        both(cases, "STag of withdrawn memory", RefusalGround::withdrawn, FailedCheck.ENTRY_VALID, "1/1/00", "0/1/00");
        both(cases, "stale STag", RefusalGround::stale, FailedCheck.TAG_INSTANCE, "1/1/00", "0/1/00");
        both(cases, "past the end", RefusalGround::pastEnd, FailedCheck.BASE_AND_BOUNDS, "1/1/01", "0/1/01");
        both(cases, "before the start", RefusalGround::beforeStart, FailedCheck.BASE_AND_BOUNDS, "1/1/01", "0/1/01");
        both(
                cases,
                "around the end of all addresses",
                RefusalGround::wrapping,
                FailedCheck.ADDRESS_WRAP,
                "1/1/03",
                "0/1/04");
        both(
                cases,
                "memory of another protection domain",
                RefusalGround::foreign,
                FailedCheck.PROTECTION_DOMAIN,
                "1/1/02",
                "0/1/03");
        cases.add(access(
                "a Write: without the right",
                true,
                RefusalGround::withoutRemoteWrite,
                FailedCheck.ACCESS_RIGHT,
                "1/1/02"));
        cases.add(access(
                "a Read: without the right",
                false,
                RefusalGround::withoutRemoteRead,
                FailedCheck.ACCESS_RIGHT,
                "0/1/02"));
        cases.add(access(
                "a Write: queue pair without Writes",
                true,
                RefusalGround::right,
                FailedCheck.QUEUE_PAIR_ACCESS,
                "1/1/02",
                options -> options.withRemoteAccess(false, true)));
        cases.add(access(
                "a Read: queue pair without Reads",
                false,
                RefusalGround::right,
                FailedCheck.QUEUE_PAIR_ACCESS,
                "1/2/01",
                options -> options.withRemoteAccess(true, false)));
        cases.add(SiwCase.once("refused here, Reads: more than ours serves at once", RefusedHereCases::tooManyReads));
        cases.add(SiwCase.once("refused here, a Send: longer than the receive", RefusedHereCases::tooLong));
        cases.add(SiwCase.once("refused here, a Send: without a receive", RefusedHereCases::withoutReceive));
        cases.add(SiwCase.once("a Write of no octets by siw: unknown STag", RefusedHereCases::nothing));
        for (boolean solicited : new boolean[] {false, true}) {
            invalidate(cases, solicited, "unknown STag", RefusalGround::unknown, "0/2/09");
            invalidate(cases, solicited, "stale STag", RefusalGround::stale, "0/1/09");
            invalidate(cases, solicited, "memory without remote rights", RefusalGround::withoutRemoteRights, "0/1/09");
            invalidate(cases, solicited, "memory of another protection domain", RefusalGround::foreign, "0/1/09");
        }
        return cases;
    }

    private static void both(
            List<SiwCase> cases,
            String what,
            Function<RefusalGround, RemoteRegion> target,
            FailedCheck check,
            String write,
            String read) {
        cases.add(access("a Write: " + what, true, target, check, write));
        cases.add(access("a Read: " + what, false, target, check, read));
    }

    private static SiwCase access(
            String name,
            boolean write,
            Function<RefusalGround, RemoteRegion> target,
            FailedCheck check,
            String terminate) {
        return access(name, write, target, check, terminate, options -> options);
    }

    private static SiwCase access(
            String name,
            boolean write,
            Function<RefusalGround, RemoteRegion> target,
            FailedCheck check,
            String terminate,
            UnaryOperator<QueuePairOptions> options) {
        return SiwCase.once("refused here, " + name, meeting -> {
            try (RefusalGround ground =
                    new RefusalGround(meeting, Setting.defaults().withQueuePair(options))) {
                RemoteRegion remote = target.apply(ground);
                ground.conversation().tell(write ? Order.write(remote, 1) : Order.read(remote, 1));
                Ending ending = ground.conversation().ending();
                ending.requireEvent(AsyncEvent.Kind.REMOTE_PROTECTION, check, terminate);
                ending.requireFlushedOnly();
                // What a Write may do is looked at segment by segment, and there is more than one.
                ground.requireUntouched(write && check == FailedCheck.BASE_AND_BOUNDS);
                return ending + "; " + SiwCase.peersReport(meeting);
            }
        });
    }

    /** Without an exchange of depths siw has as many Reads outstanding as its user asked for. */
    private static String tooManyReads(Meeting meeting) throws Exception {
        Meeting first = meeting;
        if (meeting.listening()) {
            meeting.guest().set("mpa_version", "1");
        } else {
            first = meeting.with(parameters -> parameters.withRevision(1));
        }
        Setting setting =
                Setting.defaults().withQueuePair(options -> options.withReadDepths(SERVED_AT_ONCE, SERVED_AT_ONCE));
        try (Conversation conversation = Conversation.begin(first, setting)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(LONG);
            RemoteRegion remote = conversation
                    .domain()
                    .register(memory, AccessFlag.REMOTE_READ)
                    .remote(0, LONG / READS_AT_ONCE);
            conversation.tell(Order.read(remote, 1).withCount(READS_AT_ONCE));
            Ending ending = conversation.ending();
            String report = SiwCase.peersReport(meeting);
            if (ending.cause() == null && report.contains("read: " + READS_AT_ONCE + " success")) {
                // What is too many is a matter of time: siw may be slower to ask than ours is to answer.
                return "never more than ours serves; " + report;
            }
            ending.requireEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.INBOUND_READ_DEPTH, "1/2/03");
            return ending + "; " + report;
        }
    }

    private static String tooLong(Meeting meeting) throws Exception {
        try (RefusalGround ground = new RefusalGround(meeting, Setting.defaults())) {
            ground.conversation().tell(Order.give(Answer.ENCODED_OCTETS + 1, 1, SendKind.PLAIN, ground.right()));
            Ending ending = ground.conversation().ending();
            ending.requireFailed(
                    CompletedOperation.RECEIVE,
                    WorkCompletionStatus.LOCAL_LENGTH,
                    FailedCheck.MESSAGE_TOO_LONG,
                    "1/2/05");
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    private static String withoutReceive(Meeting meeting) throws Exception {
        try (RefusalGround ground =
                new RefusalGround(meeting, Setting.defaults().withReceives(1, Answer.ENCODED_OCTETS))) {
            // The message takes the only receive, and the answer behind it finds none.
            ground.conversation().tell(Order.give(1, 1, SendKind.PLAIN, ground.right()));
            Ending ending = ground.conversation().ending();
            ending.requireEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.NO_RECEIVE_POSTED, "1/2/02");
            ending.requireFlushedOnly();
            return ending + "; " + SiwCase.peersReport(meeting);
        }
    }

    /** The STag of a segment without octets is not looked at (RFC 5041 section 5.2). */
    private static String nothing(Meeting meeting) throws Exception {
        try (RefusalGround ground = new RefusalGround(meeting, Setting.defaults())) {
            RemoteRegion unknown = ground.unknown();
            ground.conversation().ask(Order.write(new RemoteRegion(unknown.stag(), unknown.address(), 0), 1));
            ground.conversation().disconnect();
            ground.requireUntouched(false);
            return "taken";
        }
    }

    private static void invalidate(
            List<SiwCase> cases,
            boolean solicited,
            String what,
            Function<RefusalGround, RemoteRegion> target,
            String terminate) {
        String name = "refused here, a Send with " + (solicited ? "Solicited Event and " : "") + "Invalidate: " + what;
        SendKind kind = solicited ? SendKind.SOLICITED_INVALIDATING : SendKind.INVALIDATING;
        cases.add(SiwCase.once(name, meeting -> {
            try (RefusalGround ground = new RefusalGround(meeting, Setting.defaults())) {
                ground.conversation().tell(Order.give(1, 1, kind, target.apply(ground)));
                Ending ending = ground.conversation().ending();
                ending.requireFailed(
                        CompletedOperation.RECEIVE,
                        WorkCompletionStatus.INVALIDATE_REFUSED,
                        FailedCheck.INVALIDATE,
                        terminate);
                ground.requireUntouched(false);
                return ending + "; " + SiwCase.peersReport(meeting);
            }
        }));
    }
}
