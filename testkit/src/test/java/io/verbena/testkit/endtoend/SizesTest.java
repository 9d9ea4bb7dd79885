package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.SocketOptions;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of awkward lengths at awkward offsets, around every boundary of segmenting, in every placement mode. */
@Tag("tcp")
@Timeout(60)
class SizesTest {
    private static final int MEMORY_OCTETS = 300_000;
    private static final int SEGMENT_OCTETS = 1460;

    static Stream<Arguments> shapes() {
        return Stream.of(PlacementMode.values())
                .flatMap(mode -> Stream.of(false, true)
                        .flatMap(markers ->
                                Stream.of(0, SEGMENT_OCTETS).map(segment -> Arguments.of(mode, markers, segment))));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @Requirement({
        "DDP-5.2-03",
        "DDP-5.2-04",
        "MPA-5.1-05",
        "MPA-4.3-12",
        "RDMAP-4.4-04",
        "RDMAP-4.4-05",
        "DDP-4.1-01",
        "DDP-4.1-02",
        "DDP-4.2-09",
        "MPA-4.3-06",
        "RDMAP-5.2.2-09"
    })
    void movesEveryLengthUnchanged(PlacementMode mode, boolean markers, int segmentOctets) {
        SocketOptions socket = SocketOptions.defaults().withSegmentOctets(segmentOctets);
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withMarkers(markers, markers)
                .withParameters(parameters -> parameters.withSocket(socket));
        try (DevicePair pair = DevicePair.open(options)) {
            int mulpdu = pair.client().connection().agreement().mulpduOctets();
            TestMemory source = TestMemory.pattern(pair.client(), MEMORY_OCTETS);
            TestMemory target = TestMemory.open(pair.server(), MEMORY_OCTETS);
            TestMemory inbox = TestMemory.open(pair.server(), MEMORY_OCTETS);
            TestMemory sink = TestMemory.open(pair.client(), MEMORY_OCTETS);
            lengths(mulpdu).forEach(length -> moveEveryWay(pair, length, source, target, inbox, sink));
        }
    }

    private static IntStream lengths(int mulpdu) {
        int tagged = mulpdu - 14;
        int untagged = mulpdu - 18;
        IntStream small = IntStream.concat(IntStream.rangeClosed(0, 9), IntStream.of(490, 507, 508, 509, 512, 1023));
        IntStream around = IntStream.of(tagged, untagged, 2 * tagged, 2 * untagged, 3 * tagged)
                .flatMap(edge -> IntStream.rangeClosed(edge - 1, edge + 1));
        return IntStream.concat(small, IntStream.concat(around, IntStream.of(65_535, 65_536, 65_537, 200_001)))
                .filter(length -> length < MEMORY_OCTETS - 10)
                .distinct();
    }

    private static void moveEveryWay(
            DevicePair pair, int length, TestMemory source, TestMemory target, TestMemory inbox, TestMemory sink) {
        int from = length % 7;
        int to = length % 5;
        var client = pair.client().queuePair();
        SendRequest request = new SendRequest();
        pair.server().postReceive(length, inbox.region());
        client.postSend(request.write(target.region().remote(to, length)).local(source.region(), from, length))
                .orThrow();
        client.postSend(request.read(target.region().remote(to, length)).local(sink.region(), from, length))
                .orThrow();
        client.postSend(request.send().local(source.region(), from, length)).orThrow();
        pair.client().awaitSendSuccess();
        assertThat(pair.client().awaitSendSuccess().lengthOctets()).isEqualTo(length);
        pair.client().awaitSendSuccess();
        assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(length);
        byte[] expected = source.octets(from, length);
        assertThat(target.octets(to, length)).as("Write of %d", length).isEqualTo(expected);
        assertThat(sink.octets(from, length)).as("Read of %d", length).isEqualTo(expected);
        assertThat(inbox.octets(0, length)).as("Send of %d", length).isEqualTo(expected);
        assertThat(target.buffer().get(to + length))
                .as("octet behind a Write of %d", length)
                .isZero();
        for (TestMemory memory : new TestMemory[] {target, inbox, sink}) {
            memory.buffer().put(0, new byte[length + 10]);
        }
    }
}
