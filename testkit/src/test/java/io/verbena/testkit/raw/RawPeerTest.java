package io.verbena.testkit.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two raw peers talk to each other: both roles, every expectation met and missed. */
@Tag("tcp")
@Timeout(20)
class RawPeerTest {
    @ParameterizedTest
    @CsvSource({"false,false,false", "true,false,false", "true,true,false", "true,false,true", "false,true,true"})
    void exchangesFramesInBothRoles(boolean crc, boolean markersToResponder, boolean markersToInitiator) {
        try (RawListener listener = RawPeer.listen();
                RawPeer initiator = RawPeer.connect(listener.address());
                RawPeer responder = listener.accept()) {
            initiator.sendRequest(RawStartup.request()
                    .withDepths(4, 5)
                    .withCrc(crc)
                    .withMarkers(markersToInitiator)
                    .withPrivateData(new byte[] {1, 2, 3}));
            RawStartup request = responder.expectRequest();
            assertThat(request.privateData()).containsExactly(1, 2, 3);
            assertThat(request.inboundReadDepth()).isEqualTo(4);
            assertThat(request.outboundReadDepth()).isEqualTo(5);
            responder.sendReply(RawStartup.reply().withDepths(5, 4).withCrc(crc).withMarkers(markersToResponder));
            initiator.expectReply();
            for (int length = 0; length < 2000; length += 399) {
                RawSegment there = RawSegment.write(7, length, new byte[length]);
                initiator.sendFpdu(there);
                assertThat(responder.expectFpdu().octets()).isEqualTo(there.octets());
                RawSegment back = RawSegment.send(length, new byte[length]);
                responder.sendFpdu(back);
                assertThat(initiator.expectFpdu().octets()).isEqualTo(back.octets());
            }
            initiator.finish();
            responder.expectClose();
        }
    }

    @Test
    void tellsCloseFromReset() {
        try (RawListener listener = RawPeer.listen();
                RawPeer one = RawPeer.connect(listener.address());
                RawPeer other = listener.accept()) {
            one.reset();
            assertThatThrownBy(other::expectClose).isInstanceOf(AssertionError.class);
            try (RawPeer third = RawPeer.connect(listener.address());
                    RawPeer fourth = listener.accept()) {
                third.finish();
                assertThatThrownBy(fourth::expectReset).isInstanceOf(AssertionError.class);
                fourth.reset();
                third.expectReset();
            }
        }
    }

    /** An expectation has one deadline, not each of its reads. */
    @Test
    void waitsNoLongerForAPeerThatNeverStops() throws Exception {
        try (RawListener listener = RawPeer.listen();
                RawPeer one = RawPeer.connect(listener.address());
                RawPeer other = listener.accept()) {
            one.waitAtMost(Duration.ofMillis(200));
            AtomicBoolean enough = new AtomicBoolean();
            Thread flood = new Thread(() -> {
                try {
                    while (!enough.get()) {
                        other.sendRaw(new byte[1]);
                    }
                } catch (UncheckedIOException reset) {
                    // The reset below ends a write that waits for room.
                    enough.set(true);
                }
            });
            flood.start();
            try {
                assertThatThrownBy(one::skipToEnd).hasMessageContaining("in time");
            } finally {
                enough.set(true);
                one.reset();
                flood.join();
            }
        }
    }

    @Test
    void waitsNoLongerThanTold() {
        try (RawListener listener = RawPeer.listen();
                RawPeer one = RawPeer.connect(listener.address());
                RawPeer other = listener.accept()) {
            one.waitAtMost(Duration.ofMillis(20));
            assertThat(one.nothingArrived()).isTrue();
            assertThatThrownBy(one::expectReply).isInstanceOf(AssertionError.class);
            assertThatThrownBy(one::expectClose).isInstanceOf(AssertionError.class);
            other.sendRaw("00 01");
            assertThatThrownBy(one::expectClose).hasMessageContaining("sent more");
        }
    }

    @Test
    void insistsOnTheRightTerminate() {
        try (RawListener listener = RawPeer.listen();
                RawPeer one = RawPeer.connect(listener.address());
                RawPeer other = listener.accept()) {
            one.sendRequest(RawStartup.request());
            other.expectRequest();
            other.sendReply(RawStartup.reply());
            one.expectReply();
            other.sendFpdu(RawSegment.terminate(1, 2, 5));
            other.sendFpdu(RawSegment.send(1, new byte[0]));
            assertThatThrownBy(() -> one.expectTerminate(1, 2, 4)).hasMessageContaining("1/2/05");
            assertThatThrownBy(() -> one.expectTerminate(1, 2, 4)).hasMessageContaining("expected a Terminate");
        }
    }
}
