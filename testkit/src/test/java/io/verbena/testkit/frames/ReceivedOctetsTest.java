package io.verbena.testkit.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Right octets in any chunks, and any octets at all. */
@Tag("tcp")
@Timeout(60)
class ReceivedOctetsTest {
    private static final int MESSAGES = 60;
    private static final int MEMORY_OCTETS = 30_000;

    private static RawPartner partner(PlacementMode mode, boolean markers) {
        boolean crc = mode != PlacementMode.DIRECT;
        ConnectionParameters parameters =
                ConnectionParameters.defaults().withCrc(crc).withMarkers(markers);
        return new RawPartner(
                crc ? parameters.withPlacement(mode) : parameters,
                RawStartup.reply().withDepths(16, 16).withCrc(crc));
    }

    @Seeded(count = 15)
    @Requirement({"MPA-5.1-05", "MPA-5.2-01", "MPA-4.3-12", "MPA-A.4-01", "DDP-3-04"})
    void understandsAStreamInAnyChunks(SplittableRandom random) {
        PlacementMode mode = PlacementMode.values()[random.nextInt(3)];
        boolean markers = random.nextBoolean();
        try (RawPartner partner = partner(mode, markers)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_OCTETS);
            MemoryRegion target = partner.end().register(memory.duplicate(), AccessFlag.REMOTE_WRITE);
            MemoryRegion inbox = partner.end().register(3_000);
            byte[] model = new byte[MEMORY_OCTETS];
            RawFramer framer = new RawFramer(markers, mode != PlacementMode.DIRECT);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            int sends = 0;
            for (int i = 0; i < MESSAGES; i++) {
                byte[] payload = HexVectors.pattern(random.nextInt(random.nextBoolean() ? 3_000 : 30));
                if (random.nextBoolean()) {
                    int at = random.nextInt(MEMORY_OCTETS - payload.length);
                    System.arraycopy(payload, 0, model, at, payload.length);
                    stream.writeBytes(framer.frame(RawSegment.write(target.stag(), target.startAddress() + at, payload)
                            .octets()));
                } else {
                    partner.end().postReceive(payload.length, inbox);
                    stream.writeBytes(
                            framer.frame(RawSegment.send(++sends, payload).octets()));
                }
            }
            partner.end().postReceive(0, inbox);
            stream.writeBytes(framer.frame(RawSegment.send(++sends, new byte[0]).octets()));
            sendInChunks(partner, stream.toByteArray(), random);
            for (int i = 0; i < sends; i++) {
                var received = partner.end().awaitReceiveSuccess();
                assertThat(received.lengthOctets()).isEqualTo(received.id());
            }
            assertThat(memory).isEqualTo(ByteBuffer.wrap(model));
        }
    }

    private static void sendInChunks(RawPartner partner, byte[] octets, SplittableRandom random) {
        int largest = 1 << random.nextInt(14);
        int from = 0;
        while (from < octets.length) {
            int count = Math.min(octets.length - from, 1 + random.nextInt(largest));
            partner.peer().sendRaw(Arrays.copyOfRange(octets, from, from + count));
            from += count;
        }
    }

    @Seeded(count = 60)
    @Requirement("SYS-MEM-09")
    void endsInADefinedStateWhateverArrives(SplittableRandom random) {
        // CRC off, so that nothing but DDP's and RDMAP's own checks stands between the octets and the memory.
        try (RawPartner partner = partner(PlacementMode.DIRECT, random.nextBoolean())) {
            byte[] guard = new byte[1000];
            Arrays.fill(guard, (byte) 0xA5);
            ByteBuffer memory =
                    ByteBuffer.allocateDirect(3000).put(guard).put(guard).put(guard);
            MemoryRegion target =
                    partner.end().register(memory.slice(1000, 1000), AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
            MemoryRegion inbox = partner.end().register(100);
            for (int i = 0; i < 4; i++) {
                partner.end().postReceive(i, inbox);
            }
            sendStrangeSegments(partner, target, random);
            partner.end()
                    .await(
                            "the end of the queue pair",
                            () -> partner.end().queuePair().state() != QueuePairState.RTS);
            partner.end()
                    .await("the flush", () -> partner.end().receiveCompletions().size() == 4);
            assertThat(memory.slice(0, 1000)).isEqualTo(ByteBuffer.wrap(guard));
            assertThat(memory.slice(2000, 1000)).isEqualTo(ByteBuffer.wrap(guard));
            assertThat(partner.end().events())
                    .extracting(AsyncEvent::kind)
                    .doesNotContain(AsyncEvent.Kind.QUEUE_PAIR_CATASTROPHIC);
        }
    }

    private static void sendStrangeSegments(RawPartner partner, MemoryRegion target, SplittableRandom random) {
        try {
            for (int i = 0; i < 20; i++) {
                byte[] ulpdu = strange(target, random);
                partner.peer().sendUlpdu(ulpdu);
            }
            partner.peer().finish();
        } catch (UncheckedIOException e) {
            // The device has had enough before all was sent, as it should.
            assertThat(e).hasCauseInstanceOf(SocketException.class);
        }
    }

    private static byte[] strange(MemoryRegion target, SplittableRandom random) {
        byte[] payload = new byte[random.nextInt(200)];
        random.nextBytes(payload);
        RawSegment base = switch (random.nextInt(5)) {
            case 0 -> RawSegment.write(target.stag(), target.startAddress() + random.nextInt(1100) - 50, payload);
            case 1 -> RawSegment.send(1 + random.nextInt(3), payload);
            case 2 -> RawSegment.readRequest(1, 1, 2, random.nextInt(1100), target.stag(), target.startAddress());
            case 3 -> RawSegment.readResponse(target.stag(), target.startAddress(), payload);
            default -> RawSegment.sendInvalidate(1, random.nextInt(), payload);
        };
        byte[] ulpdu = base.octets();
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            int bit = random.nextInt(Math.min(ulpdu.length, 24) * 8);
            ulpdu[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        return random.nextInt(10) == 0 ? Arrays.copyOf(ulpdu, random.nextInt(ulpdu.length)) : ulpdu;
    }
}
