package io.verbena.conformance;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What a stack that listens makes of Requests. */
final class RequestCases {
    private static final String CLOSES = "no Reply, and the connection ends";
    private static final String WORKS = "a Reply that accepts, and the connection works";
    private static final int RESERVED = 0x0F;
    private static final int RESERVED_AND_REJECT = 0x2F;

    private RequestCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                new ConformanceCase(
                        "startup-revision-1",
                        "RFC 5044 7.1.1",
                        "a Request of revision 1",
                        "a Reply of revision 1 without an enhanced word, and the connection works",
                        stage -> {
                            Session session = stage.session(request -> RawStartup.request());
                            requireReply(session, 1, false);
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "startup-revision-2",
                        "RFC 6581 9",
                        "a Request of revision 2 with an enhanced word",
                        "a Reply of revision 2 with an enhanced word, and the connection works",
                        stage -> {
                            Session session = stage.session();
                            requireReply(session, 2, true);
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "startup-without-crc",
                        "RFC 5044 7.1.1",
                        "a Request that does not ask for CRC",
                        WORKS + ", with CRC if the Reply asks for it",
                        stage ->
                                stage.session(request -> request.withCrc(false)).expectWorks()),
                new ConformanceCase(
                        "startup-with-markers",
                        "RFC 5044 4.3",
                        "a Request that asks for markers",
                        WORKS + ", with markers in every FPDU to us",
                        stage -> {
                            Session session = stage.session(request -> request.withMarkers(true));
                            session.expectWorks();
                            session.read(session.region(), 0, 4000);
                        }),
                new ConformanceCase(
                        "startup-with-markers-and-without-crc",
                        "RFC 5044 4.3",
                        "a Request that asks for markers and not for CRC",
                        WORKS + ", with markers in every FPDU to us",
                        stage -> {
                            Session session = stage.session(
                                    request -> request.withMarkers(true).withCrc(false));
                            session.read(session.region(), 0, 4000);
                        }),
                new ConformanceCase(
                        "startup-reserved-bits",
                        "RFC 5044 7.1.1",
                        "a Request with all reserved bits and R set",
                        "a Reply in which they are zero, and the connection works",
                        stage -> {
                            Session session =
                                    stage.session(request -> request.withFlags(request.flags() | RESERVED_AND_REJECT));
                            Session.require(
                                    (session.startup().flags() & RESERVED) == 0,
                                    "reserved bits are set in the Reply: flags "
                                            + session.startup().flags());
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "startup-private-data-longest",
                        "RFC 5044 7.1.1",
                        "a Request with 512 octets of Private Data",
                        WORKS,
                        stage -> stage.session(request -> RawStartup.request().withPrivateData(new byte[512]))
                                .expectWorks()),
                new ConformanceCase(
                        "startup-octet-by-octet",
                        "RFC 5044 7.1.2",
                        "a Request in as many TCP segments as it has octets",
                        "a Reply that accepts",
                        stage -> {
                            RawPeer peer = stage.meet();
                            RawStartup request = stage.usualStartup();
                            stage.sendOctetByOctet(peer, request.octets());
                            RawStartup reply = RawStartup.header(peer.expectOctets(RawStartup.HEADER_OCTETS));
                            Session.require(reply.isReply() && !reply.rejected(), "the Reply does not accept");
                        }),
                new ConformanceCase(
                        "startup-bad-first-fpdu",
                        "RFC 5044 7.1.2",
                        "a Request, and as first FPDU one with a wrong CRC",
                        "no FPDU, because none has been validated; the connection ends",
                        stage -> {
                            RawPeer peer = stage.meet();
                            peer.sendRequest(stage.usualStartup());
                            peer.expectReply();
                            stage.pause();
                            peer.sendFpdu(RawSegment.send(1, new byte[16]), RawFault.CRC);
                            peer.expectEnd();
                        }),
                new ConformanceCase(
                        "startup-silent-before-the-first-fpdu",
                        "RFC 5044 7.1.2",
                        "a Request, and nothing behind it for 200 ms",
                        "a Reply and no FPDU; then the connection works",
                        stage -> {
                            RawPeer peer = stage.meet();
                            peer.sendRequest(stage.usualStartup());
                            RawStartup reply = peer.expectReply();
                            stage.pause(Duration.ofMillis(200));
                            Session.require(peer.nothingArrived(), "something came before our first FPDU");
                            new Session(peer, reply).greet();
                        }));
    }

    /** Returns the cases that a stack must not answer. */
    static List<ConformanceCase> refused() {
        return List.of(
                new ConformanceCase(
                        "startup-revision-0",
                        "RFC 5044 7.1.1",
                        "a Request of revision 0",
                        "no Reply, or one of another revision, and the connection ends; or a Reply of revision 0 with M and C, "
                                + "from a stack that interoperates with the RDMA Consortium's",
                        RequestCases::revisionZero),
                closes("startup-revision-3", "RFC 5044 7.1.2", "a Request of revision 3", usual().withRevision(3)),
                closes("startup-reply-key", "RFC 5044 7.1.2", "a Reply instead of a Request", RawStartup.reply()),
                closes(
                        "startup-wrong-key",
                        "RFC 5044 7.1.2",
                        "a Request whose key ends with another letter",
                        usual().withKey("MPA ID Req Framf")),
                closes(
                        "startup-not-mpa",
                        "RFC 5044 8",
                        "a line of HTTP",
                        "GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                closes(
                        "startup-private-data-too-long",
                        "RFC 5044 7.1.1",
                        "a Request with 513 octets of Private Data",
                        usual().withPrivateData(new byte[513])),
                closes(
                        "startup-private-data-length-of-65535",
                        "RFC 5044 7.1.1",
                        "a Request that announces 65535 octets of Private Data",
                        usual().withDeclaredLength(0xFFFF)),
                closes(
                        "startup-octets-behind-the-request",
                        "RFC 5044 7.1.2",
                        "a Request with four octets behind its Private Data",
                        usual().withPrivateData(new byte[8]).withDeclaredLength(4)),
                new ConformanceCase(
                        "startup-enhanced-word-cut-short",
                        "RFC 6581 9",
                        "an enhanced Request with three octets where the enhanced word has four",
                        "no Reply or one that rejects, and the connection ends",
                        stage -> {
                            RawPeer peer = stage.meet();
                            peer.sendRequest(usual().withDepths(1, 1).withBodyCutTo(3));
                            if (peer.awaitOctet()) {
                                Session.require(peer.expectReply().rejected(), "the Reply accepts");
                                peer.expectEnd();
                            }
                        }),
                new ConformanceCase(
                        "startup-half-a-request", "RFC 5044 7.1.2", "half of a Request and a FIN", CLOSES, stage -> {
                            RawPeer peer = stage.meet();
                            peer.sendRaw(Arrays.copyOf(usual().octets(), 10)).finish();
                            peer.expectEnd();
                        }));
    }

    /** RFC 5044 appendix C: who does not speak revision 0 closes, behind a Reply or without one; who does wants markers. */
    private static void revisionZero(Stage stage) {
        RawPeer peer = stage.meet();
        peer.sendRequest(usual().withRevision(0));
        if (!peer.awaitOctet()) {
            return;
        }
        RawStartup reply = peer.expectReply();
        if (reply.revision() == 0) {
            Session.require(reply.markers() && reply.crc(), "the Reply is of revision 0, but without M and C");
        } else {
            peer.expectEnd();
        }
    }

    private static RawStartup usual() {
        return RawStartup.request();
    }

    private static void requireReply(Session session, int revision, boolean enhanced) {
        RawStartup reply = session.startup();
        Session.require(reply.revision() == revision, "the Reply is of revision " + reply.revision());
        Session.require(
                reply.enhanced() == enhanced, "the Reply " + (enhanced ? "has no" : "has an") + " enhanced word");
    }

    private static ConformanceCase closes(String name, String clause, String sends, RawStartup startup) {
        return closes(name, clause, sends, startup.octets());
    }

    private static ConformanceCase closes(String name, String clause, String sends, byte[] octets) {
        return new ConformanceCase(name, clause, sends, CLOSES, stage -> {
            RawPeer peer = stage.meet();
            peer.sendRaw(octets);
            peer.expectEnd();
        });
    }
}
