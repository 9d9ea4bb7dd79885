package io.verbena.conformance;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a stack that connects asks for, and makes of Replies. */
final class ReplyCases {
    private static final String CLOSES = "not an octet, and the connection ends";
    private static final String WORKS = "the connection works";
    private static final int RESERVED_AND_REJECT = 0x2F;
    private static final int RESERVED = 0x0F;
    private static final int MOST_READS = 0x3FFE;
    private static final int SEND_OPCODE = 3;

    private ReplyCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                new ConformanceCase(
                        "startup-request",
                        "RFC 5044 7.1.1",
                        "nothing",
                        "a Request of revision 1 or 2, reserved bits and R zero, at most 512 octets of Private Data",
                        stage -> {
                            RawStartup request = stage.meet().expectRequest();
                            Session.require(
                                    request.revision() == (request.enhanced() ? 2 : 1),
                                    "revision " + request.revision() + ", enhanced " + request.enhanced());
                            Session.require(
                                    (request.flags() & RESERVED_AND_REJECT) == 0,
                                    "reserved bits or R are set: flags " + request.flags());
                            Session.require(
                                    request.declaredLength() <= 512,
                                    request.declaredLength() + " octets of Private Data");
                        }),
                new ConformanceCase(
                        "startup-crc-is-the-default",
                        "RFC 5044 4.4",
                        "nothing",
                        "a Request that asks for CRC",
                        stage -> Session.require(
                                stage.meet().expectRequest().crc(), "the Request does not ask for CRC")),
                new ConformanceCase(
                        "startup-accepted",
                        "RFC 5044 7.1.2",
                        "a Reply that accepts, and asks for CRC",
                        WORKS,
                        stage -> stage.session().expectWorks()),
                new ConformanceCase(
                        "startup-reply-without-crc",
                        "RFC 5044 7.1.1",
                        "a Reply that does not ask for CRC",
                        WORKS + ", with CRC if the Request asked for it",
                        stage -> stage.session(reply -> reply.withCrc(false)).expectWorks()),
                new ConformanceCase(
                        "startup-reply-with-markers",
                        "RFC 5044 4.3",
                        "a Reply that asks for markers",
                        WORKS + ", with markers in every FPDU to us",
                        stage -> {
                            Session session = stage.session(reply -> reply.withMarkers(true));
                            session.expectWorks();
                            session.read(session.region(), 0, 4000);
                        }),
                new ConformanceCase(
                        "startup-reply-reserved-bits",
                        "RFC 5044 7.1.1",
                        "a Reply with all reserved bits set",
                        WORKS,
                        stage -> stage.session(reply -> reply.withFlags(reply.flags() | RESERVED))
                                .expectWorks()),
                new ConformanceCase(
                        "startup-reply-octet-by-octet",
                        "RFC 5044 7.1.2",
                        "a Reply in as many TCP segments as it has octets",
                        WORKS,
                        stage -> {
                            RawPeer peer = stage.meet();
                            RawStartup request = peer.expectRequest();
                            stage.sendOctetByOctet(peer, fitting(request).octets());
                            peer.sentReply(fitting(request));
                            new Session(peer, request).beGreeted();
                        }),
                new ConformanceCase(
                        "startup-reply-depths", "RFC 6581 9.1", "a Reply with IRD 1 and ORD 1", WORKS, stage -> {
                            Session session = stage.session(reply ->
                                    reply.enhanced() ? RawStartup.reply().withDepths(1, 1) : reply);
                            session.read(session.region(), 0, 16);
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "startup-reply-depths-not-negotiated",
                        "RFC 6581 9.1",
                        "a Reply with IRD and ORD 0x3FFF",
                        WORKS,
                        stage -> stage.session(reply -> reply.enhanced()
                                        ? RawStartup.reply()
                                                .withDepths(RawStartup.NOT_NEGOTIATED, RawStartup.NOT_NEGOTIATED)
                                        : reply)
                                .expectWorks()),
                new ConformanceCase(
                        "startup-reply-wants-too-many-reads",
                        "RFC 6581 9.1",
                        "a Reply with an ORD of 16382",
                        "Terminate 2/0/06, or the connection works because the stack serves so many",
                        ReplyCases::wantTooManyReads),
                closes("startup-reply-rejects", "RFC 5044 7.1.2", "a Reply that rejects", usual().withReject()));
    }

    /** Returns the cases that a stack must not go on with. */
    static List<ConformanceCase> refused() {
        return List.of(
                closes("startup-reply-revision-3", "RFC 5044 7.1.2", "a Reply of revision 3", usual().withRevision(3)),
                closes(
                        "startup-reply-request-key",
                        "RFC 5044 7.1.2",
                        "a Request instead of a Reply",
                        RawStartup.request().withDepths(1, 1)),
                closes(
                        "startup-reply-wrong-key",
                        "RFC 5044 7.1.2",
                        "a Reply whose key ends with another letter",
                        usual().withKey("MPA ID Rep Framf")),
                closes(
                        "startup-reply-not-mpa",
                        "RFC 5044 8",
                        "a line of HTTP",
                        "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                closes(
                        "startup-reply-private-data-too-long",
                        "RFC 5044 7.1.1",
                        "a Reply with 513 octets of Private Data",
                        usual().withPrivateData(new byte[509])),
                closes(
                        "startup-reply-enhanced-word-cut-short",
                        "RFC 6581 9",
                        "an enhanced Reply with three octets where the enhanced word has four",
                        usual().withBodyCutTo(3)),
                new ConformanceCase(
                        "startup-half-a-reply", "RFC 5044 7.1.2", "half of a Reply and a FIN", CLOSES, stage -> {
                            RawPeer peer = stage.meet();
                            peer.expectRequest();
                            peer.sendRaw(Arrays.copyOf(usual().octets(), 10)).finish();
                            peer.expectEnd();
                        }));
    }

    private static RawStartup usual() {
        return RawStartup.reply().withDepths(1, 1);
    }

    private static RawStartup fitting(RawStartup request) {
        return request.enhanced() ? usual() : RawStartup.reply();
    }

    private static void wantTooManyReads(Stage stage) {
        RawPeer peer = stage.meet();
        RawStartup request = peer.expectRequest();
        if (!request.enhanced()) {
            throw new CaseSkippedException("the Request is not enhanced");
        }
        peer.sendReply(RawStartup.reply().withDepths(1, MOST_READS));
        RawSegment first = peer.expectFpdu();
        // A stack that serves so many has nothing to refuse.
        if (first.tagged() || first.opcode() != SEND_OPCODE) {
            new TerminateExpectation(List.of("2/0/06"), null).judge(first);
            peer.expectEnd();
        }
    }

    private static ConformanceCase closes(String name, String clause, String sends, RawStartup startup) {
        return closes(name, clause, sends, startup.octets());
    }

    private static ConformanceCase closes(String name, String clause, String sends, byte[] octets) {
        return new ConformanceCase(name, clause, sends, CLOSES, stage -> {
            RawPeer peer = stage.meet();
            peer.expectRequest();
            peer.sendRaw(octets);
            peer.expectEnd();
        });
    }
}
