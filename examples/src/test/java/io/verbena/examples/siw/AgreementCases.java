package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.cm.Connection.Agreement;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.IncompatiblePeerException;
import io.verbena.verbs.cm.ReadyToReceive;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the two ends agree on when a connection begins, each in its own words, and that it then works. */
final class AgreementCases {
    /** Pairs of Read depths: what ours wishes to serve and to have outstanding, what siw's user wishes. */
    private static final int[][] DEPTHS = {
        {16, 16, 16, 16},
        {4, 8, 16, 16},
        {16, 16, 8, 4},
        {1, 1, 16, 16},
        {16, 16, 1, 1},
        {5, 3, 2, 7},
        {128, 128, 128, 128},
        {0, 4, 4, 4},
        {4, 0, 4, 4},
        {4, 4, 0, 4},
        {4, 4, 4, 0},
    };

    private static final int READS = 40;
    private static final int OCTETS = 3001;
    private static final int[] PRIVATE = {0, 1, 64, 248};
    private static final int PRIVATE_SEED = 6581;

    private AgreementCases() {}

    static List<SiwCase> all() {
        List<SiwCase> cases = new ArrayList<>();
        for (int[] depths : DEPTHS) {
            cases.add(SiwCase.once(
                    "Read depths (in, out): ours %d, %d, siw %d, %d"
                            .formatted(depths[0], depths[1], depths[2], depths[3]),
                    meeting -> depths(meeting, depths)));
        }
        for (boolean ours : new boolean[] {false, true}) {
            for (boolean siw : new boolean[] {false, true}) {
                String who = ours ? siw ? "both" : "ours" : siw ? "siw" : "nobody";
                cases.add(SiwCase.once("CRC asked for by " + who, meeting -> crc(meeting, ours, siw)));
            }
        }
        cases.add(SiwCase.once("CRC asked for by ours and refused by siw", AgreementCases::crcRefused));
        for (int revision : new int[] {1, 2}) {
            cases.add(SiwCase.once("MPA revision " + revision, meeting -> revision(meeting, revision)));
        }
        for (ReadyToReceive kind : new ReadyToReceive[] {ReadyToReceive.WRITE, ReadyToReceive.READ}) {
            cases.add(SiwCase.once(
                    "peer-to-peer, offering a " + kind.name().toLowerCase(Locale.ROOT),
                    meeting -> peerToPeer(meeting, kind)));
        }
        cases.add(SiwCase.once(
                "peer-to-peer, offering all it can", meeting -> peerToPeer(meeting, ReadyToReceive.values())));
        cases.add(SiwCase.once("peer-to-peer, offering a send", AgreementCases::peerToPeerBySend));
        cases.add(SiwCase.once("markers asked for by ours", AgreementCases::markers));
        for (int octets : PRIVATE) {
            cases.add(SiwCase.once(
                    "private data of " + octets + " octets both ways", meeting -> privateData(meeting, octets)));
            cases.add(SiwCase.once(
                    "rejected with private data of " + octets + " octets", meeting -> rejected(meeting, octets)));
        }
        return cases;
    }

    private static String depths(Meeting meeting, int[] depths) throws Exception {
        Setting setting = Setting.defaults().withQueuePair(options -> options.withReadDepths(depths[0], depths[1]));
        try (Conversation conversation =
                Conversation.begin(meeting.withPeer("ird=" + depths[2] + " ord=" + depths[3]), setting)) {
            Agreement agreement = conversation.agreement();
            String siw = conversation.ask(Order.describe()).text();
            String words =
                    "ours " + agreement.inboundReadDepth() + ", " + agreement.outboundReadDepth() + "; siw: " + siw;
            Depths expected = Depths.of(meeting.listening(), depths);
            Expect.equal("the Reads that ours serves", expected.oursIn(), agreement.inboundReadDepth());
            Expect.equal("the Reads of ours", expected.oursOut(), agreement.outboundReadDepth());
            Expect.equal(
                    "siw's queue pair", true, siw.endsWith("queue pair " + expected.siwIn() + "/" + expected.siwOut()));
            ourReads(conversation, agreement.outboundReadDepth());
            if (expected.siwOut() == 0) {
                // siw keeps a Read for ever that may not go out.
                conversation.disconnect();
                return words;
            }
            if (expected.siwOut() <= agreement.inboundReadDepth()) {
                theirReads(conversation);
                conversation.disconnect();
                return words;
            }
            conversation.tell(theirReadsOrder(conversation));
            // Whether ours notices depends on how many it has answered already.
            WorkCompletion next = conversation.awaitCompletion();
            if (next.success()) {
                conversation.answer(next);
                conversation.disconnect();
                return words;
            }
            Ending ending = conversation.ending();
            ending.requireEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.INBOUND_READ_DEPTH, "1/2/03");
            return words + "; more were outstanding, " + ending;
        }
    }

    /**
     * What comes of the wishes. RFC 6581 has each end lower the Reads that it begins to what the other serves. siw rounds its
     * numbers up to powers of two; as initiator it begins as many as the other serves, even if its user wanted fewer; and it
     * serves as many as the other asks for.
     */
    private record Depths(int oursIn, int oursOut, int siwIn, int siwOut) {
        static Depths of(boolean siwConnects, int[] wishes) {
            int ourIn = wishes[0];
            int ourOut = wishes[1];
            int siwIn = wishes[2];
            int siwOut = wishes[3];
            if (siwConnects) {
                int out = Math.min(ourOut, siwIn);
                return new Depths(ourIn, out, powerOfTwo(out), powerOfTwo(ourIn));
            }
            return new Depths(ourIn, ourOut, powerOfTwo(Math.max(siwIn, ourOut)), powerOfTwo(Math.min(siwOut, ourIn)));
        }

        private static int powerOfTwo(int atLeast) {
            return atLeast == 0 ? 0 : Integer.highestOneBit(2 * atLeast - 1);
        }
    }

    /** More Reads at once than may be outstanding: they wait here. */
    private static void ourReads(Conversation conversation, int depth) throws Exception {
        RemoteRegion theirs = conversation.exposed(OCTETS, 3);
        ByteBuffer memory = ByteBuffer.allocateDirect(READS * OCTETS);
        MemoryRegion region = conversation.domain().register(memory.duplicate(), AccessFlag.LOCAL_WRITE);
        if (depth == 0) {
            return;
        }
        for (int i = 0; i < READS; i++) {
            conversation.post(conversation.request().read(theirs).local(region, (long) i * OCTETS, OCTETS));
        }
        for (int i = 0; i < READS; i++) {
            WorkCompletion read = conversation.awaitCompletion();
            Expect.equal("Read " + i, WorkCompletionStatus.SUCCESS, read.status());
            Pattern.require(memory, i * OCTETS, OCTETS, 3);
        }
    }

    private static void theirReads(Conversation conversation) throws Exception {
        conversation.ask(theirReadsOrder(conversation));
    }

    private static Order theirReadsOrder(Conversation conversation) {
        ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
        Pattern.fill(memory, 0, OCTETS, 6);
        RemoteRegion ours =
                conversation.domain().register(memory, AccessFlag.REMOTE_READ).remote();
        return Order.read(ours, 5).withCount(READS);
    }

    /** Moves octets both ways. */
    private static void exercise(Conversation conversation) throws Exception {
        ourReads(conversation, 1);
        theirReads(conversation);
        conversation.disconnect();
    }

    private static String crc(Meeting meeting, boolean ours, boolean siw) throws Exception {
        if (siw) {
            meeting.guest().set("mpa_crc_required", "1");
        }
        try (Conversation conversation = Conversation.begin(meeting.with(parameters -> parameters.withCrc(ours)))) {
            boolean crc = conversation.agreement().crc();
            // As the responder siw never asks, whatever its switch says.
            Expect.equal("CRC in use", ours || siw && meeting.listening(), crc);
            exercise(conversation);
            return "CRC " + (crc ? "on" : "off");
        }
    }

    private static String crcRefused(Meeting meeting) throws Exception {
        meeting.guest().set("mpa_crc_strict", "1");
        try (Conversation conversation = new Conversation(Setting.defaults())) {
            meeting.connect(conversation.device(), conversation.queuePair());
            Expect.equal("who connects", true, meeting.listening());
            // Ours replied and was connected; siw did not like the Reply, and closed.
            Ending ending = conversation.ending();
            Expect.equal("the cause", null, ending.cause());
            return ending + "; " + SiwCase.peersReport(meeting);
        } catch (ConnectionRejectedException e) {
            Expect.equal("who connects", false, meeting.listening());
            return "rejected";
        }
    }

    private static String revision(Meeting meeting, int revision) throws Exception {
        Meeting wished = meeting;
        if (meeting.listening()) {
            meeting.guest().set("mpa_version", Integer.toString(revision));
        } else {
            wished = meeting.with(parameters -> parameters.withRevision(revision));
        }
        try (Conversation conversation = Conversation.begin(wished)) {
            Agreement agreement = conversation.agreement();
            Expect.equal("revision", revision, agreement.revision());
            Expect.equal("Read depths exchanged", revision == 2, agreement.enhanced());
            exercise(conversation);
            return "revision " + agreement.revision();
        }
    }

    /** The end that was connected to speaks first. */
    private static String peerToPeer(Meeting meeting, ReadyToReceive... kinds) throws Exception {
        if (meeting.listening()) {
            int bits = 0;
            for (ReadyToReceive kind : kinds) {
                bits |= kind == ReadyToReceive.WRITE ? 128 : kind == ReadyToReceive.READ ? 64 : 0;
            }
            meeting.guest().set("peer_to_peer", "1");
            meeting.guest().set("rtr_type", Integer.toString(bits));
        }
        Meeting wished = meeting.with(parameters -> meeting.listening() ? parameters : parameters.withPeerToPeer(kinds))
                .withPeer("greet=" + (meeting.listening() ? 0 : 1));
        try (Conversation conversation = new Conversation(Setting.defaults())) {
            wished.connect(conversation.device(), conversation.queuePair());
            Agreement agreement = conversation.agreement();
            Expect.equal("peer-to-peer", true, agreement.peerToPeer());
            if (!meeting.listening()) {
                conversation.awaitAnswer();
            }
            exercise(conversation);
            return "opened by a " + agreement.readyToReceive();
        }
    }

    /** siw does not know the zero-length Send. */
    private static String peerToPeerBySend(Meeting meeting) throws Exception {
        if (meeting.listening()) {
            return "siw has no such switch";
        }
        try (Conversation conversation = new Conversation(Setting.defaults())) {
            meeting.with(parameters -> parameters.withPeerToPeer(ReadyToReceive.SEND))
                    .connect(conversation.device(), conversation.queuePair());
            throw new CommandFailedException("siw took a connection that is opened by a Send");
        } catch (IncompatiblePeerException e) {
            // Its user waits for ever, and so does whoever wants the port again.
            meeting.guest().restart();
            return e.getMessage();
        }
    }

    private static String markers(Meeting meeting) throws Exception {
        if (meeting.listening()) {
            return markersInReply(meeting);
        }
        try (Conversation conversation = new Conversation(Setting.defaults())) {
            meeting.with(parameters -> parameters.withMarkers(true))
                    .connect(conversation.device(), conversation.queuePair());
            throw new CommandFailedException("siw took a connection with markers");
        } catch (ConnectionRejectedException e) {
            return e.getMessage();
        }
    }

    private static String markersInReply(Meeting meeting) throws Exception {
        try (Conversation conversation = new Conversation(Setting.defaults())) {
            meeting.with(parameters -> parameters.withMarkers(true))
                    .connect(conversation.device(), conversation.queuePair());
        }
        return "siw: " + meeting.guest().lastWords();
    }

    private static byte[] privateOctets(int octets) {
        byte[] data = new byte[octets];
        for (int i = 0; i < octets; i++) {
            data[i] = Pattern.octet(PRIVATE_SEED, i);
        }
        return data;
    }

    private static String privateData(Meeting meeting, int octets) throws Exception {
        Meeting wished = meeting.with(parameters -> parameters.withPrivateData(privateOctets(octets)))
                .withPeer("private=" + octets);
        try (Conversation conversation = Conversation.begin(wished)) {
            QueuePair queuePair = conversation.queuePair();
            Expect.equal(
                    "siw's private data",
                    ByteBuffer.wrap(privateOctets(octets)),
                    ByteBuffer.wrap(queuePair.connection().privateData()));
            String siw = conversation.ask(Order.describe()).text();
            String told = meeting.listening() ? "established" : "request";
            Expect.equal(
                    "siw has ours",
                    true,
                    siw.matches(".*" + told + " ird [0-9]+ ord [0-9]+ private " + octets + ",.*"));
            exercise(conversation);
            return octets + " octets each way";
        }
    }

    private static String rejected(Meeting meeting, int octets) throws Exception {
        byte[] reason = privateOctets(octets);
        try (Conversation conversation = new Conversation(Setting.defaults())) {
            if (meeting.listening()) {
                meeting.decide(conversation.device(), request -> request.reject(reason));
                String siw = meeting.guest().lastWords();
                // A close that follows soon makes siw forget the data.
                Expect.equal(
                        "siw was told: " + siw,
                        true,
                        siw.endsWith("REJECTED ird 0 ord 0 private " + octets)
                                || siw.endsWith("REJECTED ird 0 ord 0 private 0"));
                return "siw: " + siw;
            }
            meeting.withPeer("reject=" + octets).connect(conversation.device(), conversation.queuePair());
            throw new CommandFailedException("siw did not reject");
        } catch (ConnectionRejectedException e) {
            Expect.equal("siw's private data", ByteBuffer.wrap(reason), ByteBuffer.wrap(e.privateData()));
            return e.getMessage();
        }
    }
}
