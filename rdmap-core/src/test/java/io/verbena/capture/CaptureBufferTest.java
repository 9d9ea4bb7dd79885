package io.verbena.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CaptureBufferTest {
    private static final int BLOCK_OCTETS = 64_000;
    private static final long PATIENT_NS = 20_000_000_000L;

    private final List<String> ends = new CopyOnWriteArrayList<>();

    private CaptureBuffer buffer(CaptureBuffer.Target target, long patienceNs) {
        return new CaptureBuffer(target, "test-capture", patienceNs, ends::add);
    }

    /** Puts a block of one octet, many times; returns whether there was room. */
    private static boolean put(CaptureBuffer buffer, int octet) {
        buffer.lock();
        try {
            ByteBuffer room = buffer.room(BLOCK_OCTETS);
            if (room == null) {
                return false;
            }
            for (int i = 0; i < BLOCK_OCTETS; i++) {
                room.put((byte) octet);
            }
            buffer.commit();
            return true;
        } finally {
            buffer.unlock();
        }
    }

    private static byte[] blocks(int count) {
        byte[] octets = new byte[count * BLOCK_OCTETS];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (i / BLOCK_OCTETS);
        }
        return octets;
    }

    /** Takes a part of what it is given. */
    private static final class Trickle implements WritableByteChannel {
        private final WritableByteChannel into;

        Trickle(ByteArrayOutputStream into) {
            this.into = Channels.newChannel(into);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            int limit = from.limit();
            from.limit(Math.min(limit, from.position() + 10_007));
            try {
                return into.write(from);
            } finally {
                from.limit(limit);
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void aSlowFileHoldsUpWhoWritesAndMissesNothing() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        CaptureBuffer buffer = buffer(() -> new Trickle(written), PATIENT_NS);
        // Three times what both buffers hold.
        int count = 6 * CaptureBuffer.BUFFER_OCTETS / BLOCK_OCTETS;
        for (int i = 0; i < count; i++) {
            assertThat(put(buffer, i)).isTrue();
        }
        buffer.close();

        assertThat(written.toByteArray()).isEqualTo(blocks(count));
        assertThat(ends).isEmpty();
        assertThat(put(buffer, 0)).isFalse();
    }

    @Test
    void aFullDiskEndsTheCaptureWithOneSentenceAndNeverWaits() {
        CaptureBuffer buffer = buffer(
                () -> new WritableByteChannel() {
                    @Override
                    public int write(ByteBuffer from) throws IOException {
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {}
                },
                PATIENT_NS);
        int accepted = 0;
        while (put(buffer, accepted)) {
            accepted++;
        }
        // At most what both buffers hold was accepted before the failure was noticed.
        assertThat(accepted).isLessThanOrEqualTo(2 * CaptureBuffer.BUFFER_OCTETS / BLOCK_OCTETS);
        assertThat(put(buffer, 0)).isFalse();
        buffer.close();
        assertThat(ends).containsExactly("No space left on device");
    }

    @Test
    void aFileThatHangsEndsTheCaptureWhenPatienceDoes() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CaptureBuffer buffer = buffer(
                () -> {
                    hanging.countDown();
                    try {
                        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return Channels.newChannel(new ByteArrayOutputStream());
                },
                1_000_000);
        assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();
        int accepted = 0;
        while (put(buffer, accepted)) {
            accepted++;
        }
        // Nobody has opened the file, so one buffer was filled.
        assertThat(accepted).isEqualTo(CaptureBuffer.BUFFER_OCTETS / BLOCK_OCTETS);
        assertThat(ends).containsExactly("it was not written as fast as it came for 1 ms");
        over.countDown();
        buffer.close();
        assertThat(ends).hasSize(1);
    }

    @Test
    void whoIsInterruptedWhileItWaitsStillWritesAndStaysInterrupted() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        CaptureBuffer buffer = buffer(() -> new Trickle(written), PATIENT_NS);
        Thread.currentThread().interrupt();
        int count = 6 * CaptureBuffer.BUFFER_OCTETS / BLOCK_OCTETS;
        for (int i = 0; i < count; i++) {
            assertThat(put(buffer, i)).isTrue();
        }
        assertThat(Thread.interrupted()).isTrue();
        buffer.close();
        assertThat(written.toByteArray()).isEqualTo(blocks(count));
    }

    @Test
    void whatWasWrittenBeforeAFailureIsCutAtAWholeBlock() {
        ByteBuffer blocks = ByteBuffer.allocate(4096);
        PcapngBlocks.putSection(blocks, "test");
        int first = blocks.position();
        PcapngBlocks.putInterface(blocks, "eth0");
        int second = blocks.position();
        for (int octets = 0; octets <= second; octets++) {
            assertThat(PcapngBlocks.wholeBlocks(blocks, octets))
                    .isEqualTo(octets < first ? 0 : octets < second ? first : second);
        }
    }
}
