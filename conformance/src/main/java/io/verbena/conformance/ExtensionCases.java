package io.verbena.conformance;

import io.verbena.conformance.raw.RawSegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Atomic operations and Immediate Data (RFC 7306). A stack need not have them; then both have an opcode that it does not
 * expect, and the other cases are skipped.
 */
final class ExtensionCases {
    private static final String UNEXPECTED_OPCODE = "0/2/06";
    private static final int FETCH_ADD = 0;
    private static final int COMPARE_SWAP = 2;
    private static final int RESERVED_CODE = 1;
    private static final int IDENTIFIER = 0x1234_5678;
    private static final int RESPONSE_OPCODE = 0xB;
    private static final int RESPONSE_QUEUE = 3;
    private static final int RESPONSE_OCTETS = 12;

    private ExtensionCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                new ConformanceCase(
                        "extension-atomic",
                        "RFC 7306 5",
                        "a FetchAdd",
                        "an Atomic Response; or Terminate 0/2/06 from a stack without atomics",
                        stage -> {
                            Session session = stage.session();
                            RawSegment request = fetchAdd(session, 0, 1);
                            RawSegment answer = session.send(request).peer().expectFpdu();
                            if (answer.opcode() == RESPONSE_OPCODE) {
                                requireResponse(answer, 1);
                                session.expectWorks();
                            } else {
                                new TerminateExpectation(List.of(UNEXPECTED_OPCODE), request).judge(answer);
                            }
                        }),
                new ConformanceCase(
                        "extension-immediate",
                        "RFC 7306 6",
                        "Immediate Data",
                        "it is delivered; or Terminate 0/2/06 from a stack without it",
                        stage -> {
                            Session session = stage.session();
                            RawSegment immediate = RawSegment.immediate(session.takeSendMsn(), 0x0102_0304_0506_0708L);
                            session.send(immediate);
                            if (!answered(session, immediate)) {
                                session.peer().expectEnd();
                            }
                        }),
                new ConformanceCase(
                        "extension-immediate-with-solicited-event",
                        "RFC 7306 6",
                        "Immediate Data with Solicited Event",
                        "it is delivered; or Terminate 0/2/06 from a stack without it",
                        stage -> {
                            Session session = stage.session();
                            RawSegment immediate = RawSegment.immediate(session.takeSendMsn(), 5)
                                    .withRdmapControl(0x49);
                            session.send(immediate);
                            if (!answered(session, immediate)) {
                                session.peer().expectEnd();
                            }
                        }),
                atomics("extension-fetch-add", "two FetchAdds, of 5 and of 7", "the values before each", session -> {
                    long first = perform(session, fetchAdd(session, 8, 5), 1);
                    long second = perform(session, fetchAdd(session, 8, 7), 2);
                    Session.require(second == first + 5, "the second found " + second + ", the first " + first);
                    Session.require(
                            perform(session, fetchAdd(session, 8, 0), 3) == second + 7, "the second added nothing");
                }),
                atomics(
                        "extension-compare-and-swap",
                        "a CompareSwap that fits, and one that does not",
                        "the first swaps, the second does not",
                        session -> {
                            long before = perform(session, fetchAdd(session, 16, 0), 1);
                            perform(session, compareSwap(session, 16, before, 99), 2);
                            long swapped = perform(session, compareSwap(session, 16, before + 1, 7), 3);
                            long after = perform(session, fetchAdd(session, 16, 0), 4);
                            Session.require(swapped == 99, "the first CompareSwap left " + swapped);
                            Session.require(after == 99, "the second CompareSwap left " + after);
                        }),
                refusesAtomic(
                        "extension-reserved-code",
                        "RFC 7306 5.2.1",
                        "an Atomic Request with a reserved operation",
                        session ->
                                request(session, RESERVED_CODE, session.region().at(0)),
                        "0/2/06"),
                refusesAtomic(
                        "extension-not-aligned",
                        "RFC 7306 8.2",
                        "a FetchAdd at an address that is not a multiple of 8",
                        session -> request(session, FETCH_ADD, session.region().at(4)),
                        "0/2/07"),
                refusesAtomic(
                        "extension-atomic-stag-unknown",
                        "RFC 7306 8.1",
                        "a FetchAdd at an STag that there is not",
                        session -> RawSegment.atomicRequest(
                                session.takeReadMsn(),
                                FETCH_ADD,
                                IDENTIFIER,
                                0,
                                session.region().at(0),
                                1,
                                0,
                                0,
                                0),
                        "0/1/00"),
                refusesAtomic(
                        "extension-atomic-behind-the-end",
                        "RFC 7306 8.1",
                        "a FetchAdd right behind the region",
                        session -> request(
                                session,
                                FETCH_ADD,
                                session.region().at(session.region().length())),
                        "0/1/01"),
                refusesAtomic(
                        "extension-atomic-without-the-right",
                        "RFC 7306 8.1",
                        "a FetchAdd on memory for Reads only",
                        session -> RawSegment.atomicRequest(
                                session.takeReadMsn(),
                                FETCH_ADD,
                                IDENTIFIER,
                                session.readOnly().stag(),
                                session.readOnly().at(0),
                                1,
                                0,
                                0,
                                0),
                        "0/1/02"),
                refusesAtomic(
                        "extension-atomic-on-the-queue-of-sends",
                        "RFC 7306 5.1.1",
                        "an Atomic Request on queue 0",
                        session -> request(session, FETCH_ADD, session.region().at(0))
                                .withQueue(0),
                        "1/2/01"),
                refusesAtomic(
                        "extension-atomic-response-nobody-asked-for",
                        "RFC 7306 5.1.2",
                        "an Atomic Response",
                        session -> RawSegment.atomicResponse(1, 1, 5),
                        "1/2/02",
                        "1/2/03",
                        "0/2/06"),
                new ConformanceCase(
                        "extension-atomic-too-short",
                        "RFC 7306 5.2.1",
                        "an Atomic Request without its last octet",
                        "the stream ends, with a Terminate of any code or without one",
                        stage -> {
                            Session session = withAtomics(stage);
                            RawSegment right =
                                    request(session, FETCH_ADD, session.region().at(0));
                            session.send(right.withPayload(Arrays.copyOf(right.payload(), 51)));
                            session.expectStreamEnds();
                        }),
                new ConformanceCase(
                        "extension-immediate-too-long",
                        "RFC 7306 6.3",
                        "Immediate Data of nine octets",
                        "Terminate 0/2/ff or 0/2/07 or 1/0/00, and the end",
                        stage -> {
                            Session session = withImmediate(stage);
                            RawSegment offender = RawSegment.immediate(session.takeSendMsn(), 5)
                                    .withPayload(new byte[9]);
                            session.send(offender).expectRefusal(offender, "0/2/ff", "0/2/07", "1/0/00");
                        }));
    }

    private static RawSegment fetchAdd(Session session, long offset, long addend) {
        return RawSegment.atomicRequest(
                session.takeReadMsn(),
                FETCH_ADD,
                IDENTIFIER,
                session.region().stag(),
                session.region().at(offset),
                addend,
                0,
                0,
                0);
    }

    private static RawSegment compareSwap(Session session, long offset, long expected, long wanted) {
        return RawSegment.atomicRequest(
                session.takeReadMsn(),
                COMPARE_SWAP,
                IDENTIFIER,
                session.region().stag(),
                session.region().at(offset),
                wanted,
                -1,
                expected,
                -1);
    }

    private static RawSegment request(Session session, int code, long address) {
        return RawSegment.atomicRequest(
                session.takeReadMsn(), code, IDENTIFIER, session.region().stag(), address, 1, -1, 0, 0);
    }

    private static long perform(Session session, RawSegment request, int msn) {
        RawSegment response = session.send(request).peer().expectFpdu();
        return requireResponse(response, msn);
    }

    private static long requireResponse(RawSegment response, int msn) {
        Session.require(
                response.opcode() == RESPONSE_OPCODE && !response.tagged() && response.queue() == RESPONSE_QUEUE,
                "expected an Atomic Response on queue 3, but got " + response);
        Session.require(
                response.msn() == msn && response.offset() == 0 && response.last(),
                "expected MSN " + msn + " and one segment: " + response);
        Session.require(
                response.payload().length == RESPONSE_OCTETS,
                "an Atomic Response has 12 octets behind its header: " + response);
        ByteBuffer header = ByteBuffer.wrap(response.payload());
        Session.require(header.getInt() == IDENTIFIER, "the Atomic Response has another Request Identifier");
        return header.getLong();
    }

    /** Returns whether the application answered; false if the stack does not know the opcode, and rightly says so. */
    private static boolean answered(Session session, RawSegment immediate) {
        RawSegment first = session.peer().expectFpdu();
        if (!first.tagged() && first.opcode() == 3) {
            return true;
        }
        new TerminateExpectation(List.of(UNEXPECTED_OPCODE), immediate).judge(first);
        return false;
    }

    private static Session withAtomics(Stage stage) {
        Session probe = stage.session();
        RawSegment answer = probe.send(fetchAdd(probe, 0, 0)).peer().expectFpdu();
        if (answer.opcode() != RESPONSE_OPCODE) {
            throw new CaseSkippedException("the stack answers no FetchAdd");
        }
        probe.peer().close();
        return stage.session();
    }

    private static Session withImmediate(Stage stage) {
        Session probe = stage.session();
        RawSegment answer =
                probe.send(RawSegment.immediate(probe.takeSendMsn(), 0)).peer().expectFpdu();
        if (answer.opcode() != 3) {
            throw new CaseSkippedException("the stack takes no Immediate Data");
        }
        probe.peer().close();
        return stage.session();
    }

    private static ConformanceCase atomics(String name, String sends, String expects, Consumer<Session> script) {
        return new ConformanceCase(name, "RFC 7306 5", sends, expects, stage -> script.accept(withAtomics(stage)));
    }

    private static ConformanceCase refusesAtomic(
            String name, String clause, String sends, Function<Session, RawSegment> offence, String... triples) {
        String expects = "Terminate " + String.join(" or ", triples) + ", and the end";
        return new ConformanceCase(name, clause, sends, expects, stage -> {
            Session session = withAtomics(stage);
            RawSegment offender = offence.apply(session);
            session.send(offender).expectRefusal(offender, triples);
        });
    }
}
