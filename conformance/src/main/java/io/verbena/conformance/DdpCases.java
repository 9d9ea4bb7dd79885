package io.verbena.conformance;

import static io.verbena.conformance.Refusals.refuses;
import static io.verbena.conformance.Session.pattern;

import io.verbena.conformance.raw.RawSegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** DDP segments, right and wrong. */
final class DdpCases {
    private static final String WORKS = "the connection works";
    private static final int FAR = 0x7000_0000;

    private DdpCases() {}

    static List<ConformanceCase> all() {
        return Stream.of(allowed(), untagged(), tagged()).flatMap(List::stream).toList();
    }

    private static List<ConformanceCase> allowed() {
        return List.of(
                new ConformanceCase(
                        "ddp-write",
                        "RFC 5041 5.2",
                        "a Write of 1000 octets at an odd offset",
                        "the octets are placed",
                        stage -> {
                            Session session = stage.session();
                            session.send(session.write(77, 1000)).expectMemory(77, pattern(1000));
                        }),
                new ConformanceCase(
                        "ddp-write-to-the-last-octet",
                        "RFC 5041 7.1",
                        "a Write that ends with the region",
                        "the octets are placed",
                        stage -> {
                            Session session = stage.session();
                            long offset = session.region().length() - 100;
                            session.send(session.write(offset, 100)).expectMemory(offset, pattern(100));
                        }),
                new ConformanceCase(
                        "ddp-write-of-nothing",
                        "RFC 5041 5.2",
                        "a Write of zero octets to an STag that there is not",
                        WORKS,
                        stage -> {
                            Session session = stage.session();
                            session.send(RawSegment.write(0xDEAD_BEEF, -1, new byte[0]))
                                    .expectWorks();
                        }),
                new ConformanceCase(
                        "ddp-write-in-segments",
                        "RFC 5041 5.2",
                        "a Write in four segments of odd lengths",
                        "the octets are placed",
                        stage -> {
                            Session session = stage.session();
                            int[] lengths = {1, 333, 5, 61};
                            int offset = 0;
                            for (int i = 0; i < lengths.length; i++) {
                                byte[] part = Arrays.copyOfRange(pattern(400), offset, offset + lengths[i]);
                                RawSegment segment = RawSegment.write(
                                        session.region().stag(),
                                        session.region().at(offset),
                                        part);
                                session.send(i < lengths.length - 1 ? segment.withoutLast() : segment);
                                offset += lengths[i];
                            }
                            session.expectMemory(0, pattern(400));
                        }),
                new ConformanceCase(
                        "ddp-send-in-segments",
                        "RFC 5041 5.3",
                        "a Send in three segments",
                        "it is delivered",
                        stage -> {
                            Session session = stage.session();
                            RawSegment send = session.nextSend(pattern(7));
                            session.send(send.withoutLast())
                                    .send(send.withoutLast().withOffset(7))
                                    .send(send.withOffset(14))
                                    .expectAnswer();
                        }),
                new ConformanceCase(
                        "ddp-write-between-segments-of-a-send",
                        "RFC 5041 5",
                        "a Send in two segments with a Write between them",
                        "the Send is delivered, the Write is placed",
                        stage -> {
                            Session session = stage.session();
                            RawSegment send = session.nextSend(pattern(8));
                            session.send(send.withoutLast())
                                    .send(session.write(0, 32))
                                    .send(send.withOffset(8))
                                    .expectAnswer();
                            session.expectMemory(0, pattern(32));
                        }),
                new ConformanceCase(
                        "ddp-reserved-bits",
                        "RFC 5041 4",
                        "a Write and a Send with all reserved bits of the DDP control octet set",
                        "they are placed and delivered",
                        stage -> {
                            Session session = stage.session();
                            RawSegment write = session.write(0, 40);
                            RawSegment send = session.nextSend(new byte[16]);
                            session.send(write.withDdpControl(write.ddpControl() | 0x3C))
                                    .send(send.withDdpControl(send.ddpControl() | 0x3C))
                                    .expectAnswer();
                            session.expectMemory(0, pattern(40));
                        }));
    }

    private static List<ConformanceCase> untagged() {
        return List.of(
                refuses(
                        "ddp-version-2-untagged",
                        "RFC 5041 7.1",
                        "a Send of DDP version 2",
                        session -> send(session).withDdpControl(0x42),
                        "1/2/06"),
                refuses(
                        "ddp-version-0-untagged",
                        "RFC 5041 7.1",
                        "a Send of DDP version 0",
                        session -> send(session).withDdpControl(0x40),
                        "1/2/06"),
                refuses(
                        "ddp-queue-unknown",
                        "RFC 5041 7.1",
                        "a Send on queue 7",
                        session -> send(session).withQueue(7),
                        "1/2/01"),
                refuses(
                        "ddp-queue-of-four-octets",
                        "RFC 5041 7.1",
                        "a Send on queue 0x01000000, whose low octet is 0",
                        session -> send(session).withQueue(0x0100_0000),
                        "1/2/01"),
                refuses(
                        "ddp-send-on-the-queue-of-reads",
                        "RFC 5040 5.1",
                        "a Send on queue 1",
                        session -> send(session).withQueue(1),
                        "1/2/01",
                        "0/2/06"),
                refuses(
                        "ddp-msn-skips-one",
                        "RFC 5041 7.1",
                        "a Send that skips an MSN",
                        session -> {
                            session.takeSendMsn();
                            return send(session);
                        },
                        "1/2/03",
                        "1/2/02"),
                refuses(
                        "ddp-msn-of-the-past",
                        "RFC 5041 7.1",
                        "a Send with MSN 0, which was before the first",
                        session -> RawSegment.send(0, pattern(16)),
                        "1/2/03",
                        "1/2/02"),
                refuses(
                        "ddp-msn-far-ahead",
                        "RFC 5041 7.1",
                        "a Send with an MSN far ahead",
                        session -> RawSegment.send(FAR, pattern(16)),
                        "1/2/03",
                        "1/2/02"),
                refuses(
                        "ddp-msn-of-a-read-skips-one",
                        "RFC 5041 7.1",
                        "a Read Request that skips an MSN",
                        session -> {
                            session.takeReadMsn();
                            return read(session);
                        },
                        "1/2/03",
                        "1/2/02"),
                refuses(
                        "ddp-msn-of-a-read-far-ahead",
                        "RFC 5041 7.1",
                        "a Read Request with an MSN far ahead",
                        session -> RawSegment.readRequest(
                                FAR,
                                1,
                                0,
                                16,
                                session.region().stag(),
                                session.region().at(0)),
                        "1/2/03",
                        "1/2/02"),
                refuses(
                        "ddp-message-begins-in-its-middle",
                        "RFC 5041 7.1",
                        "a Send whose first segment has Message Offset 8",
                        session -> send(session).withOffset(8),
                        "1/2/04"),
                refuses(
                        "ddp-message-offset-leaves-a-gap",
                        "RFC 5041 7.1",
                        "a Send whose second segment leaves out four octets",
                        session -> {
                            RawSegment send = session.nextSend(pattern(8));
                            session.send(send.withoutLast());
                            return send.withOffset(12);
                        },
                        "1/2/04"),
                refuses(
                        "ddp-message-offset-goes-back",
                        "RFC 5041 7.1",
                        "a Send whose second segment begins inside its first",
                        session -> {
                            RawSegment send = session.nextSend(pattern(8));
                            session.send(send.withoutLast());
                            return send.withOffset(4);
                        },
                        "1/2/04"),
                refuses(
                        "ddp-message-too-long",
                        "RFC 5041 7.1",
                        "a Send of one octet more than the receive has",
                        session -> session.nextSend(pattern(Session.RECEIVE_OCTETS + 1)),
                        "1/2/05"),
                refuses(
                        "ddp-message-becomes-too-long",
                        "RFC 5041 7.1",
                        "a Send whose second segment ends behind the receive",
                        session -> {
                            RawSegment send = session.nextSend(pattern(Session.RECEIVE_OCTETS - 4));
                            session.send(send.withoutLast());
                            return send.withPayload(pattern(5)).withOffset(Session.RECEIVE_OCTETS - 4);
                        },
                        "1/2/05"));
    }

    private static List<ConformanceCase> tagged() {
        return List.of(
                refuses(
                        "ddp-version-2-tagged",
                        "RFC 5041 7.1",
                        "a Write of DDP version 2",
                        session -> write(session).withDdpControl(0xC2),
                        "1/1/04"),
                refuses(
                        "ddp-version-0-tagged",
                        "RFC 5041 7.1",
                        "a Write of DDP version 0",
                        session -> write(session).withDdpControl(0xC0),
                        "1/1/04"),
                refuses(
                        "ddp-stag-unknown",
                        "RFC 5041 7.1",
                        "a Write to an STag that there is not",
                        session -> write(session).withStag(session.region().stag() ^ 0x5555_5500),
                        "1/1/00"),
                refuses(
                        "ddp-stag-of-zero",
                        "RFC 5041 7.1",
                        "a Write to STag 0",
                        session -> write(session).withStag(0),
                        "1/1/00"),
                refuses(
                        "ddp-stag-with-another-key",
                        "RFC 5041 7.1",
                        "a Write to an STag whose lowest bit is turned",
                        session -> write(session).withStag(session.region().stag() ^ 1),
                        "1/1/00"),
                refuses(
                        "ddp-stag-of-another-domain",
                        "RFC 5041 7.1",
                        "a Write to memory of another protection domain",
                        session -> RawSegment.write(
                                session.foreign().stag(), session.foreign().at(0), pattern(16)),
                        "1/1/02"),
                refuses(
                        "ddp-write-behind-the-end",
                        "RFC 5041 7.1",
                        "a Write whose last octet is behind the region",
                        session -> session.write(session.region().length() - 15, 16),
                        "1/1/01"),
                refuses(
                        "ddp-write-far-behind-the-end",
                        "RFC 5041 7.1",
                        "a Write that begins 4 GiB behind the region",
                        session -> session.write(1L << 32, 16),
                        "1/1/01"),
                refuses(
                        "ddp-write-before-the-start",
                        "RFC 5041 7.1",
                        "a Write whose first octet is before the region",
                        session -> session.write(-1, 16),
                        "1/1/01"),
                refuses(
                        "ddp-write-that-wraps",
                        "RFC 5041 7.1",
                        "a Write from Tagged Offset 2^64 - 8 on",
                        session -> RawSegment.write(session.region().stag(), -8, pattern(16)),
                        "1/1/03",
                        "1/1/01"),
                refuses(
                        "ddp-second-segment-behind-the-end",
                        "RFC 5041 7.1",
                        "a Write whose second segment is behind the region",
                        session -> {
                            session.send(session.write(session.region().length() - 16, 16)
                                    .withoutLast());
                            return session.write(session.region().length(), 16);
                        },
                        "1/1/01"));
    }

    private static RawSegment send(Session session) {
        return session.nextSend(pattern(16));
    }

    private static RawSegment write(Session session) {
        return session.write(0, 16);
    }

    private static RawSegment read(Session session) {
        return session.nextRead(session.region().stag(), session.region().at(0), 16);
    }
}
