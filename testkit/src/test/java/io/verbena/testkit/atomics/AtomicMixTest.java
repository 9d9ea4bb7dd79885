package io.verbena.testkit.atomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Random mixes of all operations on a few words, compared with a model that does one after the other. */
@Tag("tcp")
@Timeout(60)
class AtomicMixTest {
    private static final int WORDS = 4;
    private static final int REQUESTS = 120;
    private static final int ROUNDS = 5;
    private static final long NOTHING = 0x5A5A5A5A5A5A5A5AL;

    @Seeded(count = 12)
    @Requirement({"SYS-MEM-15", "EXT-5.2.1-11", "EXT-5.2.2-07", "EXT-6.3-03"})
    void giveTheResultsOfTheModel(SplittableRandom random) {
        int depth = 1 + random.nextInt(8);
        PlacementMode mode = PlacementMode.values()[random.nextInt(3)];
        PairOptions options = PairOptions.defaults()
                .withPlacement(mode)
                .withMarkers(random.nextBoolean(), random.nextBoolean())
                .withQueuePairs(queuePair -> queuePair.withReadDepths(depth, depth));
        try (DevicePair pair = DevicePair.open(random.nextBoolean() ? options.withCallerDrivenProgress() : options)) {
            Counter target = Counter.open(pair.server(), 8 * WORDS);
            Counter results = Counter.open(pair.client(), 8 * REQUESTS);
            Counter source = Counter.open(pair.client(), 8 * REQUESTS);
            Counter inbox = Counter.open(pair.server(), 8);
            long[] model = new long[WORDS];
            for (int round = 0; round < ROUNDS; round++) {
                Mix mix = new Mix(pair, target, results, source, inbox, model);
                for (int i = 0; i < REQUESTS; i++) {
                    mix.post(i, random);
                }
                mix.compare();
            }
        }
    }

    /** The requests of one round, and what they should give. */
    private static final class Mix {
        private final DevicePair pair;
        private final Counter target;
        private final Counter results;
        private final Counter source;
        private final Counter inbox;
        private final long[] model;
        private final SendRequest request = new SendRequest();
        private final long[] expected = new long[REQUESTS];
        private final Deque<Long> immediates = new ArrayDeque<>();

        Mix(DevicePair pair, Counter target, Counter results, Counter source, Counter inbox, long[] model) {
            this.pair = pair;
            this.target = target;
            this.results = results;
            this.source = source;
            this.inbox = inbox;
            this.model = model;
        }

        void post(int i, SplittableRandom random) {
            int word = random.nextInt(WORDS);
            long at = target.at(8L * word);
            long value = random.nextLong() >> random.nextInt(60);
            long bits = random.nextLong();
            long mask = bits & random.nextLong();
            results.value(8 * i, NOTHING);
            expected[i] = NOTHING;
            switch (random.nextInt(7)) {
                case 0 -> {
                    expected[i] = model[word];
                    model[word] = added(model[word], value, mask);
                    postWithResult(i, request.fetchAdd(target.stag(), at, value, mask));
                }
                case 1 -> {
                    long guess = random.nextBoolean() ? model[word] : value;
                    expected[i] = model[word];
                    if (((model[word] ^ guess) & mask) == 0) {
                        model[word] = model[word] & ~value | ~guess & value;
                    }
                    postWithResult(i, request.compareSwap(target.stag(), at, guess, mask, ~guess, value));
                }
                case 2 -> {
                    expected[i] = model[word];
                    model[word] = value;
                    postWithResult(i, request.swap(target.stag(), at, value));
                }
                case 3 -> {
                    expected[i] = model[word];
                    postWithResult(i, request.read(target.stag(), at));
                }
                case 4 -> {
                    // Fenced: without a fence a Write may overtake the Reads and atomic operations before it.
                    model[word] = value;
                    source.value(8 * i, value);
                    post(request.write(target.stag(), at).readFence(true).local(source.region(), 8L * i, 8));
                }
                case 5 -> {
                    pair.server().postReceive(i, inbox.region());
                    immediates.add(value);
                    post(random.nextBoolean() ? request.immediate(value) : request.immediateSolicited(value));
                }
                default -> {
                    pair.server().postReceive(i, inbox.region());
                    immediates.add(NOTHING);
                    post(request.send().local(source.region(), 8L * i, 8));
                }
            }
        }

        /** RFC 7306 section 5.1.1, bit by bit. */
        private static long added(long memory, long addend, long mask) {
            long sum = 0;
            long carry = 0;
            for (int bit = 0; bit < 64; bit++) {
                long bits = carry + (memory >>> bit & 1) + (addend >>> bit & 1);
                sum |= (bits & 1) << bit;
                carry = (mask >>> bit & 1) == 0 ? bits >> 1 : 0;
            }
            return sum;
        }

        private void postWithResult(int i, SendRequest next) {
            post(next.local(results.region(), 8L * i, 8));
        }

        private void post(SendRequest next) {
            pair.client().queuePair().postSend(next).orThrow();
        }

        void compare() {
            for (int i = 0; i < REQUESTS; i++) {
                pair.client().awaitSendSuccess();
            }
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(results.value(8 * i)).as("result of request %d", i).isEqualTo(expected[i]);
            }
            // What a Write has placed is certain once a Read behind it has come back.
            postWithResult(0, request.read(target.stag(), target.at(0)));
            pair.client().awaitSendSuccess();
            for (int word = 0; word < WORDS; word++) {
                assertThat(target.value(8 * word)).as("word %d", word).isEqualTo(model[word]);
            }
            while (!immediates.isEmpty()) {
                long value = immediates.poll();
                WorkCompletion received = pair.server().awaitReceiveSuccess();
                assertThat(received.hasImmediate()).isEqualTo(value != NOTHING);
                if (received.hasImmediate()) {
                    assertThat(received.immediateData()).isEqualTo(value);
                }
            }
        }
    }
}
