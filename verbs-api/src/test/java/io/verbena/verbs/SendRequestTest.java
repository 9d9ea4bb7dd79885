package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SendRequestTest {
    private final SendRequest request = new SendRequest();

    @Test
    void forgetsEverythingWhenAnOperationBegins() {
        request.sendSolicitedInvalidate(0x77)
                .id(5)
                .signaled(false)
                .readFence(true)
                .local(1, 2, 3)
                .inline(ByteBuffer.allocate(4));

        request.write(9, 10);

        assertThat(request.operation()).isEqualTo(SendOperation.WRITE);
        assertThat(request.id()).isZero();
        assertThat(request.signaled()).isTrue();
        assertThat(request.readFence()).isFalse();
        assertThat(request.invalidateStag()).isZero();
        assertThat(request.inlineData()).isNull();
        assertThat(request.memory().count()).isZero();
        assertThat(request.remoteStag()).isEqualTo(9);
        assertThat(request.remoteAddress()).isEqualTo(10);
    }

    @Test
    void keepsItsPiecesOfMemoryInOrder() {
        request.send();
        for (int i = 0; i < 20; i++) {
            request.local(i, i * 1000L, SendRequest.MAX_MESSAGE_OCTETS);
        }

        assertThat(request.memory().count()).isEqualTo(20);
        assertThat(request.memory().totalOctets()).isEqualTo(20 * SendRequest.MAX_MESSAGE_OCTETS);
        for (int i = 0; i < 20; i++) {
            assertThat(request.memory().stag(i)).isEqualTo(i);
            assertThat(request.memory().address(i)).isEqualTo(i * 1000L);
            assertThat(request.memory().lengthOctets(i)).isEqualTo(SendRequest.MAX_MESSAGE_OCTETS);
        }
    }

    @Test
    void refusesPiecesThatNoMessageCanCarry() {
        assertThatThrownBy(() -> request.local(1, 0, SendRequest.MAX_MESSAGE_OCTETS + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length 4294967296 must be 0 to 4294967295 octets");
        assertThatThrownBy(() -> request.local(1, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScatterGatherElement(1, 0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(request.memory().count()).isZero();
    }

    @Test
    void takesThePlaceFromARemoteRegion() {
        RemoteRegion remote = new RemoteRegion(0x55, 0x1000, 64);

        assertThat(request.read(remote).operation()).isEqualTo(SendOperation.READ);
        assertThat(request.remoteStag()).isEqualTo(0x55);
        assertThat(request.remoteAddress()).isEqualTo(0x1000);
        assertThat(request.readLocalInvalidate(1, 2).operation()).isEqualTo(SendOperation.READ_LOCAL_INVALIDATE);
    }

    @Test
    void batchesReuseTheirRequests() {
        SendBatch batch = new SendBatch();
        SendRequest first = batch.add().send();
        batch.clear();

        assertThat(batch.add()).isSameAs(first);
        assertThat(batch.size()).isEqualTo(1);
        assertThat(batch.get(0)).isSameAs(first);
        assertThatThrownBy(() -> batch.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** The facts of an operation follow from its name. */
    @ParameterizedTest
    @EnumSource
    void operationsKnowWhatTheyAre(SendOperation operation) {
        String name = operation.name();

        assertThat(operation.isSend()).isEqualTo(name.startsWith("SEND"));
        assertThat(operation.isRead()).isEqualTo(name.startsWith("READ"));
        assertThat(operation.solicited()).isEqualTo(name.contains("SOLICITED"));
        assertThat(operation.invalidatesRemote()).isEqualTo(name.startsWith("SEND") && name.endsWith("INVALIDATE"));
    }

    @Test
    void aPostThatFailedThrowsOnDemand() {
        PostResult.POSTED.orThrow();
        assertThat(PostResult.QUEUE_FULL.posted()).isFalse();
        assertThatThrownBy(PostResult.QUEUE_FULL::orThrow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("request was not posted: QUEUE_FULL");
    }
}
