package io.verbena.conformance;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import java.util.List;

/** Read depths and ready-to-receive messages, negotiated with a stack that listens (RFC 6581). */
final class OpeningCases {
    private static final int PEER_TO_PEER = 8;
    private static final int SEND = 4;
    private static final int WRITE = 2;
    private static final int READ = 1;

    private OpeningCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                depths("startup-depths", "IRD 3 and ORD 2", 3, 2),
                depths("startup-depths-of-one", "IRD 1 and ORD 1", 1, 1),
                new ConformanceCase(
                        "startup-depths-not-negotiated",
                        "RFC 6581 9.1",
                        "a Request with IRD and ORD 0x3FFF",
                        "a Reply that accepts, and Reads work",
                        stage -> {
                            Session session = stage.session(request ->
                                    request.withDepths(RawStartup.NOT_NEGOTIATED, RawStartup.NOT_NEGOTIATED));
                            session.read(session.region(), 0, 16);
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "startup-depths-of-zero",
                        "RFC 6581 9.1",
                        "a Request with IRD 0 and ORD 0",
                        "a Reply with ORD 0, and the connection works without Reads",
                        stage -> {
                            Session session = stage.session(request -> request.withDepths(0, 0));
                            int depth = session.startup().outboundReadDepth();
                            Session.require(depth == 0, "the Reply's ORD is " + depth + ", we serve no Reads");
                            session.expectWorks();
                        }),
                new ConformanceCase(
                        "startup-useless-control-flags",
                        "RFC 6581 9.2",
                        "a Request with B, C and D set but not A",
                        "a Reply with none of them, and the connection works",
                        stage -> {
                            Session session = stage.session(
                                    request -> RawStartup.request().withEnhancedWord(SEND | WRITE | READ, 4, 4));
                            Session.require(
                                    session.startup().control() == 0,
                                    "the Reply's control flags are "
                                            + session.startup().control());
                            session.expectWorks();
                        }),
                opening("startup-opened-by-write", "a zero-length Write", WRITE),
                opening("startup-opened-by-read", "a zero-length Read", READ),
                opening("startup-opened-by-any", "whichever message the Reply chooses", SEND | WRITE | READ));
    }

    private static ConformanceCase depths(String name, String what, int inbound, int outbound) {
        return new ConformanceCase(
                name,
                "RFC 6581 9.1",
                "a Request with " + what,
                "a Reply with an ORD of at most our IRD; the connection works",
                stage -> {
                    Session session = stage.session(request -> request.withDepths(inbound, outbound));
                    int depth = session.startup().outboundReadDepth();
                    Session.require(
                            depth <= inbound, "the Reply's ORD is " + depth + ", and we serve " + inbound + " Reads");
                    Session.require(session.startup().inboundReadDepth() > 0, "the Reply's IRD is 0");
                    session.read(session.region(), 0, 16);
                    session.expectWorks();
                });
    }

    private static ConformanceCase opening(String name, String what, int kinds) {
        return new ConformanceCase(
                name,
                "RFC 6581 9.2",
                "a Request for a peer-to-peer connection, opened by " + what,
                "a Reply that agrees on a message; after that message the connection works",
                stage -> {
                    RawPeer peer = stage.meet();
                    peer.sendRequest(RawStartup.request()
                            .withEnhancedWord(PEER_TO_PEER | kinds, Stage.READ_DEPTH, Stage.READ_DEPTH));
                    RawStartup reply = peer.expectReply();
                    int agreed = reply.control() & kinds;
                    Session.require((reply.control() & PEER_TO_PEER) != 0, "the Reply does not agree on peer-to-peer");
                    Session.require(agreed != 0, "the Reply agrees on no message to begin with");
                    stage.pause();
                    Session session = new Session(peer, reply);
                    open(session, agreed);
                    session.greet();
                    stage.pause();
                    session.expectWorks();
                });
    }

    private static void open(Session session, int agreed) {
        if ((agreed & WRITE) != 0) {
            session.send(RawSegment.write(0, 0, new byte[0]));
        } else if ((agreed & READ) != 0) {
            session.send(session.nextRead(0, 0, 0));
            session.expectReadResponse(0);
        } else {
            throw new CaseSkippedException("the Reply chooses a Send, which takes a receive of the application");
        }
    }
}
