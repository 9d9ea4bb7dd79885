package io.verbena.testkit.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.STag;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of {@code docs/verbs}, run over real TCP. What stands between the marks stands in the pages. */
@Tag("tcp")
@Timeout(30)
@ConnectedPair
class VerbExamplesTest {
    private final SendRequest request = new SendRequest();

    @Test
    void register(DevicePair pair) {
        ProtectionDomain domain = pair.serverDomain();
        // example: register
        ByteBuffer memory = ByteBuffer.allocateDirect(1 << 16);
        MemoryRegion region = domain.register(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        byte[] whatThePeerHasToKnow = region.remote().encode();
        // end
        RemoteRegion remote = RemoteRegion.decode(ByteBuffer.wrap(whatThePeerHasToKnow));
        MemoryRegion source = pair.client().register(ByteBuffer.wrap(HexVectors.pattern(100)));
        pair.client()
                .queuePair()
                .postSend(request.write(remote.slice(5, 100)).local(source, 0, 100))
                .orThrow();
        pair.client().awaitSendSuccess();
        pair.await("the octets", () -> memory.get(104) == HexVectors.pattern(100)[99]);
        region.close();
    }

    @Test
    void registerPieces(DevicePair pair) {
        ProtectionDomain domain = pair.serverDomain();
        ByteBuffer head = ByteBuffer.allocateDirect(20);
        ByteBuffer body = ByteBuffer.allocateDirect(3000);
        // example: register pieces
        RegionOptions options = RegionOptions.access(AccessFlag.LOCAL_WRITE)
                .withStartAddress(0x4000_0000L)
                .withPageOctets(1 << 16);
        MemoryRegion pieces = domain.register(List.of(head, body), options);
        // end
        assertThat(pieces.startAddress()).isEqualTo(0x4000_0000L);
        assertThat(pieces.lengthOctets()).isEqualTo(3020);
        pieces.close();
    }

    @Test
    void deregister(DevicePair pair) {
        ProtectionDomain domain = pair.serverDomain();
        ByteBuffer memory = ByteBuffer.allocateDirect(64);
        // example: deregister
        MemoryRegion region = domain.register(memory, AccessFlag.LOCAL_WRITE);
        region.close();
        memory.put(0, (byte) 1); // the application's alone again
        // end
        assertThat(pair.serverDevice().queryMemory(region.stag())).isNull();
    }

    @Test
    void query(DevicePair pair) {
        Device device = pair.serverDevice();
        MemoryRegion region = pair.server().register(8192, AccessFlag.REMOTE_READ);
        // example: query
        MemorySnapshot entry = device.queryMemory(region.stag());
        String sentence = STag.toString(entry.stag()) + ": " + entry.lengthOctets() + " octets in " + entry.pages()
                + " pages of " + entry.pageOctets() + ", " + entry.translationMode() + ", " + entry.access();
        String wholeTable = device.dumpMemory();
        // end
        assertThat(sentence)
                .startsWith(STag.toString(region.stag()) + ": 8192 octets in ")
                .contains("REMOTE_READ");
        assertThat(wholeTable).contains(Integer.toHexString(STag.index(region.stag())));
    }

    @Test
    void sendWithInvalidate(DevicePair pair) {
        MemoryRegion exposedByTheClient = pair.client().register(64, AccessFlag.REMOTE_WRITE);
        MemoryRegion answer = pair.server().register(16);
        pair.client().postReceive(1, pair.client().register(16));
        tellTheServer(pair, exposedByTheClient);
        QueuePair server = pair.server().queuePair();
        // example: send with invalidate
        request.sendInvalidate(exposedByTheClient.stag()).local(answer, 0, answer.lengthOctets());
        server.postSend(request).orThrow();
        // end
        WorkCompletion received = pair.client().awaitReceiveSuccess();
        // example: receive with invalidate
        String news = received.invalidated()
                ? STag.toString(received.invalidatedStag()) + " can no longer be used"
                : "an ordinary Send";
        // end
        assertThat(news).isEqualTo(STag.toString(exposedByTheClient.stag()) + " can no longer be used");
        assertThat(exposedByTheClient.valid()).isFalse();
    }

    @Test
    void readWithLocalInvalidate(DevicePair pair) {
        RemoteRegion remote = pair.server().register(64, AccessFlag.REMOTE_READ).remote();
        MemoryRegion sink = pair.client().register(64);
        QueuePair queuePair = pair.client().queuePair();
        // example: read with local invalidate
        request.readLocalInvalidate(remote.stag(), remote.address()).local(sink, 0, sink.lengthOctets());
        queuePair.postSend(request).orThrow();
        // end
        assertThat(pair.client().awaitSendSuccess().lengthOctets()).isEqualTo(64);
        assertThat(sink.valid()).isFalse();
    }

    @Test
    void localInvalidate(DevicePair pair) {
        MemoryRegion region = pair.client().register(64, AccessFlag.REMOTE_WRITE);
        QueuePair queuePair = pair.client().queuePair();
        // example: local invalidate
        request.localInvalidate(region.stag()).localFence(true);
        queuePair.postSend(request).orThrow();
        // end
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.LOCAL_INVALIDATE);
        assertThat(region.valid()).isFalse();
    }

    @Test
    void atomics(DevicePair pair) {
        MemoryRegion shared = pair.server().register(8, AccessFlag.REMOTE_ATOMIC);
        // example: local atomics
        long before = shared.atomics().fetchAdd(0, 7);
        // end
        RemoteRegion counter = shared.remote();
        ByteBuffer values = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        MemoryRegion found = pair.client().register(values);
        QueuePair queuePair = pair.client().queuePair();
        // example: atomics
        request.fetchAdd(counter.stag(), counter.address(), 5).local(found, 0, 8);
        queuePair.postSend(request).orThrow();
        request.compareSwap(counter.stag(), counter.address(), 12, 100).local(found, 8, 8);
        queuePair.postSend(request).orThrow();
        // end
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.FETCH_ADD);
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.COMPARE_SWAP);
        assertThat(before).isZero();
        assertThat(values.getLong(0)).isEqualTo(7);
        assertThat(values.getLong(8)).isEqualTo(12);
        assertThat(shared.atomics().fetchAdd(0, 0)).isEqualTo(100);
    }

    @Test
    void immediateData(DevicePair pair) {
        MemoryRegion octets = pair.client().register(ByteBuffer.wrap(HexVectors.pattern(64)));
        MemoryRegion target = pair.server().register(64, AccessFlag.REMOTE_WRITE);
        RemoteRegion remote = target.remote();
        QueuePair queuePair = pair.client().queuePair();
        pair.server().postEmptyReceive(1);
        // example: immediate data
        queuePair.postSend(request.write(remote).local(octets, 0, 64)).orThrow();
        queuePair.postSend(request.immediate(64)).orThrow();
        // end
        WorkCompletion received = pair.server().awaitReceiveSuccess();
        assertThat(received.hasImmediate()).isTrue();
        assertThat(received.immediateData()).isEqualTo(64);
        pair.client().awaitSendSuccess();
        assertThat(pair.client().awaitSendSuccess().operation()).isEqualTo(CompletedOperation.IMMEDIATE);
    }

    /** Sends the server what it has to know of a region, as the first message of the connection. */
    private void tellTheServer(DevicePair pair, MemoryRegion region) {
        pair.server().postReceive(1, pair.server().register(RemoteRegion.ENCODED_OCTETS));
        ByteBuffer whereItIs = ByteBuffer.wrap(region.remote().encode());
        pair.client().queuePair().postSend(request.send().inline(whereItIs)).orThrow();
        pair.client().awaitSendSuccess();
        pair.server().awaitReceiveSuccess();
    }
}
