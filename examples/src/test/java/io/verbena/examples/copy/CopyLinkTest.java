package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CopyLinkTest {
    private static final Duration STEP = Duration.ofSeconds(10);

    /** More than a link keeps unread. */
    private static final int FLOOD = 80;

    @Test
    void aPeerCannotFillTheInboxWithoutLimit() throws Exception {
        try (Device device = Device.open();
                ConnectionListener listener =
                        device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                CopyLink flooding = new CopyLink(device, 1);
                CopyLink victim = new CopyLink(device, 1)) {
            var connecting = device.connectAsync(
                    flooding.queuePair(),
                    listener.localAddress(),
                    ConnectionParameters.defaults().withPeerToPeer(ReadyToReceive.WRITE));
            listener.nextRequest(STEP).accept(victim.queuePair(), ConnectionParameters.defaults());
            assertThat(connecting).succeedsWithin(STEP);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < FLOOD; i++) {
                            flooding.send(new CopyMessage.Written(0));
                            assertThat(victim.poll(STEP)).isTrue();
                        }
                    })
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("faster than this copy protocol allows");
        }
    }
}
