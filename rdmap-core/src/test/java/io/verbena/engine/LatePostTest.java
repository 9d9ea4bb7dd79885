package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.BufferUse;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A thread has looked at the state before the queue pair was destroyed, and goes on behind that. */
@DisplayName("Posts that slip in while a queue pair is destroyed")
class LatePostTest {
    private final SendRequest inline = new SendRequest().send().id(1).inline(ByteBuffer.allocate(32));

    private static int inlineBuffers(Desk desk) {
        return desk.pool.snapshot().used(BufferUse.INLINE);
    }

    @Test
    void givesInlineBuffersBackOfAPostBehindTheDestruction() {
        Desk desk = Desk.connected();
        desk.engine.destroy();
        desk.loop.run();
        assertThat(desk.engine.sendQueue().post(inline)).isEqualTo(PostResult.POSTED);
        assertThat(inlineBuffers(desk)).isEqualTo(1);
        desk.engine.ring();
        assertThat(inlineBuffers(desk)).isZero();
        assertThat(desk.engine.sendQueue().busy()).isZero();
        assertThat(desk.engine.postSend(inline)).isEqualTo(PostResult.DESTROYED);
        assertThat(desk.completions()).isEmpty();
    }

    @Test
    void givesInlineBuffersBackOfAPostThatNobodyHasRungFor() {
        Desk desk = new Desk();
        assertThat(desk.engine.postSend(inline)).isEqualTo(PostResult.POSTED);
        assertThat(inlineBuffers(desk)).isEqualTo(1);
        desk.engine.destroy();
        assertThat(inlineBuffers(desk)).isZero();
        desk.engine.ring();
        desk.loop.run();
        assertThat(desk.engine.sendQueue().busy()).isZero();
        assertThat(desk.completions()).isEmpty();
    }
}
