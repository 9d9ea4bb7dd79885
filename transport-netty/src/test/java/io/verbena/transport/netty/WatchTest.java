package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchTest {
    private final Watch watch = new Watch();

    @Test
    void onlyTakesNoteAtTheFirstLook() {
        watch.restart();
        assertThat(watch.nobodyCameSince(7)).isFalse();
        assertThat(watch.lookAgainInNs()).isEqualTo(Watch.SHORTEST_NS);
        assertThat(watch.nobodyCameSince(7)).isTrue();
        watch.restart();
        assertThat(watch.nobodyCameSince(7)).isFalse();
    }

    @Test
    void looksMoreRarelyInARushAndSoonWhenItIsOver() {
        watch.restart();
        int visits = Integer.MAX_VALUE - 2;
        assertThat(watch.nobodyCameSince(visits)).isFalse();
        long expectedNs = Watch.SHORTEST_NS;
        for (int look = 0; look < 6; look++) {
            visits += Watch.RUSH;
            assertThat(watch.nobodyCameSince(visits)).isFalse();
            expectedNs = Math.min(2 * expectedNs, Watch.LONGEST_NS);
            assertThat(watch.lookAgainInNs()).isEqualTo(expectedNs);
        }
        assertThat(expectedNs).isEqualTo(Watch.LONGEST_NS);
        visits += Watch.RUSH - 1;
        assertThat(watch.nobodyCameSince(visits)).isFalse();
        assertThat(watch.lookAgainInNs()).isEqualTo(Watch.SHORTEST_NS);
        assertThat(watch.nobodyCameSince(visits)).isTrue();
    }
}
