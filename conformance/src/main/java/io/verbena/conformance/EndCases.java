package io.verbena.conformance;

import io.verbena.conformance.raw.RawSegment;
import java.util.Arrays;
import java.util.List;

/** How connections end. After each of them the stack has to be there for the next. */
final class EndCases {
    private EndCases() {}

    static List<ConformanceCase> all() {
        return List.of(
                new ConformanceCase(
                        "end-in-order",
                        "RFC 5044 7.2",
                        "a FIN when nothing is outstanding",
                        "a FIN, and nothing before it; the next connection works",
                        stage -> {
                            Session session = stage.session();
                            session.peer().finish().expectClose();
                            session.peer().close();
                            stage.session().expectWorks();
                        }),
                new ConformanceCase(
                        "end-half-closed",
                        "RFC 5044 7.2",
                        "a Read Request and a FIN right behind it",
                        "the Read Response or a Terminate or neither; then the end",
                        stage -> {
                            Session session = stage.session();
                            session.send(session.nextRead(
                                    session.region().stag(), session.region().at(0), 1000));
                            session.peer().finish().skipToEnd();
                        }),
                new ConformanceCase("end-by-reset", "RFC 5040 6.2", "a RST", "the next connection works", stage -> {
                    stage.session().peer().reset();
                    stage.session().expectWorks();
                }),
                new ConformanceCase(
                        "end-inside-an-fpdu",
                        "RFC 5044 8",
                        "the first half of a Send and a FIN",
                        "the connection ends; the next one works",
                        stage -> {
                            Session session = stage.session();
                            session.peer().sendPartOfFpdu(session.nextSend(new byte[16]), 20);
                            session.peer().finish().skipToEnd();
                            session.peer().close();
                            stage.session().expectWorks();
                        }),
                new ConformanceCase(
                        "end-by-reset-inside-an-fpdu",
                        "RFC 5044 8",
                        "the first half of a Write and a RST",
                        "the next connection works",
                        stage -> {
                            Session session = stage.session();
                            session.peer()
                                    .sendPartOfFpdu(session.write(0, 1000), 500)
                                    .reset();
                            stage.session().expectWorks();
                        }),
                new ConformanceCase(
                        "end-nothing-is-heard-behind-a-terminate",
                        "RFC 5040 5.4",
                        "a Write to STag 0, and behind its Terminate's cause a good Send",
                        "the Terminate, no answer to the Send, and the end",
                        stage -> {
                            Session session = stage.session();
                            RawSegment offender = session.write(0, 16).withStag(0);
                            session.send(offender);
                            session.peer().trySendFpdu(session.nextSend(new byte[16]));
                            session.expectRefusal(offender, "1/1/00");
                        }),
                new ConformanceCase(
                        "end-by-garbage",
                        "RFC 5044 8",
                        "256 octets that are no FPDU",
                        "the stream ends, with a Terminate of any code or without one; the next connection works",
                        stage -> {
                            Session session = stage.session();
                            byte[] garbage = new byte[256];
                            Arrays.fill(garbage, (byte) 0x10);
                            garbage[0] = 0;
                            session.peer().sendRaw(garbage);
                            session.expectStreamEnds();
                            session.peer().close();
                            stage.session().expectWorks();
                        }));
    }
}
