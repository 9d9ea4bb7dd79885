package io.verbena.testkit.wireshark;

import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What tshark and our decoder say of one capture. What tshark 4.0 does not know is taken out by name; {@code docs/capture.md}
 * lists it.
 *
 * @param ours the connections as our decoder reads them
 * @param theirs the file as tshark reads it
 */
public record SecondOpinion(List<IwarpConversation> ours, Tshark.Report theirs) {
    /** What tshark says of frames that are right, and why. */
    private static final Set<String> UNKNOWN_TO_TSHARK = Set.of(
            // RFC 6581 section 6: bit S, and revision 2.
            "Res field is NOT set to zero as required by RFC 5044",
            "Rev field is NOT set to one as required by RFC 5044",
            // What every connection has, or may have.
            "Reject bit set by Responder",
            "Connection establish request (SYN): server port",
            "Connection establish acknowledge (SYN+ACK): server port",
            "Connection finish (FIN)",
            "Connection reset (RST)",
            "This frame initiates the connection closing",
            "This frame undergoes the connection closing");

    private static final int MOST_DIFFERENCES = 20;

    /**
     * Asks both.
     *
     * @param file a capture, in a folder that may be written to
     */
    public static SecondOpinion of(Path file) throws Exception {
        return new SecondOpinion(IwarpDecoder.decode(file), Tshark.dissect(file));
    }

    /** Returns what tshark finds wrong, malformed or repeated; times that go backwards, too. */
    public List<String> complaints() {
        return theirs.complaints().stream()
                .filter(complaint -> UNKNOWN_TO_TSHARK.stream().noneMatch(complaint::contains))
                .toList();
    }

    /** Returns the frames that tshark sees in one direction of a connection, in order. */
    public List<Tshark.Frame> theirs(IwarpConversation conversation, boolean fromInitiator) {
        int port = (fromInitiator ? conversation.opener() : conversation.acceptor()).getPort();
        return theirs.frames().stream()
                .filter(frame -> frame.stream() == conversation.ordinal() - 1 && frame.sourcePort() == port)
                .toList();
    }

    /** Returns in which fields of which frames the opinions differ: nothing, if all is well. */
    public List<String> differences() {
        List<String> differences = new ArrayList<>();
        if (ours.size() != theirs.streams()) {
            differences.add("we see " + ours.size() + " connections, tshark sees " + theirs.streams());
        }
        for (IwarpConversation conversation : ours) {
            differences.addAll(differences(conversation, true));
            differences.addAll(differences(conversation, false));
        }
        return differences;
    }

    /** Returns the differences in one direction of a connection, at most some. */
    public List<String> differences(IwarpConversation conversation, boolean fromInitiator) {
        List<String> differences = new ArrayList<>();
        List<DecodedFrame> mine = conversation.frames().stream()
                .filter(frame -> frame.fromInitiator() == fromInitiator)
                .toList();
        List<Tshark.Frame> seen = theirs(conversation, fromInitiator);
        String where = "connection " + conversation.ordinal() + (fromInitiator ? " >> " : " << ");
        if (mine.size() != seen.size()) {
            differences.add(where + "we see " + mine.size() + " frames, tshark sees " + seen.size());
        }
        for (int i = 0; i < Math.min(mine.size(), seen.size()) && differences.size() < MOST_DIFFERENCES; i++) {
            String ourFacts = FrameFacts.of(mine.get(i)) + crc(mine.get(i));
            String theirFacts = FrameFacts.of(seen.get(i)) + crc(seen.get(i));
            if (!ourFacts.equals(theirFacts)) {
                differences.add(where + "frame " + (i + 1) + ":\n  ours   " + ourFacts + "\n  tshark " + theirFacts);
            }
        }
        return differences;
    }

    private static String crc(DecodedFrame frame) {
        return switch (frame.crc()) {
            case NOT_IN_USE -> "";
            case GOOD -> " good CRC";
            case BAD -> " bad CRC";
        };
    }

    private static String crc(Tshark.Frame frame) {
        String words = frame.words().get("iwarp_mpa.crc_check");
        if (words == null) {
            return "";
        }
        return words.contains("Good CRC32") ? " good CRC" : " bad CRC";
    }
}
