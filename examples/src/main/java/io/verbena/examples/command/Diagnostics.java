package io.verbena.examples.command;

import io.verbena.observe.LogListener;
import io.verbena.verbs.DeviceOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options for seeing more, the same on every command. */
public final class Diagnostics {
    /** The name of the option that shows stack traces. */
    public static final String DEBUG = "--debug";

    private static final String TRACE = "--trace";

    @Option(names = DEBUG, description = "If the command fails, also print the stack trace.")
    private boolean debug;

    @Option(names = TRACE, description = "Print one line for each frame and event of the stack on standard error.")
    private boolean trace;

    /** Returns the options of a device with this name, traced if the command line says so. */
    public DeviceOptions deviceOptions(String name) {
        DeviceOptions options = DeviceOptions.defaults().withName(name);
        if (!trace) {
            return options;
        }
        TraceLog.showOnStandardError();
        return options.withListener(new LogListener());
    }

    /** Returns the options as they were given, for another process that shall do the same. */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (debug) {
            arguments.add(DEBUG);
        }
        if (trace) {
            arguments.add(TRACE);
        }
        return arguments;
    }
}
