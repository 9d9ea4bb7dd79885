package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureCauseTest {
    private static final TerminateInformation TERMINATE =
            new TerminateInformation(true, 1, 1, 0x02, "not associated", -1, new byte[0], new byte[0]);

    @Test
    void saysAllInOneSentence() {
        FailureCause cause = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.ACCESS_RIGHT)
                .target(0xA1B2C3, 0x1000, 64)
                .right(AccessFlag.REMOTE_WRITE)
                .terminate(TERMINATE)
                .build();

        assertThat(cause.message())
                .isEqualTo("the memory does not have the right (STag 0x00a1b2c3, address 0x1000, length 64,"
                        + " right REMOTE_WRITE), found here; Terminate 1/1/02 sent: not associated");
        assertThat(cause).hasToString("ACCESS_RIGHT: " + cause.message());
    }

    @Test
    void leavesOutWhatDoesNotApply() {
        FailureCause cause =
                FailureCause.of(FailureCause.End.REMOTE, FailedCheck.OPCODE).build();

        assertThat(cause.message()).isEqualTo("the RDMAP opcode is unknown or not expected, found by the peer");
        assertThat(cause.hasTarget()).isFalse();
        assertThat(cause.terminate()).isNull();
        assertThat(cause.right()).isNull();
        assertThat(cause.root()).isSameAs(cause);
    }

    @Test
    void leadsFromAFlushedRequestToWhatReallyHappened() {
        FailureCause reset = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CONNECTION_RESET)
                .exception(new IOException("Connection reset"))
                .build();
        FailureCause flushed = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.LOCAL_CLOSE)
                .detail("flushed")
                .startedBy(reset, 7)
                .build();

        assertThat(flushed.root()).isSameAs(reset);
        assertThat(flushed.startedByRequest()).isEqualTo(7);
        assertThat(flushed.message()).startsWith("flushed").contains("; because ", "Connection reset");
    }

    @ParameterizedTest
    @EnumSource
    void everyCheckHasWordsThatReadAsASentence(FailedCheck check) {
        assertThat(check.words()).isNotBlank().doesNotEndWith(".").matches("[a-zA-Z].*");
    }

    @Test
    void terminatesAreWrittenAsInTheTables() {
        assertThat(TERMINATE.triple()).isEqualTo("1/1/02");
        assertThat(new TerminateInformation(false, 0, 2, 0xFF, "unspecified", -1, new byte[0], new byte[0]))
                .hasToString("Terminate 0/2/ff received: unspecified");
    }

    @Test
    void eventsSayWhomTheyAreAbout() {
        FailureCause cause =
                FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CRC).build();

        assertThat(new AsyncEvent(AsyncEvent.Kind.STREAM_INTEGRITY, 5, -1, cause))
                .hasToString("STREAM_INTEGRITY queue pair 5: " + cause.message());
        assertThat(new AsyncEvent(AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW, -1, 3, null))
                .hasToString("COMPLETION_QUEUE_OVERFLOW completion queue 3");
    }

    @Test
    void namesAnExceptionThatHasNoMessage() {
        FailureCause cause = FailureCause.of(FailureCause.End.LOCAL, FailedCheck.CONNECTION_LOST)
                .exception(new ClosedChannelException())
                .build();

        assertThat(cause.message()).endsWith("; ClosedChannelException");
    }
}
