package io.verbena.conformance;

import static io.verbena.conformance.Refusals.refuses;
import static io.verbena.conformance.Session.pattern;

import io.verbena.conformance.raw.RawSegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** RDMAP messages other than Reads, right and wrong. */
final class RdmapCases {
    private static final int SEND = 3;
    private static final int SEND_WITH_SOLICITED_EVENT = 0x45;
    private static final int SEND_WITH_SOLICITED_EVENT_AND_INVALIDATE = 0x46;

    /** RFC 5041 section 7.2 has no number for a missing right: STag not for this stream, invalid STag, or RDMAP's number. */
    private static final String[] WRITE_WITHOUT_THE_RIGHT = {"1/1/02", "1/1/00", "0/1/02"};

    private RdmapCases() {}

    static List<ConformanceCase> all() {
        return Stream.of(sends(), offences(), rights(), invalidates(), terminates())
                .flatMap(List::stream)
                .toList();
    }

    private static List<ConformanceCase> sends() {
        return List.of(
                delivers(
                        "rdmap-send-of-nothing",
                        "RFC 5040 5.3",
                        "a Send of zero octets",
                        session -> session.nextSend(new byte[0])),
                delivers(
                        "rdmap-send-that-fills-the-receive",
                        "RFC 5040 5.3",
                        "a Send as long as the receive",
                        session -> session.nextSend(pattern(Session.RECEIVE_OCTETS))),
                delivers(
                        "rdmap-send-with-solicited-event",
                        "RFC 5040 5.3",
                        "a Send with Solicited Event",
                        session -> session.nextSend(new byte[16]).withRdmapControl(SEND_WITH_SOLICITED_EVENT)),
                delivers(
                        "rdmap-reserved-bits",
                        "RFC 5040 4.1",
                        "a Send with both reserved bits of the RDMAP control octet set",
                        session -> session.nextSend(new byte[16]).withRdmapControl(0x73)),
                delivers(
                        "rdmap-stag-field-of-a-plain-send",
                        "RFC 5040 4.1",
                        "a Send that has an STag where only a Send with Invalidate has one",
                        session -> session.nextSend(new byte[16])
                                .withStag(session.region().stag())),
                new ConformanceCase(
                        "rdmap-thirty-two-sends",
                        "RFC 5040 5.3",
                        "32 Sends, each when the one before was answered",
                        "each is delivered",
                        stage -> {
                            Session session = stage.session();
                            for (int i = 0; i < 32; i++) {
                                session.send(pattern(i)).expectAnswer();
                            }
                        }));
    }

    private static List<ConformanceCase> offences() {
        return List.of(
                refuses(
                        "rdmap-version-0-untagged",
                        "RFC 5040 7.2",
                        "a Send of RDMAP version 0",
                        session -> send(session).withRdmapControl(0x03),
                        "0/2/05"),
                refuses(
                        "rdmap-version-2-untagged",
                        "RFC 5040 7.2",
                        "a Send of RDMAP version 2",
                        session -> send(session).withRdmapControl(0x83),
                        "0/2/05"),
                refuses(
                        "rdmap-version-2-tagged",
                        "RFC 5040 7.2",
                        "a Write of RDMAP version 2",
                        session -> session.write(0, 16).withRdmapControl(0x80),
                        "0/2/05"),
                refuses(
                        "rdmap-opcode-unknown-untagged",
                        "RFC 5040 7.2",
                        "an untagged segment with opcode 15",
                        session -> send(session).withRdmapControl(0x4F),
                        "0/2/06"),
                refuses(
                        "rdmap-opcode-unknown-tagged",
                        "RFC 5040 7.2",
                        "a tagged segment with opcode 12",
                        session -> session.write(0, 16).withRdmapControl(0x4C),
                        "0/2/06"),
                refuses(
                        "rdmap-write-that-is-untagged",
                        "RFC 5040 5.1",
                        "an untagged segment with the opcode of a Write",
                        session -> send(session).withRdmapControl(0x40),
                        "1/0/00",
                        "0/2/06"),
                refuses(
                        "rdmap-send-that-is-tagged",
                        "RFC 5040 5.1",
                        "a tagged segment with the opcode of a Send",
                        session -> session.write(0, 16).withRdmapControl(0x43),
                        "1/0/00",
                        "0/2/06"),
                refuses(
                        "rdmap-read-request-on-the-queue-of-sends",
                        "RFC 5040 5.1",
                        "a Read Request on queue 0",
                        session -> session.nextRead(
                                        session.region().stag(),
                                        session.region().at(0),
                                        16)
                                .withQueue(0),
                        "1/2/01",
                        "0/2/06"),
                new ConformanceCase(
                        "rdmap-terminate-on-the-queue-of-sends",
                        "RFC 5040 5.1",
                        "a Terminate on queue 0",
                        "the stream ends, with a Terminate of any code or without one",
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.terminate(0, 0, 0).withQueue(0))
                                    .expectStreamEnds();
                        }),
                refuses(
                        "rdmap-read-response-nobody-asked-for",
                        "RFC 5040 5.2.2",
                        "a Read Response",
                        session -> RawSegment.readResponse(
                                session.region().stag(), session.region().at(0), pattern(16)),
                        "1/1/00",
                        "1/1/01",
                        "0/2/06"));
    }

    private static List<ConformanceCase> rights() {
        return List.of(
                refuses(
                        "rdmap-write-without-the-right",
                        "RFC 5040 8.1.1",
                        "a Write to memory for Reads only",
                        session -> RawSegment.write(
                                session.readOnly().stag(), session.readOnly().at(0), pattern(16)),
                        WRITE_WITHOUT_THE_RIGHT),
                refuses(
                        "rdmap-write-to-local-memory",
                        "RFC 5040 8.1.1",
                        "a Write to memory without remote rights",
                        session -> RawSegment.write(
                                session.local().stag(), session.local().at(0), pattern(16)),
                        WRITE_WITHOUT_THE_RIGHT));
    }

    private static List<ConformanceCase> invalidates() {
        return List.of(
                new ConformanceCase(
                        "rdmap-send-with-invalidate",
                        "RFC 5040 5.3",
                        "a Send with Invalidate of the region, and then a Write to it",
                        "the Send is delivered; Terminate 1/1/00 for the Write, and the end",
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.sendInvalidate(
                                            session.takeSendMsn(),
                                            session.region().stag(),
                                            new byte[16]))
                                    .expectAnswer();
                            RawSegment write = session.write(0, 16);
                            session.send(write).expectRefusal(write, "1/1/00");
                        }),
                new ConformanceCase(
                        "rdmap-send-with-solicited-event-and-invalidate",
                        "RFC 5040 5.3",
                        "a Send with Solicited Event and Invalidate of the region",
                        "it is delivered",
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.sendInvalidate(
                                                    session.takeSendMsn(),
                                                    session.region().stag(),
                                                    new byte[16])
                                            .withRdmapControl(SEND_WITH_SOLICITED_EVENT_AND_INVALIDATE))
                                    .expectAnswer();
                        }),
                refuses(
                        "rdmap-invalidate-unknown-stag",
                        "RFC 5040 7.2",
                        "a Send with Invalidate of an STag that there is not",
                        session -> invalidate(session, session.region().stag() ^ 0x5555_5500),
                        "0/2/09",
                        "0/1/09",
                        "0/1/00"),
                refuses(
                        "rdmap-invalidate-another-domain",
                        "RFC 5040 7.2",
                        "a Send with Invalidate of memory of another protection domain",
                        session -> invalidate(session, session.foreign().stag()),
                        "0/1/09",
                        "0/2/09",
                        "0/1/03"),
                new ConformanceCase(
                        "rdmap-invalidate-local-memory",
                        "RFC 5040 5.3",
                        "a Send with Invalidate of memory without remote rights",
                        "it is delivered; or Terminate 0/1/09 or 0/2/09 or 0/1/02, and the end",
                        RdmapCases::invalidateLocalMemory));
    }

    private static List<ConformanceCase> terminates() {
        return List.of(
                new ConformanceCase(
                        "rdmap-terminate",
                        "RFC 5040 5.4",
                        "a Terminate 0/0/00",
                        "the connection ends, without a Terminate",
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.terminate(0, 0, 0)).peer().expectEnd();
                        }),
                new ConformanceCase(
                        "rdmap-terminate-with-an-unknown-code",
                        "RFC 5040 4.8",
                        "a Terminate 7/7/EE, which there is not",
                        "the connection ends, without a Terminate",
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.terminate(7, 7, 0xEE))
                                    .peer()
                                    .expectEnd();
                        }),
                new ConformanceCase(
                        "rdmap-first-error-wins",
                        "RFC 5040 7.1",
                        "a Write to an STag that there is not, and right behind it one of DDP version 2",
                        "one Terminate, 1/1/00, and the end",
                        stage -> {
                            Session session = stage.session();
                            RawSegment first = session.write(0, 16).withStag(0);
                            byte[] both = concatenate(
                                    session.peer().fpduOf(first),
                                    session.peer().fpduOf(session.write(0, 16).withDdpControl(0xC2)));
                            session.peer().sendRaw(both);
                            session.expectRefusal(first, "1/1/00");
                        }));
    }

    private static ConformanceCase delivers(
            String name, String clause, String sends, Function<Session, RawSegment> send) {
        return new ConformanceCase(name, clause, sends, "it is delivered", stage -> {
            Session session = stage.session();
            session.send(send.apply(session)).expectAnswer();
        });
    }

    private static RawSegment send(Session session) {
        return session.nextSend(pattern(16));
    }

    /** RFC 5040 wants the STag to be associated with the stream, which it is; the verbs want remote rights, too. */
    private static void invalidateLocalMemory(Stage stage) {
        Session session = stage.session();
        RawSegment send = invalidate(session, session.local().stag());
        RawSegment first = session.send(send).peer().expectFpdu();
        if (first.tagged() || first.opcode() != SEND) {
            new TerminateExpectation(List.of("0/1/09", "0/2/09", "0/1/02"), send).judge(first);
            session.peer().expectEnd();
        }
    }

    private static RawSegment invalidate(Session session, int stag) {
        return RawSegment.sendInvalidate(session.takeSendMsn(), stag, pattern(16));
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
