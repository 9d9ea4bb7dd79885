package io.verbena.examples;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the command line in a JVM of its own: this JVM's {@code java}, the packaged jars, and not one flag.
 *
 * <p>The jars and their folder come from the build through the system properties {@code verbena.jar} and {@code verbena.lib}.
 */
final class BareJvm {
    /** What a run left behind. */
    record Outcome(int exitCode, String output, String errors) {}

    private static final String[] FLAGS_FROM_OUTSIDE = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"};

    private final Path folder;

    /**
     * Runs in a folder of the caller's.
     *
     * @param folder where the JVM runs and its output is kept
     */
    BareJvm(Path folder) {
        this.folder = folder;
    }

    /**
     * Runs the command line to its end.
     *
     * @param deadline after it the JVM is ended and the run has failed
     * @param arguments what stands behind {@code ./verbena}
     * @return exit code and what was printed
     */
    Outcome run(Duration deadline, String... arguments) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = start(output, errors, arguments);
        if (!process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("not finished after " + deadline + ":\n" + Files.readString(output) + "\n"
                    + Files.readString(errors));
        }
        return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    private Process start(Path output, Path errors, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(classPath());
        command.add("io.verbena.examples.Verbena");
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        for (String variable : FLAGS_FROM_OUTSIDE) {
            builder.environment().remove(variable);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** Returns the tool's jar and the jars it needs, each by name; folders of classes have no place here. */
    static String classPath() throws IOException {
        List<String> jars = new ArrayList<>();
        jars.add(Path.of(System.getProperty("verbena.jar")).toString());
        try (Stream<Path> libraries = Files.list(Path.of(System.getProperty("verbena.lib")))) {
            libraries.map(Path::toString).sorted().forEach(jars::add);
        }
        for (String jar : jars) {
            if (!jar.endsWith(".jar") || !Files.isRegularFile(Path.of(jar))) {
                throw new IllegalStateException(jar + " is not a jar");
            }
        }
        return String.join(File.pathSeparator, jars);
    }
}
