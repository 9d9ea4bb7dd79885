package io.verbena.testkit.capture;

import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.DecodedFrame.Kind;
import io.verbena.capture.decode.IwarpConversation;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** What a capture holds, as text to be compared: for each connection the frames counted by kind, then the first ones. */
final class CaptureText {
    private static final int FIRST_LINES = 12;

    private CaptureText() {}

    static String of(List<IwarpConversation> conversations) {
        StringBuilder text = new StringBuilder();
        for (IwarpConversation conversation : conversations) {
            text.append("connection ").append(conversation.ordinal());
            text.append(conversation.established() ? ", established" : ", not established");
            text.append(conversation.crcInUse() ? ", CRC" : ", no CRC").append('\n');
            text.append(counts(conversation)).append('\n');
            conversation.frames().stream()
                    .limit(FIRST_LINES)
                    .forEach(frame -> text.append(frame.line()).append('\n'));
        }
        return text.toString();
    }

    private static String counts(IwarpConversation conversation) {
        Map<String, Integer> counts = new TreeMap<>();
        for (DecodedFrame frame : conversation.frames()) {
            if (frame.kind() == Kind.FPDU) {
                String message =
                        frame.opcode() == null ? "UNKNOWN" : frame.opcode().shortName();
                counts.merge((frame.fromInitiator() ? ">> " : "<< ") + message, 1, Integer::sum);
            }
        }
        StringJoiner line = new StringJoiner(", ", "FPDUs: ", "");
        counts.forEach((message, count) -> line.add(message + " " + count));
        return line.toString();
    }
}
