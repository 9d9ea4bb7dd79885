package io.verbena.transport.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamOptions;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("tcp")
@Timeout(60)
class StreamDataTest {
    private final TcpPair pair = new TcpPair();

    @AfterEach
    void close() {
        pair.close();
    }

    /** Sends back whatever comes, reading into buffers of ever changing sizes. */
    private static final class Echo extends Probe {
        private final SplittableRandom random = new SplittableRandom(7);
        private final GatherList unsent = new GatherList(16);
        private final List<ByteBuffer> targets = new ArrayList<>();

        Echo(ByteStream stream) {
            super(stream);
        }

        @Override
        public int targets(ByteBuffer[] lent) {
            if (unsent.remaining() > 0) {
                return 0;
            }
            targets.clear();
            int count = random.nextInt(1, MAX_TARGETS + 1);
            for (int i = 0; i < count; i++) {
                ByteBuffer target = ByteBuffer.allocateDirect(random.nextInt(1, 5000));
                targets.add(target);
                lent[i] = target;
            }
            return count;
        }

        @Override
        public void onOctets(int octets, boolean filled) {
            unsent.clear();
            for (ByteBuffer target : targets) {
                unsent.add(target.flip());
            }
            stream.write(unsent);
        }

        @Override
        public void onWritable() {
            stream.write(unsent);
            if (unsent.remaining() == 0) {
                stream.resumeReading();
            }
        }
    }

    /** Sends a given number of random octets and digests what comes back. */
    private static final class DigestingSource extends Probe {
        private final GatherList list = new GatherList(4);
        private final MessageDigest sent;
        private final MessageDigest cameBack;
        private final SplittableRandom random = new SplittableRandom(11);
        private final CompletableFuture<Void> allBack = new CompletableFuture<>();
        private long toSend;
        private long toComeBack;

        DigestingSource(ByteStream stream, long octets) {
            super(stream);
            toSend = octets;
            toComeBack = octets;
            sent = sha256();
            cameBack = sha256();
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (java.security.NoSuchAlgorithmException missing) {
                throw new IllegalStateException(missing);
            }
        }

        void pump() {
            while (true) {
                if (list.remaining() == 0) {
                    if (toSend == 0) {
                        return;
                    }
                    refill();
                }
                stream.write(list);
                if (list.remaining() > 0) {
                    return;
                }
            }
        }

        private void refill() {
            list.clear();
            while (list.room() > 0 && toSend > 0) {
                byte[] octets = new byte[(int) Math.min(toSend, random.nextInt(1, 100_000))];
                random.nextBytes(octets);
                sent.update(octets);
                toSend -= octets.length;
                ByteBuffer buffer = random.nextBoolean()
                        ? ByteBuffer.allocate(octets.length)
                        : ByteBuffer.allocateDirect(octets.length);
                list.add(buffer.put(octets).flip());
            }
        }

        @Override
        public void onWritable() {
            pump();
        }

        @Override
        public void onOctets(int octets, boolean filled) {
            cameBack.update(room.flip());
            toComeBack -= octets;
            if (toComeBack == 0) {
                allBack.complete(null);
            }
        }
    }

    @Test
    void echoesMegabytesThroughTargetsOfAnySize() throws Exception {
        var ends = pair.connect(stream -> new DigestingSource(stream, 24_000_000), Echo::new);
        ends.client().onLoop(ends.client()::pump);
        ends.client().allBack.get(40, TimeUnit.SECONDS);
        assertThat(ends.client().cameBack.digest()).isEqualTo(ends.client().sent.digest());
    }

    @Test
    void fillsTargetsInTheirOrder() throws Exception {
        ByteBuffer first = ByteBuffer.allocateDirect(3);
        ByteBuffer second = ByteBuffer.allocate(4).position(1);
        ByteBuffer third = ByteBuffer.allocateDirect(100);
        CompletableFuture<String> told = new CompletableFuture<>();
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            @Override
            public int targets(ByteBuffer[] lent) {
                lent[0] = first;
                lent[1] = second;
                lent[2] = third;
                return 3;
            }

            @Override
            public void onOctets(int octets, boolean filled) {
                told.complete(octets + " " + filled);
            }
        });
        ends.client().send("abcdefghij".getBytes(US_ASCII));
        assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo("10 false");
        assertThat(text(first.flip())).isEqualTo("abc");
        assertThat(text(second.flip().position(1))).isEqualTo("def");
        assertThat(text(third.flip())).isEqualTo("ghij");
    }

    @Test
    void saysWhetherAllTheRoomWasFilled() throws Exception {
        List<String> told = new ArrayList<>();
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            @Override
            public int targets(ByteBuffer[] lent) {
                lent[0] = room.clear().limit(4);
                return 1;
            }

            @Override
            public void onOctets(int octets, boolean filled) {
                super.onOctets(octets, filled);
                told.add(octets + " " + filled);
            }
        });
        ends.client().send("abcdef".getBytes(US_ASCII));
        await().until(() -> ends.server().receivedOctets() == 6);
        ends.server().onLoop(() -> assertThat(told).containsExactly("4 true", "2 false"));
        assertThat(ends.server().burstEnds).hasValueGreaterThanOrEqualTo(1);
    }

    @Test
    void writesMoreBuffersThanTheSystemTakesInOneCall() throws Exception {
        var ends = pair.connect(Probe::new, Probe::new);
        ends.client().onLoop(() -> {
            GatherList list = new GatherList(3000);
            for (int i = 0; i < 3000; i++) {
                list.add(ByteBuffer.wrap(new byte[] {(byte) i}));
            }
            assertThat(ends.client().stream.write(list)).isEqualTo(3000);
            assertThat(list.remaining()).isZero();
        });
        await().until(() -> ends.server().receivedOctets() == 3000);
        assertThat(ends.server().received()[2999]).isEqualTo((byte) 2999);
    }

    @Test
    void losesNothingWhenTheReaderIsSlowerThanTheWriter() throws Exception {
        StreamOptions small = new StreamOptions(true, 16_384, 16_384, true, 0, 0, 0, 0, 5_000_000_000L, 16);
        byte[] octets = new byte[3_000_000];
        new SplittableRandom(3).nextBytes(octets);
        var ends = pair.connect(
                small,
                TcpPair.anyPort(),
                stream -> new Probe(stream) {
                    final GatherList list = new GatherList(1);

                    @Override
                    public void onWritable() {
                        super.onWritable();
                        if (list.room() > 0) {
                            list.add(ByteBuffer.wrap(octets));
                        }
                        stream.write(list);
                    }
                },
                stream -> {
                    stream.pauseReading();
                    return new Probe(stream);
                });
        ends.client().onLoop(ends.client()::onWritable);
        assertThat(ends.client().writable).hasValue(1);
        assertThat(ends.server().receivedOctets()).isZero();
        ends.server().onLoop(ends.server().stream::resumeReading);
        await().until(() -> ends.server().receivedOctets() == octets.length);
        assertThat(ends.server().received()).isEqualTo(octets);
        assertThat(ends.client().writable).hasValueGreaterThan(1);
    }

    @Test
    void readsNothingWithoutTargetsUntilReadingIsResumed() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        var ends = pair.connect(Probe::new, stream -> new Probe(stream) {
            boolean haveRoom;
            int asks;

            @Override
            public int targets(ByteBuffer[] lent) {
                if (haveRoom) {
                    return super.targets(lent);
                }
                assertThat(++asks).isEqualTo(1);
                asked.complete(null);
                stream.loop().schedule(20_000_000, () -> {
                    haveRoom = true;
                    stream.resumeReading();
                });
                return 0;
            }
        });
        ends.client().send((byte) 1, (byte) 2);
        asked.get(10, TimeUnit.SECONDS);
        await().until(() -> ends.server().receivedOctets() == 2);
    }

    private static String text(ByteBuffer octets) {
        return US_ASCII.decode(octets).toString();
    }
}
