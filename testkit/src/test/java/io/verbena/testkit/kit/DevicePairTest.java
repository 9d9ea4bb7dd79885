package io.verbena.testkit.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection.Agreement;
import io.verbena.verbs.cm.ReadyToReceive;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(30)
class DevicePairTest {
    @Test
    void isConnectedAndClosesWhatItMade() {
        DevicePair pair = DevicePair.open(PairOptions.defaults());
        assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.RTS);
        assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
        pair.client().register(100);
        pair.newClientEnd();
        pair.close();
        pair.close();
        assertThat(pair.clientDevice().query().queuePairs()).isZero();
    }

    @Test
    void failsOverADomainThatATestForgot() {
        DevicePair pair = DevicePair.open(PairOptions.defaults());
        ProtectionDomain forgotten = pair.serverDevice().allocateProtectionDomain();
        assertThat(forgotten.number()).isNotEqualTo(pair.serverDomain().number());
        assertThatThrownBy(pair::close).isInstanceOf(AssertionError.class).hasMessageContaining("1 protection domains");
    }

    @Test
    void failsOverARegionThatATestForgot() {
        DevicePair pair = DevicePair.open(PairOptions.defaults());
        pair.clientDomain().register(ByteBuffer.allocate(8));
        assertThatThrownBy(pair::close).hasMessageContaining("region");
    }

    @Test
    void saysWhatARequestDiedOf() {
        try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
            pair.client()
                    .queuePair()
                    .postSend(new SendRequest().send().id(77).local(0x1234, 0, 1))
                    .orThrow();
            assertThatThrownBy(() -> pair.client().awaitSendSuccess())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("77")
                    .hasMessageContaining("LOCAL_INVALID_STAG");
        }
    }

    @Test
    @ConnectedPair(
            markersToServer = true,
            revision = 2,
            readyToReceive = ReadyToReceive.WRITE,
            placement = PlacementMode.EAGER,
            callerDriven = true)
    void isConnectedAsTheAnnotationSays(DevicePair pair) {
        Agreement agreement = pair.client().connection().agreement();
        assertThat(agreement.sendMarkers()).isTrue();
        assertThat(agreement.receiveMarkers()).isFalse();
        assertThat(agreement.readyToReceive()).isEqualTo(ReadyToReceive.WRITE);
        assertThat(agreement.placement()).isEqualTo(PlacementMode.EAGER);
        assertThat(pair.clientDevice().query().callerDriven()).isTrue();
    }

    @Test
    void givesEveryParameterAPairOfItsOwn(
            @ConnectedPair DevicePair first, @ConnectedPair(crc = false, oneDevice = true) DevicePair second) {
        assertThat(first.client().connection().agreement().crc()).isTrue();
        assertThat(second.client().connection().agreement().crc()).isFalse();
        assertThat(second.clientDevice()).isSameAs(second.serverDevice());
    }
}
