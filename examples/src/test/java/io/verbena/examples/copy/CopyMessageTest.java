package io.verbena.examples.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyMessageTest {
    static Stream<CopyMessage> messages() {
        return Stream.of(
                new CopyMessage.Allocated(5),
                new CopyMessage.Ready(new RemoteRegion(0x01020304, -1, 1L << 40)),
                new CopyMessage.Written(1L << 62),
                new CopyMessage.Digested(0),
                new CopyMessage.Stored(),
                new CopyMessage.Failed("no room"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void readsWhatItWrites(CopyMessage message) {
        assertThat(CopyMessage.decode(message.encode())).isEqualTo(message);
    }

    @Test
    void readsTheDigestItWrites() {
        byte[] digest = Sha256.create().digest();

        CopyMessage message = CopyMessage.decode(new CopyMessage.Complete(digest).encode());

        assertThat(message)
                .isInstanceOfSatisfying(
                        CopyMessage.Complete.class,
                        complete -> assertThat(complete.digest()).isEqualTo(digest));
    }

    @Test
    void cutsALongReason() {
        CopyMessage message = CopyMessage.decode(new CopyMessage.Failed("x".repeat(1000)).encode());

        assertThat(message).isEqualTo(new CopyMessage.Failed("x".repeat(CopyMessage.MAX_OCTETS - 1)));
    }

    @Test
    void aReasonCannotTrickATerminal() {
        CopyMessage message = CopyMessage.decode(new CopyMessage.Failed("a\u001b[2J\nb").encode());

        assertThat(message).isEqualTo(new CopyMessage.Failed("a [2J b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "08", "ff0102", "01", "0100", "03000000000000000102", "02", "0500"})
    void whatIsNoMessageIsRefused(String hex) {
        ByteBuffer octets = ByteBuffer.wrap(HexFormat.of().parseHex(hex));

        assertThatIllegalArgumentException().isThrownBy(() -> CopyMessage.decode(octets));
    }
}
