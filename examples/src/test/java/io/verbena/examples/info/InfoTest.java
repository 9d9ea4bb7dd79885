package io.verbena.examples.info;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.examples.RunningTool;
import io.verbena.verbs.DeviceLimits;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InfoTest {
    @Test
    void showsDeviceLimitsAndMachine() throws Exception {
        RunningTool tool = RunningTool.run("info");

        assertThat(tool.exitCode()).as(tool.output()).isZero();
        assertThat(tool.out())
                .containsPattern("transport +netty nio")
                .containsPattern("maxQueuePairs +" + DeviceLimits.defaults().maxQueuePairs())
                .contains(System.getProperty("java.version"));
    }

    @Test
    void printsTheSameAsJson() throws Exception {
        RunningTool tool = RunningTool.run("info", "--json");

        Map<String, Object> facts = JSON.std.mapFrom(tool.out());
        assertThat(facts).containsOnlyKeys("device", "limits", "machine");
        assertThat(facts.get("limits"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("maxQueuePairs", DeviceLimits.defaults().maxQueuePairs());
    }
}
