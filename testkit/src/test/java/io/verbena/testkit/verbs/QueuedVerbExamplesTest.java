package io.verbena.testkit.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.Reregistration;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of regions that change and of memory operations in the send queue, run over real TCP. */
@Tag("tcp")
@Timeout(30)
class QueuedVerbExamplesTest {
    private final DevicePair pair =
            DevicePair.open(PairOptions.defaults().withQueuePairs(options -> options.withFastRegister(true)));
    private final ProtectionDomain domain = pair.clientDomain();
    private final QueuePair queuePair = pair.client().queuePair();
    private final SendRequest request = new SendRequest();
    private final ByteBuffer inboxOfTheServer = ByteBuffer.allocateDirect(RemoteRegion.ENCODED_OCTETS);

    @BeforeEach
    void postReceive() {
        pair.server().postReceive(1, pair.server().register(inboxOfTheServer));
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void fastRegister() {
        ByteBuffer memory = ByteBuffer.allocateDirect(8192);
        // example: allocate region
        MemoryRegion region = domain.allocateRegion(16, true);
        // end
        assertThat(region.valid()).isFalse();
        // example: fast register
        FastRegistration registration =
                region.fastRegistration(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        queuePair.postSend(request.fastRegister(registration)).orThrow();
        byte[] whatThePeerHasToKnow = registration.remote().encode(); // known although nothing has been processed yet
        queuePair
                .postSend(request.send().inline(ByteBuffer.wrap(whatThePeerHasToKnow)))
                .orThrow();
        // end
        RemoteRegion remote = receiveAtTheServer();
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.FAST_REGISTER);
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.SEND);
        writeFromTheServer(remote.slice(8000, 64));
        pair.await("the octets", () -> memory.get(8063) == HexVectors.pattern(64)[63]);
        region.close();
    }

    @Test
    @Requirement("SYS-MEM-14")
    void registerAndSend() {
        pair.client().postEmptyReceive(2);
        MemoryRegion region = domain.allocateRegion(16, true);
        ByteBuffer memory = ByteBuffer.allocateDirect(4096);
        // example: register and send
        FastRegistration registration =
                region.fastRegistration(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        ByteBuffer announcement = ByteBuffer.wrap(registration.remote().encode());
        queuePair
                .postSend(request.send().inline(announcement).exposing(registration))
                .orThrow();
        // end
        RemoteRegion remote = receiveAtTheServer();
        writeFromTheServer(remote.slice(0, 64));
        pair.server()
                .queuePair()
                .postSend(new SendRequest().sendInvalidate(remote.stag()))
                .orThrow();
        WorkCompletion received = pair.client().awaitReceiveSuccess();
        assertThat(received.invalidated()).isTrue();
        assertThat(received.invalidatedStag()).isEqualTo(registration.stag());
        WorkCompletion told = pair.client().awaitSendSuccess();
        assertThat(told.operation()).as("one request, one completion").isEqualTo(CompletedOperation.SEND);
        assertThat(pair.client().sendCompletions().size()).isZero();
        assertThat(memory.get(63)).isEqualTo(HexVectors.pattern(64)[63]);
        assertThat(region.valid()).isFalse();
        region.close();
    }

    @Test
    void bindWindow() {
        ByteBuffer memory = ByteBuffer.allocateDirect(4096);
        MemoryRegion region = domain.register(memory, AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND);
        // example: allocate window
        MemoryWindow window = domain.allocateWindow(WindowType.QUEUE_PAIR);
        // end
        // example: bind window
        WindowBinding binding = window.binding(region, 1024, 512, AccessFlag.REMOTE_WRITE);
        queuePair.postSend(request.bindWindow(binding)).orThrow();
        ByteBuffer announcement = ByteBuffer.wrap(binding.remote().encode());
        queuePair.postSend(request.send().inline(announcement)).orThrow();
        // end
        RemoteRegion remote = receiveAtTheServer();
        assertThat(remote.lengthOctets()).isEqualTo(512);
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.BIND_WINDOW);
        writeFromTheServer(remote.slice(448, 64));
        pair.await("the octets", () -> memory.get(1024 + 511) == HexVectors.pattern(64)[63]);
        window.close();
        region.close();
    }

    @Test
    void registerShared() {
        ProtectionDomain another = pair.clientDevice().allocateProtectionDomain();
        MemoryRegion region = domain.register(ByteBuffer.allocateDirect(4096), AccessFlag.LOCAL_WRITE);
        // example: register shared
        MemoryRegion readable = another.registerShared(region, RegionOptions.access(AccessFlag.REMOTE_READ));
        // end
        assertThat(readable.stag()).isNotEqualTo(region.stag());
        assertThat(region.query().sharers()).isEqualTo(2);
        readable.close();
        another.close();
        region.close();
    }

    @Test
    void reregister() {
        MemoryRegion region = domain.register(ByteBuffer.allocateDirect(4096), AccessFlag.LOCAL_WRITE);
        int stagBefore = region.stag();
        // example: reregister
        region.reregister(Reregistration.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ));
        byte[] whatThePeerHasToKnow = region.remote().encode(); // the STag is another one
        // end
        assertThat(RemoteRegion.decode(ByteBuffer.wrap(whatThePeerHasToKnow)).stag())
                .isEqualTo(region.stag())
                .isNotEqualTo(stagBefore);
        region.close();
    }

    private RemoteRegion receiveAtTheServer() {
        pair.server().awaitReceiveSuccess();
        return RemoteRegion.decode(inboxOfTheServer);
    }

    private void writeFromTheServer(RemoteRegion remote) {
        MemoryRegion source = pair.server().register(ByteBuffer.wrap(HexVectors.pattern(64)));
        pair.server()
                .queuePair()
                .postSend(request.write(remote).local(source, 0, remote.lengthOctets()))
                .orThrow();
        pair.server().awaitSendSuccess();
    }
}
