package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.Reregistration;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Registration through the send queue (SYS-MEM-05). */
@Tag("tcp")
@Timeout(60)
class FastRegistrationTest {
    private static final int OCTETS = RequestPair.OCTETS;

    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement({"SYS-MEM-05", "SYS-MEM-04", "VRB-MO-08", "VRB-MO-02"})
    void servesTheRequestsBehindItHere(Way way) {
        try (RequestPair pair = RequestPair.open(way::apply)) {
            MemoryRegion region = pair.allocate();
            ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS)
                    .put(RequestPair.pattern(OCTETS))
                    .clear();
            FastRegistration registration = RequestPair.prepare(region, octets);
            MemoryRegion inbox = pair.server().register(OCTETS);
            pair.server().postReceive(1, inbox);
            // Nobody waits for the registration: the STag is known, and the queue is processed in order.
            SendBatch batch = new SendBatch();
            batch.add().fastRegister(registration).id(1);
            batch.add().send().id(2).local(registration.stag(), registration.startAddress(), OCTETS);
            assertThat(pair.client().queuePair().postSend(batch)).isEqualTo(2);
            assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(OCTETS);
            WorkCompletion registered = pair.client().awaitSendSuccess();
            assertThat(registered.id()).isEqualTo(1);
            assertThat(registered.operation()).isEqualTo(CompletedOperation.FAST_REGISTER);
            assertThat(registered.lengthOctets()).isZero();
            assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(2);
            assertThat(region.valid()).isTrue();
            assertThat(region.stag()).isEqualTo(registration.stag());
            assertThat(region.query().lengthOctets()).isEqualTo(OCTETS);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement({"SYS-MEM-05", "VRB-MO-08"})
    void servesThePeerThatIsToldBehindIt(Way way) {
        try (RequestPair pair = RequestPair.open(way::apply)) {
            ByteBuffer octets = RequestPair.filled(OCTETS + 100);
            FastRegistration registration = RequestPair.prepare(pair.allocate(), octets);
            RemoteRegion told = tell(pair, registration);
            pair.serverWrites(told, OCTETS);
            assertThat(RequestPair.octets(octets, 0, OCTETS)).isEqualTo(RequestPair.pattern(OCTETS));
            assertThat(RequestPair.octets(octets, OCTETS, 100)).containsOnly(0xA5);
            assertThat(pair.serverReads(told, OCTETS)).isEqualTo(RequestPair.pattern(OCTETS));
        }
    }

    /** Registers and tells the server in one batch; returns what the server has read in the message. */
    private static RemoteRegion tell(RequestPair pair, FastRegistration registration) {
        ByteBuffer message = ByteBuffer.allocateDirect(RemoteRegion.ENCODED_OCTETS);
        MemoryRegion inbox = pair.server().register(message.duplicate());
        pair.server().postReceive(1, inbox);
        pair.client().post(pair.request().fastRegister(registration).id(1).signaled(false));
        pair.client()
                .post(pair.request()
                        .send()
                        .id(2)
                        .inline(ByteBuffer.wrap(registration.remote().encode())));
        pair.server().awaitReceiveSuccess();
        assertThat(pair.client().awaitSendSuccess().id()).isEqualTo(2);
        return RemoteRegion.decode(message);
    }

    @Test
    @Requirement("SYS-MEM-05")
    void sendsNothingAndNeedsNoPeerThatSpeaksFirst() {
        // Posted before there is a connection, and carried out at the end that may not speak first.
        try (RequestPair pair = RequestPair.open()) {
            PairEnd silent = pair.pair().newServerEnd();
            MemoryRegion region = silent.allocateRegion(4, true);
            FastRegistration registration = RequestPair.prepare(region, ByteBuffer.allocateDirect(100));
            silent.post(pair.request().fastRegister(registration).id(5));
            assertThat(region.valid()).isFalse();
            PairEnd client = pair.pair().newClientEnd();
            pair.pair().connect(new PairLink(client, silent));
            assertThat(silent.awaitSendSuccess().id()).isEqualTo(5);
            assertThat(region.valid()).isTrue();
            // The very first message of the peer finds the memory.
            MemoryRegion source = client.register(100);
            client.post(pair.request().write(registration.remote()).local(source, 0, 100));
            client.awaitSendSuccess();
            pair.proveDelivery(client, silent);
        }
    }

    @Test
    @Requirement({"SYS-MEM-05", "SYS-MEM-01", "VRB-MO-07"})
    void givesEachRegistrationAnStagOfItsOwnAndTheOldOneLeadsNowhere() {
        try (RequestPair pair = RequestPair.open()) {
            MemoryRegion region = pair.allocate();
            ByteBuffer before = RequestPair.filled(100);
            ByteBuffer after = RequestPair.filled(100);
            FastRegistration first = RequestPair.prepare(region, before);
            FastRegistration second = RequestPair.prepare(region, after);
            assertThat(second.stag()).isNotEqualTo(first.stag());
            assertThat(second.stag() >>> 8).isEqualTo(first.stag() >>> 8);
            pair.register(1, first);
            pair.client().post(pair.request().localInvalidate(first.stag()).id(2));
            pair.client().post(pair.request().fastRegister(second).id(3));
            assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.LOCAL_INVALIDATE);
            pair.client().awaitSendSuccess();
            pair.serverWrites(second.remote(), 50);
            assertThat(RequestPair.octets(after, 0, 50)).isEqualTo(RequestPair.pattern(50));
            pair.serverTriesToWrite(new RemoteRegion(first.stag(), second.startAddress(), 8));
            pair.server().awaitState(QueuePairState.ERROR);
            assertThat(pair.server().queuePair().query().terminate().triple()).isEqualTo("1/1/00");
            assertThat(RequestPair.octets(before, 0, 100)).containsOnly(0xA5);
            assertThat(RequestPair.octets(after, 50, 50)).containsOnly(0xA5);
        }
    }

    // ---- refusals: the completion names the check, the entry is as it was, the connection lives on ----

    private static RequestPair reactive() {
        return RequestPair.open(RegistrationFailurePolicy.REACTIVE);
    }

    private static void requireRefused(
            RequestPair pair, FastRegistration registration, WorkCompletionStatus status, FailedCheck check) {
        pair.client().post(pair.request().fastRegister(registration).id(77));
        WorkCompletion failed = pair.client().awaitSend();
        RequestPair.requireFailure(failed, 77, status, check);
        assertThat(failed.operation()).isEqualTo(CompletedOperation.FAST_REGISTER);
        assertThat(failed.cause().hasTarget()).isTrue();
        assertThat(failed.cause().stag()).isEqualTo(registration.stag());
        assertThat(failed.cause().lengthOctets()).isEqualTo(registration.lengthOctets());
        pair.client().queuePair().resumeSendQueue();
        pair.proveDelivery(pair.client(), pair.server());
    }

    @Test
    @Requirement("SYS-MEM-05")
    void refusesAQueuePairThatIsNotEnabled() {
        try (RequestPair pair = RequestPair.open(options -> options.withQueuePairs(queuePair ->
                queuePair.withFastRegister(false).withRegistrationFailurePolicy(RegistrationFailurePolicy.REACTIVE)))) {
            MemoryRegion region = pair.allocate();
            FastRegistration registration = RequestPair.prepare(region, ByteBuffer.allocateDirect(8));
            requireRefused(pair, registration, WorkCompletionStatus.NOT_ENABLED, FailedCheck.FAST_REGISTER_NOT_ENABLED);
            assertThat(region.valid()).isFalse();
        }
    }

    /** What is the first thing wrong with a registration that is wrong in every later respect, too. */
    enum Fault {
        NOT_ENABLED(WorkCompletionStatus.NOT_ENABLED, FailedCheck.FAST_REGISTER_NOT_ENABLED),
        STALE(WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE),
        OTHER_DOMAIN(WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN, FailedCheck.PROTECTION_DOMAIN),
        VALID(WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.ENTRY_NOT_INVALID),
        TOO_LONG(WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.PAGE_LIST_ROOM);

        private final WorkCompletionStatus status;
        private final FailedCheck check;

        Fault(WorkCompletionStatus status, FailedCheck check) {
            this.status = status;
            this.check = check;
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    @Requirement("SYS-MEM-05")
    void namesTheFirstCheckThatFails(Fault fault) {
        try (RequestPair pair = RequestPair.open(options -> options.withQueuePairs(queuePair -> queuePair
                .withFastRegister(fault != Fault.NOT_ENABLED)
                .withRegistrationFailurePolicy(RegistrationFailurePolicy.REACTIVE)))) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            RegionOptions pages = RegionOptions.access(AccessFlag.REMOTE_READ).withPageOctets(4096);
            ProtectionDomain domain = fault.compareTo(Fault.OTHER_DOMAIN) <= 0
                    ? other
                    : pair.client().domain();
            MemoryRegion region = fault == Fault.TOO_LONG
                    ? domain.allocateRegion(1, false)
                    : domain.register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.defaults());
            FastRegistration wrong = region.fastRegistration(List.of(ByteBuffer.allocateDirect(3 * 4096)), pages);
            if (fault.compareTo(Fault.STALE) <= 0) {
                region.reregister(Reregistration.access(AccessFlag.LOCAL_WRITE));
            }
            boolean before = region.valid();
            requireRefused(pair, wrong, fault.status, fault.check);
            assertThat(region.valid()).isEqualTo(before);
            region.close();
            other.close();
        }
    }

    @Test
    @Requirement({"SYS-MEM-05", "VRB-PD-04"})
    void refusesARegionOfAnotherDomain() {
        try (RequestPair pair = reactive()) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            MemoryRegion region = other.allocateRegion(4, true);
            FastRegistration registration = RequestPair.prepare(region, ByteBuffer.allocateDirect(8));
            requireRefused(
                    pair, registration, WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN, FailedCheck.PROTECTION_DOMAIN);
            assertThat(region.valid()).isFalse();
            region.close();
            other.close();
        }
    }

    @Test
    @Requirement("SYS-MEM-05")
    void refusesAStaleInstance() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.allocate();
            ByteBuffer octets = ByteBuffer.allocateDirect(8);
            FastRegistration older = RequestPair.prepare(region, octets);
            FastRegistration newer = RequestPair.prepare(region, octets);
            pair.register(1, newer);
            pair.client().post(pair.request().localInvalidate(newer.stag()).id(2));
            pair.client().awaitSendSuccess();
            requireRefused(pair, older, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            // Nor does one come back that was in force already.
            requireRefused(pair, newer, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            assertThat(region.valid()).isFalse();
            assertThat(region.stag()).isEqualTo(newer.stag());
        }
    }

    @Test
    @Requirement({"SYS-MEM-05", "VRB-MO-05"})
    void refusesAPageListThatIsTooLong() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.client().allocateRegion(2, true);
            RegionOptions options = RegionOptions.defaults().withPageOctets(4096);
            FastRegistration three = region.fastRegistration(List.of(ByteBuffer.allocateDirect(3 * 4096)), options);
            requireRefused(pair, three, WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.PAGE_LIST_ROOM);
            assertThat(region.valid()).isFalse();
            FastRegistration two =
                    region.fastRegistration(List.of(ByteBuffer.allocateDirect(2 * 4096)), options.withZeroBase());
            pair.register(5, two);
            assertThat(region.query().pages()).isEqualTo(2);
        }
    }

    @Test
    @Requirement("SYS-MEM-05")
    void refusesARegionThatWasClosed() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.allocate();
            FastRegistration registration = RequestPair.prepare(region, ByteBuffer.allocateDirect(8));
            region.close();
            requireRefused(pair, registration, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement({"SYS-MEM-05", "VRB-MO-06", "VRB-MO-05"})
    void refusesARegionThatIsValid() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.allocate();
            ByteBuffer before = RequestPair.filled(100);
            ByteBuffer after = RequestPair.filled(100);
            FastRegistration first = RequestPair.prepare(region, before);
            FastRegistration second = RequestPair.prepare(region, after);
            pair.register(1, first);
            requireRefused(pair, second, WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.ENTRY_NOT_INVALID);
            assertThat(region.stag()).isEqualTo(first.stag());
            pair.serverWrites(first.remote(), 100);
            assertThat(RequestPair.octets(before, 0, 100)).isEqualTo(RequestPair.pattern(100));
            assertThat(RequestPair.octets(after, 0, 100)).containsOnly(0xA5);
        }
    }

    @Test
    @Requirement("VRB-MR-07")
    void refusesRemoteRightsThatWereNotReserved() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.client().allocateRegion(4, false);
            FastRegistration remote = region.fastRegistration(ByteBuffer.allocateDirect(8), AccessFlag.REMOTE_READ);
            requireRefused(
                    pair, remote, WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.REMOTE_ACCESS_NOT_RESERVED);
            assertThat(region.valid()).isFalse();
            pair.register(5, region.fastRegistration(ByteBuffer.allocateDirect(8)));
        }
    }

    @Test
    @Requirement({"SYS-MEM-05", "VRB-MR-11", "VRB-MO-05"})
    void refusesASharedRegion() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.allocate();
            ByteBuffer octets = ByteBuffer.allocateDirect(100);
            FastRegistration first = RequestPair.prepare(region, octets);
            FastRegistration second = RequestPair.prepare(region, octets);
            pair.register(1, first);
            MemoryRegion sharer = pair.client().domain().registerShared(region, RegionOptions.defaults());
            requireRefused(pair, second, WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.ENTRY_SHARED);
            assertThat(region.valid()).isTrue();
            assertThat(sharer.valid()).isTrue();
            sharer.close();
        }
    }

    @Test
    void refusesWhatCanNeverWorkWhenItIsPosted() {
        try (RequestPair pair = RequestPair.open()) {
            FastRegistration registration = RequestPair.prepare(pair.allocate(), ByteBuffer.allocateDirect(8));
            FastRegistration foreign =
                    RequestPair.prepare(pair.server().allocateRegion(4, true), ByteBuffer.allocateDirect(8));
            SendRequest request = pair.request();
            requireImpossible(pair, request.fastRegister(foreign), "device");
            requireImpossible(pair, request.send().exposing(foreign), "device");
            requireImpossible(pair, request.fastRegister(null), "prepared");
            requireImpossible(pair, request.bindWindow(null), "prepared");
            requireImpossible(pair, request.bindWindow(null).exposing(registration), "BIND_WINDOW");
            requireImpossible(pair, request.localInvalidate(8).exposing(registration), "LOCAL_INVALIDATE");
            requireImpossible(pair, request.read(1, 2).exposing(registration).local(registration.stag(), 0, 8), "READ");
            requireImpossible(pair, request.fastRegister(registration).local(1, 2, 3), "no local memory");
            requireImpossible(pair, request.localInvalidate(8).inline(ByteBuffer.allocate(1)), "no local memory");
            assertThat(pair.client().queuePair().query().sendBusy()).isZero();
        }
    }

    private static void requireImpossible(RequestPair pair, SendRequest request, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pair.client().post(request))
                .withMessageContaining(words);
    }
}
