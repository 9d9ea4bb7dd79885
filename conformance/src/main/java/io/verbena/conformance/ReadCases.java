package io.verbena.conformance;

import static io.verbena.conformance.Refusals.refuses;
import static io.verbena.conformance.Session.pattern;

import io.verbena.conformance.raw.RawSegment;
import java.util.Arrays;
import java.util.List;

/** RDMA Reads of the application's memory, right and wrong. */
final class ReadCases {
    private static final int LARGE = 65536;
    private static final int[] ODD_SIZES = {1, 2, 3, 5, 7, 13, 63, 255, 1000, 1447, 1461, 4095};

    private ReadCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                new ConformanceCase(
                        "read-odd-sizes",
                        "RFC 5040 5.2",
                        "Reads of 1, 2, 3, 5, 7, 13, 63, 255, 1000, 1447, 1461 and 4095 octets at odd addresses",
                        "Read Responses of the same lengths with the octets written before",
                        stage -> {
                            Session session = stage.session();
                            session.send(session.write(0, 8192));
                            for (int size : ODD_SIZES) {
                                byte[] right = Arrays.copyOfRange(pattern(8192), size, size + size);
                                session.expectMemory(size, right);
                            }
                        }),
                new ConformanceCase(
                        "read-large",
                        "RFC 5040 5.2.2",
                        "a Read of 65536 octets",
                        "a Read Response whose segments go on where the one before ends, all with the sink's STag",
                        stage -> {
                            Session session = stage.session();
                            requireLarge(session);
                            session.read(session.region(), 0, LARGE);
                        }),
                new ConformanceCase(
                        "read-nothing",
                        "RFC 5040 5.2.1",
                        "a Read of zero octets of an STag that there is not",
                        "a Read Response of zero octets with the sink's STag and offset",
                        stage -> {
                            Session session = stage.session();
                            session.send(session.nextRead(0xDEAD_BEEF, -1, 0));
                            session.expectReadResponse(0);
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "read-empty-behind-a-large",
                        "RFC 5040 5.2.1",
                        "a Read of 65536 octets, and right behind it one of zero octets",
                        "Read Responses of 65536 and of zero octets",
                        stage -> {
                            Session session = stage.session();
                            requireLarge(session);
                            requireDepth(session, 2);
                            byte[] large = session.peer()
                                    .fpduOf(session.nextRead(
                                            session.region().stag(),
                                            session.region().at(0),
                                            LARGE));
                            byte[] nothing = session.peer().fpduOf(session.nextRead(0xDEAD_BEEF, -1, 0));
                            byte[] both = Arrays.copyOf(large, large.length + nothing.length);
                            System.arraycopy(nothing, 0, both, large.length, nothing.length);
                            session.peer().sendRaw(both);
                            session.expectReadResponse(LARGE);
                            session.expectReadResponse(0);
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "read-several-at-once",
                        "RFC 5040 5.2.1",
                        "as many Reads of different sizes as agreed, at most 16, before any was answered",
                        "Read Responses in the order of the Requests",
                        stage -> {
                            Session session = stage.session();
                            int count = Math.max(1, Math.min(Stage.READ_DEPTH, agreed(session)));
                            for (int i = 1; i <= count; i++) {
                                session.send(session.nextRead(
                                        session.region().stag(),
                                        session.region().at(i),
                                        i));
                            }
                            for (int i = 1; i <= count; i++) {
                                session.expectReadResponse(i);
                            }
                        }),
                new ConformanceCase(
                        "read-for-read-only-memory",
                        "RFC 5040 8.1.1",
                        "a Read of memory for Reads only",
                        "a Read Response",
                        stage -> {
                            Session session = stage.session();
                            session.read(session.readOnly(), 0, 32);
                        }),
                refuses(
                        "read-stag-unknown",
                        "RFC 5040 7.2",
                        "a Read of an STag that there is not",
                        session -> session.nextRead(
                                session.region().stag() ^ 0x5555_5500,
                                session.region().at(0),
                                16),
                        "0/1/00"),
                refuses(
                        "read-stag-with-another-key",
                        "RFC 5040 7.2",
                        "a Read of an STag whose lowest bit is turned",
                        session -> session.nextRead(
                                session.region().stag() ^ 1, session.region().at(0), 16),
                        "0/1/00"),
                refuses(
                        "read-behind-the-end",
                        "RFC 5040 7.2",
                        "a Read whose last octet is behind the region",
                        session -> session.nextRead(
                                session.region().stag(),
                                session.region().at(session.region().length() - 15),
                                16),
                        "0/1/01"),
                refuses(
                        "read-before-the-start",
                        "RFC 5040 7.2",
                        "a Read whose first octet is before the region",
                        session -> session.nextRead(
                                session.region().stag(), session.region().at(-1), 16),
                        "0/1/01"),
                refuses(
                        "read-of-4-gib",
                        "RFC 5040 7.2",
                        "a Read of 2^32 - 1 octets",
                        session -> session.nextRead(
                                session.region().stag(), session.region().at(0), -1),
                        "0/1/01"),
                refuses(
                        "read-that-wraps",
                        "RFC 5040 7.2",
                        "a Read from Tagged Offset 2^64 - 8 on",
                        session -> session.nextRead(session.region().stag(), -8, 16),
                        "0/1/04",
                        "0/1/01"),
                refuses(
                        "read-without-the-right",
                        "RFC 5040 7.2",
                        "a Read of memory for Writes only",
                        session -> session.nextRead(
                                session.writeOnly().stag(), session.writeOnly().at(0), 16),
                        "0/1/02"),
                refuses(
                        "read-of-local-memory",
                        "RFC 5040 7.2",
                        "a Read of memory without remote rights",
                        session -> session.nextRead(
                                session.local().stag(), session.local().at(0), 16),
                        "0/1/02"),
                refuses(
                        "read-another-domain",
                        "RFC 5040 7.2",
                        "a Read of memory of another protection domain",
                        session -> session.nextRead(
                                session.foreign().stag(), session.foreign().at(0), 16),
                        "0/1/03"),
                ends("read-request-too-short", "a Read Request without its last octet", 27),
                ends("read-request-without-its-header", "a Read Request that ends behind its DDP header", 0),
                ends("read-request-too-long", "a Read Request with four octets behind its header", 32));
    }

    private static void requireLarge(Session session) {
        if (session.region().length() < LARGE) {
            throw new CaseSkippedException("the region is shorter than " + LARGE + " octets");
        }
    }

    private static void requireDepth(Session session, int reads) {
        if (agreed(session) < reads) {
            throw new CaseSkippedException("the stack takes fewer than " + reads + " Reads at a time");
        }
    }

    /** The IRD of the stack under test; revision 1 says none. */
    private static int agreed(Session session) {
        return session.startup().enhanced() ? session.startup().inboundReadDepth() : 1;
    }

    private static ConformanceCase ends(String name, String sends, int headerOctets) {
        return new ConformanceCase(
                name, "RFC 5040 4.4", sends, "the stream ends, with a Terminate of any code or without one", stage -> {
                    Session session = stage.session();
                    RawSegment right = session.nextRead(
                            session.region().stag(), session.region().at(0), 16);
                    session.send(right.withPayload(Arrays.copyOf(right.payload(), headerOctets)));
                    session.expectStreamEnds();
                });
    }
}
