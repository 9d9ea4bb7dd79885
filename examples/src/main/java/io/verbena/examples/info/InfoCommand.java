package io.verbena.examples.info;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.VersionResource;
import io.verbena.verbs.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Opens a device and prints what it is. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        description = {"Shows what the device is and allows, which transport it uses, and the machine below it.", ""},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:a device could be opened", " 1:it could not; one line says why", " 2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {"  verbena info", "  verbena info --json | jq .limits.maxQueuePairs"})
public final class InfoCommand implements Callable<Integer> {
    private static final int NAME_WIDTH = 28;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private Diagnostics diagnostics;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Device device = Device.open(diagnostics.deviceOptions("verbena0"))) {
            Map<String, Map<String, Object>> facts = DeviceFacts.of(device.query());
            if (json) {
                out.println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(facts));
            } else {
                facts.forEach((section, values) -> print(out, section, values));
            }
        }
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, String section, Map<String, Object> values) {
        out.println(section);
        values.forEach((name, value) -> out.printf(Locale.ROOT, "  %-" + NAME_WIDTH + "s%s%n", name, value));
    }
}
