package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.RecordedEvent;
import io.verbena.testkit.RecordingEvents;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SYS-MEM-14: expose, use, revoke in one round trip, with one request and no local call to revoke. */
@Tag("tcp")
@Timeout(60)
class CombinedRequestTest {
    private static final int OCTETS = RequestPair.OCTETS;

    /** The server waits for an STag, writes to it, and gives it back with its answer. */
    private static void serverUsesAndRevokes(
            RequestPair pair, ByteBuffer inbox, SendRequest request, boolean solicited) {
        pair.server().awaitReceiveSuccess();
        RemoteRegion told = RemoteRegion.decode(inbox.duplicate());
        pair.serverWritesOnly(told, (int) told.lengthOctets());
        pair.server()
                .post(solicited ? request.sendSolicitedInvalidate(told.stag()) : request.sendInvalidate(told.stag()));
        pair.server().awaitSendSuccess();
    }

    private static ByteBuffer inbox(RequestPair pair) {
        ByteBuffer inbox = ByteBuffer.allocateDirect(RemoteRegion.ENCODED_OCTETS);
        pair.server().postReceive(1, pair.server().register(inbox.duplicate()));
        return inbox;
    }

    private static ByteBuffer encoded(RemoteRegion remote) {
        return ByteBuffer.wrap(remote.encode());
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement({"SYS-MEM-14", "VRB-MO-08"})
    void exposesAndTellsInOneRequestAndIsRevokedByTheAnswer(Way way) {
        RecordingEvents events = new RecordingEvents();
        try (RequestPair pair =
                RequestPair.open(options -> way.apply(options).withListeners(events, new RecordingEvents()))) {
            MemoryRegion region = pair.allocate();
            ByteBuffer octets = RequestPair.filled(OCTETS);
            FastRegistration registration = RequestPair.prepare(region, octets);
            ByteBuffer inbox = inbox(pair);
            pair.client().postEmptyReceive(2);
            events.clear();
            pair.client()
                    .post(pair.request().send().exposing(registration).id(3).inline(encoded(registration.remote())));
            WorkCompletion sent = pair.client().awaitSendSuccess();
            assertThat(sent.id()).isEqualTo(3);
            assertThat(sent.operation()).isEqualTo(CompletedOperation.SEND);
            assertThat(region.valid()).isTrue();
            serverUsesAndRevokes(pair, inbox, pair.request(), false);
            WorkCompletion answer = pair.client().awaitReceiveSuccess();
            assertThat(answer.invalidated()).isTrue();
            assertThat(answer.invalidatedStag()).isEqualTo(registration.stag());
            assertThat(region.valid()).isFalse();
            assertThat(RequestPair.octets(octets, 0, OCTETS)).isEqualTo(RequestPair.pattern(OCTETS));
            // The client's whole part: one request, one message, one completion.
            if (way != Way.ONE_DEVICE) {
                assertThat(events.matching(event -> event.kind() == RecordedEvent.Kind.SEGMENT
                                && event.detail() == StackEvents.Direction.SENT))
                        .hasSize(1);
                assertThat(events.all(RecordedEvent.Kind.FAST_REGISTERED)).hasSize(1);
                assertThat(events.all(RecordedEvent.Kind.INVALIDATED)).hasSize(1);
            }
            WindowTest.requireRefused(pair, registration.remote(), "1/1/00", FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement({"SYS-MEM-14", "SYS-MEM-11"})
    void bindsAWindowAndTellsInOneRequest() {
        try (RequestPair pair = RequestPair.open()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 1000);
            MemoryWindow window = pair.client().allocateWindow(WindowType.QUEUE_PAIR);
            WindowBinding binding = window.binding(ground.region(), 100, 200, AccessFlag.REMOTE_WRITE);
            ByteBuffer inbox = inbox(pair);
            pair.client().postEmptyReceive(2);
            pair.client().post(pair.request().send().exposing(binding).id(3).inline(encoded(binding.remote())));
            pair.client().awaitSendSuccess();
            serverUsesAndRevokes(pair, inbox, pair.request(), true);
            WorkCompletion answer = pair.client().awaitReceiveSuccess();
            assertThat(answer.solicited()).isTrue();
            assertThat(answer.invalidatedStag()).isEqualTo(binding.stag());
            assertThat(window.valid()).isFalse();
            assertThat(ground.octets(100, 200)).isEqualTo(RequestPair.pattern(200));
            ground.region().close();
        }
    }

    /** The message may be made of the very octets that it exposes. */
    @Test
    @Requirement({"SYS-MEM-14", "VRB-MO-08"})
    void sendsWhatItHasJustRegistered() {
        try (RequestPair pair = RequestPair.open()) {
            ByteBuffer octets =
                    ByteBuffer.allocateDirect(100).put(RequestPair.pattern(100)).clear();
            FastRegistration registration = RequestPair.prepare(pair.allocate(), octets);
            ByteBuffer inbox = ByteBuffer.allocateDirect(100);
            pair.server().postReceive(1, pair.server().register(inbox.duplicate()));
            pair.client()
                    .post(pair.request()
                            .send()
                            .exposing(registration)
                            .local(registration.stag(), registration.startAddress(), 100));
            pair.server().awaitReceiveSuccess();
            assertThat(RequestPair.octets(inbox, 0, 100)).isEqualTo(RequestPair.pattern(100));
        }
    }

    @Test
    @Requirement("SYS-MEM-14")
    void worksWithWritesAndImmediateDataToo() {
        try (RequestPair pair = RequestPair.open()) {
            FastRegistration first = RequestPair.prepare(pair.allocate(), RequestPair.filled(100));
            FastRegistration second = RequestPair.prepare(pair.allocate(), RequestPair.filled(100));
            ByteBuffer mailbox = ByteBuffer.allocateDirect(RemoteRegion.ENCODED_OCTETS);
            MemoryRegion target = pair.server().register(mailbox.duplicate(), AccessFlag.REMOTE_WRITE);
            pair.server().postEmptyReceive(1);
            pair.client()
                    .post(pair.request()
                            .write(target.remote())
                            .exposing(first)
                            .id(1)
                            .inline(encoded(first.remote())));
            pair.client()
                    .post(pair.request()
                            .immediate(second.stag())
                            .exposing(second)
                            .id(2));
            WorkCompletion received = pair.server().awaitReceiveSuccess();
            assertThat((int) received.immediateData()).isEqualTo(second.stag());
            assertThat(RemoteRegion.decode(mailbox)).isEqualTo(first.remote());
            pair.client().awaitSendSuccess();
            pair.client().awaitSendSuccess();
            pair.serverWrites(first.remote(), 100);
            pair.serverWrites(second.remote(), 100);
        }
    }

    @Test
    @Requirement({"SYS-MEM-14", "SYS-MEM-07"})
    void sendsNothingIfTheRegistrationFails() {
        try (RequestPair pair = RequestPair.open()) {
            MemoryRegion region = pair.allocate();
            FastRegistration stale = RequestPair.prepare(region, RequestPair.filled(8));
            pair.register(1, RequestPair.prepare(region, RequestPair.filled(8)));
            pair.server().postEmptyReceive(5);
            pair.client().post(pair.request().send().exposing(stale).id(2));
            WorkCompletion failed = pair.client().awaitSend();
            RequestPair.requireFailure(failed, 2, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            pair.requireEnded();
            assertThat(pair.server().awaitReceive().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        }
    }

    /** More rounds than there are Tag Instances, with one region. */
    @Test
    @Requirement({"SYS-MEM-14", "SYS-MEM-01"})
    void goesOnForEver() {
        try (RequestPair pair = RequestPair.open()) {
            MemoryRegion region = pair.allocate();
            for (int round = 0; round < 600; round++) {
                ByteBuffer octets = RequestPair.filled(64);
                FastRegistration registration = RequestPair.prepare(region, octets);
                if (round % 7 == 0) {
                    // One that is dropped does not matter.
                    registration = RequestPair.prepare(region, octets);
                }
                pair.server().postEmptyReceive(1);
                pair.client().postEmptyReceive(2);
                pair.client().post(pair.request().send().exposing(registration).id(3));
                pair.server().awaitReceiveSuccess();
                pair.serverWritesOnly(registration.remote(), 64);
                pair.server().post(pair.request().sendInvalidate(registration.stag()));
                pair.server().awaitSendSuccess();
                assertThat(pair.client().awaitReceiveSuccess().invalidatedStag())
                        .isEqualTo(registration.stag());
                assertThat(RequestPair.octets(octets, 0, 64)).isEqualTo(RequestPair.pattern(64));
                pair.client().awaitSendSuccess();
            }
        }
    }
}
