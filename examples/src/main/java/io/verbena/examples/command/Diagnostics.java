package io.verbena.examples.command;

import io.verbena.capture.SocketCapture;
import io.verbena.observe.LogListener;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.observe.StackEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options for seeing more, the same on every command. */
public final class Diagnostics {
    /** The name of the option that shows stack traces. */
    public static final String DEBUG = "--debug";

    /** The name of the option that writes a capture. */
    public static final String CAPTURE = "--capture";

    private static final String TRACE = "--trace";

    @Option(names = DEBUG, description = "If the command fails, also print the stack trace.")
    private boolean debug;

    @Option(names = TRACE, description = "Print one line for each frame and event of the stack on standard error.")
    private boolean trace;

    @Option(
            names = CAPTURE,
            paramLabel = "FILE",
            description = "Write all octets of the connections to a pcapng file, for Wireshark or verbena decode.")
    private Path capture;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private final CaptureWatch captureWatch = new CaptureWatch();

    /** Returns the options of a device with this name, traced if the command line says so. */
    public DeviceOptions deviceOptions(String name) {
        DeviceOptions options = DeviceOptions.defaults().withName(name);
        if (capture != null) {
            options = options.withCapture(capture).withListener(captureWatch);
        }
        if (!trace) {
            return options;
        }
        TraceLog.showOnStandardError();
        return options.withListener(new LogListener());
    }

    /** Returns whether {@code --trace} was given, which only our stack can follow. */
    public boolean asksForTrace() {
        return trace;
    }

    /**
     * Opens the capture of connections that belong to no device.
     *
     * @param name what the capture calls who owns them
     * @return the capture, for the caller to close; nothing if the command line asks for none
     * @throws IOException if the file cannot be written; the message says which and why
     */
    public Optional<SocketCapture> socketCapture(String name) throws IOException {
        return capture == null
                ? Optional.empty()
                : Optional.of(SocketCapture.open(
                        capture, name, System::nanoTime, why -> captureWatch.onCaptureEnded(name, why)));
    }

    /**
     * Returns the options as they were given, for another process at the other end of this one's connections. It captures
     * nothing: this one does, and one file is written by one process.
     */
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

    /** Says on standard error that a capture ended early; the command goes on. */
    private final class CaptureWatch implements StackEvents {
        private final AtomicBoolean told = new AtomicBoolean();

        @Override
        public void onCaptureEnded(String device, String why) {
            // Each device that shares the file tells it.
            if (told.compareAndSet(false, true)) {
                command.commandLine().getErr().println(command.qualifiedName() + ": " + why);
            }
        }
    }
}
