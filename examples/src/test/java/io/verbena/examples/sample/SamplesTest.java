package io.verbena.examples.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.examples.RunningTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplesTest {
    @ParameterizedTest
    @CsvSource({
        "send-and-receive, 'received: Hello, RDMA!'",
        "queue-registers, '   slot 0          IN_SERVICE  READ                      id 1'",
        "queue-registers, 'completions to poll: 5'",
        "write-and-read, READ SUCCESS: Placed without asking anybody",
        "any-buffer, read back: Registered by nobody",
        "any-buffer, '2 registrations, 18 hits'",
        "shared-counter, 3 peers and the owner counted to 400",
        "shared-counter, the lock guarded 300 and 300",
        "text-then-rdma, 'server''s memory: written by RDMA on the same connection'",
        "expose-use-revoke, 'client: it says: Nothing left open behind me'",
        "many-connections, '100 connections on one completion queue, sum of their numbers 4950'"
    })
    void eachRuns(String name, String line) throws Exception {
        RunningTool tool = RunningTool.run("sample", name);

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.out().lines()).contains(line);
        assertThat(tool.err()).isEmpty();
    }

    @Test
    void theyAreListed() throws Exception {
        assertThat(RunningTool.run("sample").out())
                .contains("send-and-receive", "write-and-read", "any-buffer", "expose-use-revoke", "many-connections");
    }
}
