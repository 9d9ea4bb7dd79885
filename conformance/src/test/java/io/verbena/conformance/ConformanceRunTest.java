package io.verbena.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A runner that calls everything right would be of no use: each of these stacks is wrong in one thing, and is seen. */
@Timeout(60)
class ConformanceRunTest {
    @ParameterizedTest
    @CsvSource({
        "ddp-stag-unknown",
        "ddp-stag-of-zero",
        "ddp-write-of-nothing",
        "read-nothing",
        "startup-revision-2",
        "startup-wrong-key",
        "rdmap-thirty-two-sends"
    })
    void passesAStackThatIsRight(String name) throws Exception {
        CaseResult result = play(WrongStack.Fault.NONE, name);

        assertThat(result.outcome()).as(result.reason()).isEqualTo(CaseOutcome.PASS);
        assertThat(result.reason()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ANOTHER_CODE | ddp-stag-unknown | expected Terminate 1/1/00: it is 1/1/01",
                "NO_TERMINATE | ddp-stag-unknown | expected Terminate 1/1/00, but the peer closed",
                "SILENCE | ddp-stag-unknown | expected Terminate 1/1/00, but none came in time",
                "LITTLE_ENDIAN_BIT_FIELD | ddp-stag-unknown | control octets 11 00 03 00 are in the order of a "
                        + "little-endian bit field",
                "ANOTHER_LENGTH | ddp-stag-unknown | DDP Segment Length is 16 instead of 30",
                "NOTHING_RETURNED | ddp-stag-unknown | it should return the DDP header (M and D)",
                "STAYS_OPEN | ddp-stag-unknown | expected the connection to end, but nothing came in time",
                "RESET | ddp-stag-unknown | the connection broke: Connection reset",
                "BAD_CRC | ddp-stag-unknown | no session with the application: bad FPDU at octet 0 of the stream: CRC is wrong",
                "ANOTHER_SINK | read-nothing | the Read Response names another STag than the request",
                "OCTETS_FOR_NOTHING | read-nothing | the Read Response has octets, though none were asked for",
                "BAD_CRC | ddp-write-of-nothing | CRC is wrong",
                "MSN_STANDS_STILL | ddp-write-of-nothing | expected MSN 2",
                "REJECTS | startup-revision-2 | expected a Reply that accepts, but it rejects",
                "RESERVED_BITS | startup-reserved-bits | reserved bits are set in the Reply",
                "TAKES_ANY_KEY | startup-wrong-key | expected the connection to end, but the peer sent more"
            })
    void seesWhatAStackDoesWrong(WrongStack.Fault fault, String name, String words) throws Exception {
        CaseResult result = play(fault, name);

        assertThat(result.outcome()).isEqualTo(CaseOutcome.DIFFERS);
        assertThat(result.reason()).contains(words);
    }

    @Test
    void skipsWhatTheApplicationDoesNotOffer() throws Exception {
        CaseResult result = play(WrongStack.Fault.NONE, "rdmap-write-without-the-right");

        assertThat(result.outcome()).isEqualTo(CaseOutcome.SKIPPED);
        assertThat(result.reason()).isEqualTo("the application offers no region for Reads only");
    }

    @Test
    void saysThatNobodyIsThereAndDoesNotTryEveryCase() throws Exception {
        InetSocketAddress deserted;
        try (RawListener listener = listen(WrongStack.LONGEST)) {
            deserted = listener.address();
        }
        Subject subject = Subject.listening(deserted, Duration.ofSeconds(2), Duration.ZERO);
        List<CaseResult> told = new ArrayList<>();

        List<CaseResult> results =
                new ConformanceRun(subject, told::add).play(ConformanceCases.of(SubjectRole.RESPONDER));

        assertThat(told).isEqualTo(results);
        assertThat(results.get(0).outcome()).isEqualTo(CaseOutcome.DIFFERS);
        assertThat(results.get(0).reason()).startsWith("nobody accepts TCP connections at ");
        assertThat(CaseOutcome.SKIPPED.count(results)).isEqualTo(results.size() - 1);
    }

    @Test
    void playsACaseAloneWithAStackOfItsOwn() throws Exception {
        List<String> story = new ArrayList<>();
        try (WrongStack stack = new WrongStack(WrongStack.Fault.NONE)) {
            Subject subject = Subject.listening(stack.address(), WrongStack.LONGEST, Duration.ZERO);
            new ConformanceRun(subject, each -> story.add(each.played().name()))
                    .isolating(each -> each.name().startsWith("ddp-stag"), () -> story.add("restart"))
                    .play(named(
                            "ddp-write-of-nothing", "ddp-stag-unknown", "ddp-stag-of-zero", "rdmap-send-of-nothing"));
        }

        assertThat(story)
                .containsExactly(
                        "ddp-write-of-nothing",
                        "restart",
                        "ddp-stag-unknown",
                        "restart",
                        "ddp-stag-of-zero",
                        "restart",
                        "rdmap-send-of-nothing");
    }

    @Test
    void restartsNothingForNothing() throws Exception {
        List<String> story = new ArrayList<>();
        try (WrongStack stack = new WrongStack(WrongStack.Fault.NONE)) {
            Subject subject = Subject.listening(stack.address(), WrongStack.LONGEST, Duration.ZERO);
            new ConformanceRun(subject, each -> {})
                    .isolating(each -> true, () -> story.add("restart"))
                    .play(named("ddp-stag-unknown"));
        }

        assertThat(story).isEmpty();
    }

    @Test
    void aRestartedStackIsNotGoneAnyMore() throws Exception {
        InetSocketAddress deserted;
        try (RawListener listener = listen(WrongStack.LONGEST)) {
            deserted = listener.address();
        }
        Subject subject = Subject.listening(deserted, Duration.ofSeconds(2), Duration.ZERO);

        List<CaseResult> results = new ConformanceRun(subject, each -> {})
                .isolating(each -> each.name().equals("ddp-stag-of-zero"), () -> {})
                .play(named("ddp-write-of-nothing", "ddp-stag-unknown", "ddp-stag-of-zero"));

        assertThat(results)
                .extracting(CaseResult::outcome)
                .containsExactly(CaseOutcome.DIFFERS, CaseOutcome.SKIPPED, CaseOutcome.DIFFERS);
    }

    @Test
    void dropsTheConnectionsOfTheStackThatWasRestarted() throws Exception {
        try (RawListener listener = listen(Duration.ofMillis(50))) {
            RawPeer met = RawPeer.connect(listener.address());
            RawPeer left = RawPeer.connect(listener.address());
            ConformanceRun run = new ConformanceRun(Subject.connecting(listener, Duration.ZERO), each -> {});

            List<CaseResult> results = run.isolating(each -> true, () -> {})
                    .play(ConformanceCases.of(SubjectRole.INITIATOR).subList(0, 2));
            met.close();
            left.close();

            assertThat(results.get(1).reason()).startsWith("nobody connects to ");
        }
    }

    @Test
    void anInterruptEndsTheRun() {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Subject subject = Subject.listening(nowhere, Duration.ofSeconds(2), Duration.ZERO);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> new ConformanceRun(subject, each -> {}).play(named("ddp-write")))
                .withMessage("interrupted before ddp-write");
    }

    @Test
    void givesUpWithAnApplicationThatDoesNotGreet() throws Exception {
        try (WrongStack stack = new WrongStack(WrongStack.Fault.BAD_CRC)) {
            Subject subject = Subject.listening(stack.address(), WrongStack.LONGEST, Duration.ZERO);
            List<ConformanceCase> cases = ConformanceCases.of(SubjectRole.RESPONDER).stream()
                    .filter(each -> each.name().startsWith("ddp-"))
                    .toList();

            List<CaseResult> results = new ConformanceRun(subject, each -> {}).play(cases);

            assertThat(CaseOutcome.DIFFERS.count(results)).isEqualTo(8);
            assertThat(results.get(7).reason()).startsWith("no session with the application: ");
            assertThat(results.get(8).outcome()).isEqualTo(CaseOutcome.SKIPPED);
            assertThat(results.get(8).reason())
                    .isEqualTo("no session with the application could be had 8 times in a row");
        }
    }

    @Test
    void saysWhichKeyCame() throws Exception {
        try (ServerSocket echo = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket socket = echo.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            server.start();
            Subject subject = Subject.listening(
                    (InetSocketAddress) echo.getLocalSocketAddress(), WrongStack.LONGEST, Duration.ZERO);

            CaseResult result = new ConformanceRun(subject, each -> {})
                    .play(named("ddp-write"))
                    .get(0);
            server.join(WrongStack.LONGEST.toMillis());

            assertThat(result.reason()).endsWith("expected an MPA Reply, but the key is 'MPA ID Req Frame'");
        }
    }

    @Test
    void saysThatNobodyConnects() throws Exception {
        try (RawListener listener = listen(Duration.ofMillis(50))) {
            List<CaseResult> results = new ConformanceRun(Subject.connecting(listener, Duration.ZERO), each -> {})
                    .play(ConformanceCases.of(SubjectRole.INITIATOR));

            assertThat(results.get(0).reason()).startsWith("nobody connects to ");
        }
    }

    @ParameterizedTest
    @EnumSource(SubjectRole.class)
    void eachCaseSaysWhatItIs(SubjectRole role) throws Exception {
        List<ConformanceCase> cases = ConformanceCases.of(role);

        assertThat(cases).hasSizeGreaterThan(100);
        assertThat(cases).extracting(ConformanceCase::name).doesNotHaveDuplicates();
        assertThat(cases).allSatisfy(each -> {
            assertThat(each.name()).matches("(startup|fpdu|ddp|rdmap|read|extension|end)(-[a-z0-9]+)+");
            assertThat(each.clause()).matches("RFC (5040|5041|5044|6581|7306) [0-9.]+");
            assertThat(each.sends()).isNotBlank();
            assertThat(each.expects()).isNotBlank();
        });
    }

    private static CaseResult play(WrongStack.Fault fault, String name) throws Exception {
        try (WrongStack stack = new WrongStack(fault)) {
            boolean slow = fault == WrongStack.Fault.SILENCE || fault == WrongStack.Fault.STAYS_OPEN;
            Duration longest = slow ? Duration.ofMillis(300) : WrongStack.LONGEST;
            Subject subject = Subject.listening(stack.address(), longest, Duration.ZERO);
            return new ConformanceRun(subject, each -> {}).play(named(name)).get(0);
        }
    }

    private static List<ConformanceCase> named(String... names) {
        return ConformanceCases.of(SubjectRole.RESPONDER).stream()
                .filter(each -> List.of(names).contains(each.name()))
                .sorted(Comparator.comparing(each -> List.of(names).indexOf(each.name())))
                .toList();
    }

    private static RawListener listen(Duration longest) {
        return RawPeer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), longest, longest);
    }
}
