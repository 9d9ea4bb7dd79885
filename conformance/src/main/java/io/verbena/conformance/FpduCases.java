package io.verbena.conformance;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawSegment;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** FPDUs, right and wrong. */
final class FpduCases {
    private static final String PLACED = "the octets are placed, and nothing else";
    /** RFC 5044 section 3: what the largest FPDU of an EMSS of 64 KiB can carry, less the header of a Write. */
    private static final int LONGEST_WRITE = 64768 - 14;

    private FpduCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                new ConformanceCase(
                        "fpdu-bad-crc",
                        "RFC 5044 8",
                        "a Write with one bit of its CRC flipped",
                        "Terminate 2/0/02 that returns nothing, and the end",
                        stage -> {
                            Session session = stage.session();
                            session.send(session.write(0, 64), RawFault.CRC).expectTerminate("2/0/02");
                        }),
                new ConformanceCase(
                        "fpdu-bad-crc-of-a-send",
                        "RFC 5044 8",
                        "a Send with one bit of its CRC flipped, and a good Send behind it",
                        "Terminate 2/0/02 and the end; neither is answered",
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.send(session.takeSendMsn(), new byte[16]), RawFault.CRC);
                            session.peer().trySendFpdu(session.nextSend(new byte[16]));
                            session.expectTerminate("2/0/02");
                        }),
                new ConformanceCase(
                        "fpdu-crc-switched-off",
                        "RFC 5044 4.4",
                        "a Send with anything in its CRC field, after a startup in which nobody asked for CRC",
                        "it is delivered",
                        stage -> {
                            Session session = stage.session(startup -> startup.withCrc(false));
                            if (session.startup().crc()) {
                                throw new CaseSkippedException("the stack asks for CRC");
                            }
                            session.send(session.nextSend(new byte[16]), RawFault.CRC)
                                    .expectAnswer();
                        }),
                new ConformanceCase(
                        "fpdu-pad-not-zero",
                        "RFC 5044 4.1",
                        "a Send of 15 octets whose pad is not zero",
                        "it is delivered",
                        stage -> {
                            Session session = stage.session();
                            session.send(session.nextSend(new byte[15]), RawFault.PAD)
                                    .expectAnswer();
                        }),
                new ConformanceCase(
                        "fpdu-every-pad", "RFC 5044 4.1", "Writes of 1 to 9 octets side by side", PLACED, stage -> {
                            Session session = stage.session();
                            ByteArrayOutputStream written = new ByteArrayOutputStream();
                            for (int length = 1; length <= 9; length++) {
                                session.send(session.write(written.size(), length));
                                written.writeBytes(Session.pattern(length));
                            }
                            session.expectMemory(0, written.toByteArray());
                        }),
                new ConformanceCase(
                        "fpdu-longest", "RFC 5044 3", "a Write whose ULPDU has 64768 octets", PLACED, stage -> {
                            Session session = stage.session();
                            session.send(session.write(0, LONGEST_WRITE));
                            session.expectMemory(0, Session.pattern(LONGEST_WRITE));
                        }),
                new ConformanceCase(
                        "fpdu-octet-by-octet",
                        "RFC 5044 5",
                        "a Send in as many TCP segments as its FPDU has octets",
                        "it is delivered",
                        stage -> {
                            Session session = stage.session();
                            byte[] fpdu = session.peer().fpduOf(session.nextSend(new byte[15]));
                            stage.sendOctetByOctet(session.peer(), fpdu);
                            session.expectAnswer();
                        }),
                new ConformanceCase(
                        "fpdu-split-at-every-place",
                        "RFC 5044 5",
                        "Writes, the first cut behind its first octet, the second behind its second, and so on",
                        PLACED,
                        FpduCases::splitAtEveryPlace),
                new ConformanceCase(
                        "fpdu-several-at-once",
                        "RFC 5044 5",
                        "sixteen Writes and a Send in one piece",
                        PLACED + "; the Send is answered",
                        stage -> {
                            Session session = stage.session();
                            ByteArrayOutputStream together = new ByteArrayOutputStream();
                            for (int i = 0; i < 16; i++) {
                                together.writeBytes(session.peer().fpduOf(session.write(17L * i, 17)));
                            }
                            together.writeBytes(session.peer().fpduOf(session.nextSend(new byte[16])));
                            session.peer().sendRaw(together.toByteArray());
                            session.expectAnswer();
                            session.expectMemory(17 * 15, Session.pattern(17));
                        }),
                new ConformanceCase(
                        "fpdu-one-and-a-half",
                        "RFC 5044 5",
                        "a Write and half of a Send in one piece, then the other half",
                        PLACED + "; the Send is answered",
                        stage -> {
                            Session session = stage.session();
                            byte[] write = session.peer().fpduOf(session.write(0, 33));
                            byte[] send = session.peer().fpduOf(session.nextSend(new byte[16]));
                            byte[] first = Arrays.copyOf(write, write.length + 20);
                            System.arraycopy(send, 0, first, write.length, 20);
                            session.peer().sendRaw(first);
                            stage.pause();
                            session.peer().sendRaw(Arrays.copyOfRange(send, 20, send.length));
                            session.expectAnswer();
                            session.expectMemory(0, Session.pattern(33));
                        }),
                cut("fpdu-without-octets", "an FPDU without a single octet of payload", 0, false),
                cut("fpdu-of-one-octet", "an FPDU with the DDP control octet alone", 1, true),
                cut("fpdu-half-a-tagged-header", "a tagged segment cut in its header, behind 13 octets", 13, true),
                cut(
                        "fpdu-half-an-untagged-header",
                        "an untagged segment cut in its header, behind 17 octets",
                        17,
                        false));
    }

    private static void splitAtEveryPlace(Stage stage) {
        Session session = stage.session();
        int length = 10;
        int fpdu = session.peer().fpduOf(session.write(0, length)).length;
        // The FPDU that was only measured counts in the framer, which without markers does not matter.
        for (int place = 1; place < fpdu; place++) {
            int offset = place * length;
            byte[] octets = session.peer().fpduOf(session.write(offset, length));
            session.peer().sendRaw(Arrays.copyOf(octets, place));
            stage.pause();
            session.peer().sendRaw(Arrays.copyOfRange(octets, place, octets.length));
            try {
                session.expectMemory(offset, Session.pattern(length));
            } catch (AssertionError e) {
                throw new AssertionError("cut behind octet " + place + " of " + fpdu + ": " + e.getMessage(), e);
            }
        }
        session.expectMemory(2L * length, Session.pattern(length));
    }

    private static ConformanceCase cut(String name, String sends, int octets, boolean tagged) {
        return new ConformanceCase(
                name, "RFC 5041 4", sends, "the stream ends, with a Terminate of any code or without one", stage -> {
                    Session session = stage.session();
                    byte[] whole = (tagged ? session.write(0, 0) : session.nextSend(new byte[0])).octets();
                    session.peer().sendUlpdu(Arrays.copyOf(whole, octets));
                    session.expectStreamEnds();
                });
    }
}
