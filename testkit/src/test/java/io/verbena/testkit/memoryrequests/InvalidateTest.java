package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Local invalidates, and those of the peer that are refused (state machines 8.2). */
@Tag("tcp")
@Timeout(60)
class InvalidateTest {
    private static final int LONG = 8 << 20;

    @ParameterizedTest
    @EnumSource(Way.class)
    @Requirement({"VRB-MO-03", "SYS-MEM-11"})
    void aLocalFenceLetsEarlierRequestsUseTheMemory(Way way) {
        try (RequestPair pair = RequestPair.open(way::apply)) {
            ByteBuffer octets = ByteBuffer.allocateDirect(LONG)
                    .put(HexVectors.pattern(LONG))
                    .clear();
            MemoryRegion source = pair.client().register(octets);
            ByteBuffer received = ByteBuffer.allocateDirect(LONG);
            MemoryRegion target = pair.server().register(received.duplicate(), AccessFlag.REMOTE_WRITE);
            PairEnd client = pair.client();
            pair.server().postEmptyReceive(4);
            client.post(pair.request().write(target.remote()).id(1).local(source, 0, LONG));
            client.post(pair.request().localInvalidate(source.stag()).id(2).localFence(true));
            client.post(pair.request().send().id(3));
            assertThat(client.awaitSendSuccess().id()).isEqualTo(1);
            WorkCompletion invalidated = client.awaitSendSuccess();
            assertThat(invalidated.id()).isEqualTo(2);
            assertThat(invalidated.operation()).isEqualTo(CompletedOperation.LOCAL_INVALIDATE);
            assertThat(source.valid()).isFalse();
            assertThat(client.awaitSendSuccess().id()).isEqualTo(3);
            pair.server().awaitReceiveSuccess();
            assertThat(RequestPair.octets(received, 0, LONG)).isEqualTo(HexVectors.pattern(LONG));
            // Revoked: the next request finds nothing.
            client.post(pair.request().send().id(5).local(source, 0, 8));
            RequestPair.requireFailure(
                    client.awaitSend(), 5, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement("SYS-MEM-11")
    void aReadFenceLetsEarlierReadsUseTheMemory() {
        try (RequestPair pair = RequestPair.open()) {
            ByteBuffer octets = ByteBuffer.allocateDirect(LONG);
            MemoryRegion sink = pair.client().register(octets.duplicate());
            ByteBuffer pattern = ByteBuffer.allocateDirect(LONG)
                    .put(HexVectors.pattern(LONG))
                    .clear();
            MemoryRegion source = pair.server().register(pattern, AccessFlag.REMOTE_READ);
            PairEnd client = pair.client();
            client.post(pair.request().read(source.remote()).id(1).local(sink, 0, LONG));
            client.post(pair.request().localInvalidate(sink.stag()).id(2).readFence(true));
            assertThat(client.awaitSendSuccess().id()).isEqualTo(1);
            assertThat(client.awaitSendSuccess().id()).isEqualTo(2);
            assertThat(sink.valid()).isFalse();
            assertThat(RequestPair.octets(octets, 0, LONG)).isEqualTo(HexVectors.pattern(LONG));
        }
    }

    @Test
    @Requirement("VRB-MO-07")
    void whatIsInvalidAlreadyStaysSo() {
        try (RequestPair pair = RequestPair.open()) {
            MemoryRegion region = pair.allocate();
            pair.client().post(pair.request().localInvalidate(region.stag()).id(1));
            pair.client().awaitSendSuccess();
            pair.register(2, RequestPair.prepare(region, RequestPair.filled(8)));
            for (int i = 0; i < 2; i++) {
                pair.client().post(pair.request().localInvalidate(region.stag()).id(3));
                pair.client().awaitSendSuccess();
            }
            assertThat(region.valid()).isFalse();
        }
    }

    // ---- local ones that are refused ----

    private static RequestPair reactive() {
        return RequestPair.open(RegistrationFailurePolicy.REACTIVE);
    }

    private static void requireRefused(RequestPair pair, int stag, WorkCompletionStatus status, FailedCheck check) {
        pair.client().post(pair.request().localInvalidate(stag).id(9));
        WorkCompletion failed = pair.client().awaitSend();
        RequestPair.requireFailure(failed, 9, status, check);
        assertThat(failed.operation()).isEqualTo(CompletedOperation.LOCAL_INVALIDATE);
        assertThat(failed.cause().stag()).isEqualTo(stag);
        pair.client().queuePair().resumeSendQueue();
    }

    @Test
    void refusesARegionWithWindowsBound() {
        try (RequestPair pair = reactive()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            WindowBinding binding = pair.client()
                    .allocateWindow(WindowType.QUEUE_PAIR)
                    .binding(ground.region(), 0, 100, AccessFlag.REMOTE_WRITE);
            WindowTest.bind(pair, pair.client(), binding);
            requireRefused(
                    pair, ground.region().stag(), WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.WINDOWS_BOUND);
            pair.serverWrites(binding.remote(), 100);
            assertThat(ground.octets(0, 100)).isEqualTo(RequestPair.pattern(100));
        }
    }

    @Test
    @Requirement("VRB-MR-11")
    void refusesASharedRegion() {
        try (RequestPair pair = reactive()) {
            MemoryRegion region = pair.client().register(100);
            MemoryRegion sharer = pair.client().domain().registerShared(region, RegionOptions.defaults());
            requireRefused(pair, region.stag(), WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.ENTRY_SHARED);
            requireRefused(pair, sharer.stag(), WorkCompletionStatus.MEMORY_MANAGEMENT, FailedCheck.ENTRY_SHARED);
            assertThat(region.valid()).isTrue();
            assertThat(sharer.valid()).isTrue();
            sharer.close();
        }
    }

    @Test
    @Requirement("VRB-ST-03")
    void refusesWhatIsAnothers() {
        try (RequestPair pair = reactive()) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            MemoryRegion theirs = other.register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.defaults());
            requireRefused(
                    pair, theirs.stag(), WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN, FailedCheck.PROTECTION_DOMAIN);
            assertThat(theirs.valid()).isTrue();
            MemoryRegion ours = pair.client().register(8);
            requireRefused(pair, ours.stag() ^ 1, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.TAG_INSTANCE);
            assertThat(ours.valid()).isTrue();
            requireRefused(pair, 0, WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
            theirs.close();
            other.close();
        }
    }

    /** Requests behind a Read may have been sent, so its failure ends the queue pair under either policy. */
    @ParameterizedTest
    @EnumSource(WindowType.class)
    @Requirement("VRB-MW-06")
    void asksForTheDomainOfAWindowThatIsNotBound(WindowType type) {
        try (RequestPair pair = reactive()) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            MemoryWindow theirs = other.allocateWindow(type);
            requireRefused(
                    pair, theirs.stag(), WorkCompletionStatus.LOCAL_PROTECTION_DOMAIN, FailedCheck.PROTECTION_DOMAIN);
            MemoryWindow ours = pair.client().allocateWindow(type);
            pair.client().post(pair.request().localInvalidate(ours.stag()).id(1));
            pair.client().awaitSendSuccess();
            assertThat(ours.valid()).isFalse();
            theirs.close();
            other.close();
        }
    }

    @ParameterizedTest
    @EnumSource(RegistrationFailurePolicy.class)
    void aReadWhoseSinkCannotBeInvalidatedEndsTheQueuePair(RegistrationFailurePolicy policy) {
        try (RequestPair pair = RequestPair.open(policy)) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            WindowBinding binding = pair.client()
                    .allocateWindow(WindowType.PROTECTION_DOMAIN)
                    .binding(ground.region(), 0, 100, AccessFlag.REMOTE_READ);
            WindowTest.bind(pair, pair.client(), binding);
            MemoryRegion source = pair.server().register(100, AccessFlag.REMOTE_READ);
            pair.client()
                    .post(pair.request()
                            .readLocalInvalidate(source.stag(), source.startAddress())
                            .id(4)
                            .local(ground.region(), 0, 100));
            WorkCompletion failed = pair.client().awaitSend();
            assertThat(failed.id()).isEqualTo(4);
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.INVALIDATE_REFUSED);
            assertThat(failed.cause().message()).contains(FailedCheck.WINDOWS_BOUND.words());
            pair.requireEnded();
            assertThat(ground.region().valid()).isTrue();
        }
    }

    // ---- the peer's that are refused ----

    private static void requirePeerRefused(RequestPair pair, int stag, boolean solicited, FailedCheck check) {
        // An STag that stands for nothing is no matter of protection.
        String triple = check == FailedCheck.ENTRY_VALID ? "0/2/09" : "0/1/09";
        pair.client().postEmptyReceive(6);
        pair.server()
                .post(
                        solicited
                                ? pair.request().sendSolicitedInvalidate(stag)
                                : pair.request().sendInvalidate(stag));
        WorkCompletion received = pair.client().awaitReceive();
        assertThat(received.id()).isEqualTo(6);
        assertThat(received.status()).isEqualTo(WorkCompletionStatus.INVALIDATE_REFUSED);
        assertThat(received.cause().stag()).isEqualTo(stag);
        assertThat(received.cause().message()).contains(check.words());
        assertThat(received.cause().terminate().triple()).isEqualTo(triple);
        pair.server().awaitState(QueuePairState.ERROR);
        assertThat(pair.server().queuePair().query().terminate().triple()).isEqualTo(triple);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesThePeerARegionWithWindowsBound(boolean solicited) {
        try (RequestPair pair = RequestPair.open()) {
            MemoryRegion region = pair.client().register(100, AccessFlag.REMOTE_READ, AccessFlag.WINDOW_BIND);
            WindowBinding binding = pair.client()
                    .allocateWindow(WindowType.PROTECTION_DOMAIN)
                    .binding(region, 0, 100, AccessFlag.REMOTE_READ);
            WindowTest.bind(pair, pair.client(), binding);
            requirePeerRefused(pair, region.stag(), solicited, FailedCheck.WINDOWS_BOUND);
            assertThat(region.valid()).isTrue();
            assertThat(binding.window().valid()).isTrue();
        }
    }

    @Test
    @Requirement({"SYS-MEM-11", "VRB-MW-06", "RDMAP-8.1.1-07"})
    void refusesThePeerTheWindowOfAnotherQueuePair() {
        try (RequestPair pair = RequestPair.open()) {
            WindowTest.Ground ground = WindowTest.Ground.of(pair.client(), 100);
            var other = pair.pair().connectAnother();
            WindowBinding binding = pair.client()
                    .allocateWindow(WindowType.QUEUE_PAIR)
                    .binding(ground.region(), 0, 100, AccessFlag.REMOTE_READ);
            WindowTest.bind(pair, other.client(), binding);
            requirePeerRefused(pair, binding.stag(), false, FailedCheck.QUEUE_PAIR_ASSOCIATION);
            assertThat(binding.window().valid()).isTrue();
        }
    }

    /** What a peer may name that it may not revoke. */
    enum NotThePeers {
        INDEX_ZERO(FailedCheck.ENTRY_VALID),
        UNKNOWN(FailedCheck.ENTRY_VALID),
        STALE(FailedCheck.TAG_INSTANCE),
        OTHER_DOMAIN(FailedCheck.PROTECTION_DOMAIN),
        SHARED(FailedCheck.ENTRY_SHARED),
        WITHOUT_REMOTE_RIGHTS(FailedCheck.ACCESS_RIGHT);

        private final FailedCheck check;

        NotThePeers(FailedCheck check) {
            this.check = check;
        }
    }

    @ParameterizedTest
    @EnumSource(NotThePeers.class)
    @Requirement({"SYS-MEM-11", "RDMAP-8.1.1-07", "VRB-ST-03", "VRB-ST-04"})
    void refusesThePeerWhatItMayNotRevoke(NotThePeers what) {
        try (RequestPair pair = RequestPair.open()) {
            ProtectionDomain other = pair.client().device().allocateProtectionDomain();
            MemoryRegion theirs =
                    other.register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.access(AccessFlag.REMOTE_READ));
            MemoryRegion ours = pair.client().register(8, AccessFlag.REMOTE_READ);
            MemoryRegion sharer = pair.client().register(8, AccessFlag.REMOTE_READ);
            MemoryRegion shared = other.registerShared(sharer, RegionOptions.access(AccessFlag.REMOTE_READ));
            // Receives go to this one: a peer that could revoke it would spoil them.
            MemoryRegion inbox = pair.client()
                    .register(List.of(ByteBuffer.allocateDirect(8)), RegionOptions.access(AccessFlag.LOCAL_WRITE));
            int stag = switch (what) {
                case INDEX_ZERO -> 0;
                case UNKNOWN -> ours.stag() ^ 0x5555_5500;
                case STALE -> ours.stag() ^ 1;
                case OTHER_DOMAIN -> theirs.stag();
                case SHARED -> sharer.stag();
                case WITHOUT_REMOTE_RIGHTS -> inbox.stag();
            };
            requirePeerRefused(pair, stag, false, what.check);
            for (MemoryRegion region : List.of(theirs, ours, sharer, shared, inbox)) {
                assertThat(region.valid()).isTrue();
            }
            shared.close();
            theirs.close();
            other.close();
        }
    }

    @Test
    void refusesAPeerThatMayReachNothing() {
        try (RequestPair pair = RequestPair.open(options -> options.withQueuePairs(
                queuePair -> queuePair.withRemoteAccess(false, false).withRemoteAtomics(false)))) {
            MemoryRegion region = pair.client().register(100, AccessFlag.REMOTE_READ);
            requirePeerRefused(pair, region.stag(), false, FailedCheck.QUEUE_PAIR_ACCESS);
            assertThat(region.valid()).isTrue();
        }
    }

    @Test
    @Requirement("RDMAP-8.1.1-07")
    void refusesThePeerRegionsUnderTheStrictPolicy() {
        try (RequestPair pair = RequestPair.open(options -> options.withQueuePairs(
                queuePair -> queuePair.withRemoteAccessPolicy(RemoteAccessPolicy.WINDOWS_ONLY)))) {
            MemoryRegion region = pair.client().register(100, AccessFlag.REMOTE_READ);
            requirePeerRefused(pair, region.stag(), false, FailedCheck.ENTRY_TYPE);
            assertThat(region.valid()).isTrue();
        }
    }
}
