package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The virtual machine with the kernel's driver, through the script {@code interop/siw-guest}: it runs commands in it, among them
 * the other end of a connection, {@code order-peer}.
 *
 * <p>Thread rule: one thread.
 */
final class Guest {
    /** The host, as the guest calls it. */
    private static final String HOST = "10.0.2.2";
    /** Where {@code order-peer} listens; a port of the host leads there. */
    private static final int PORT = 7174;

    private static final int ARGUMENTS = 5;
    private static final int SECONDS = 20;
    private static final int START_SECONDS = 180;
    private static final int SCRIPT_SECONDS = 20;
    private static final int LOST = 255;
    private static final String ORDER = "order ";
    private static final String ENDED = "ended ";

    private final String script;
    private final String name;
    private final int hostPort;
    /** Switches of the driver that are not as they were, and how they were. */
    private final Map<String, String> changed = new LinkedHashMap<>();

    /**
     * Uses a guest that runs.
     *
     * @param script path of {@code interop/siw-guest}
     * @param name the guest's
     * @param hostPort the port of the host that leads to it
     */
    Guest(String script, String name, int hostPort) {
        this.script = script;
        this.name = name;
        this.hostPort = hostPort;
    }

    /** Uses the guest that the first three arguments of a program name. */
    static Guest of(String[] arguments) {
        if (arguments.length != ARGUMENTS) {
            System.err.println("expected: SCRIPT GUEST PORT ROUNDS WORD");
            System.exit(2);
        }
        return new Guest(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
    }

    /** Returns where to connect to an {@code order-peer} that serves. */
    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), hostPort);
    }

    /** Starts {@code order-peer} with {@code options}; one that still runs is ended. Returns when it listens. */
    void serve(String options) throws IOException, InterruptedException, CommandFailedException {
        String listening = String.format(
                "grep -qi ':%04X [0-9A-F]*:0000 0A' /proc/net/tcp /proc/net/tcp6 2> /dev/null && exit 0", PORT);
        begin("serve " + PORT + " " + options, "for i in $(seq 100); do " + listening + "; sleep 0.05; done; exit 1");
    }

    /** Starts {@code order-peer} with {@code options}, and it connects to {@code port} of the host. */
    void connect(int port, String options) throws IOException, InterruptedException, CommandFailedException {
        begin("connect " + HOST + " " + port + " " + options, "exit 0");
    }

    private void begin(String words, String then) throws IOException, InterruptedException, CommandFailedException {
        run(
                "killall order-peer 2> /dev/null; for i in $(seq 60); do pidof order-peer > /dev/null || break; sleep 0.05; done; "
                        + "(order-peer " + words + "; echo; echo " + ENDED + "$?) > /tmp/peer 2>&1 & " + then);
    }

    /** Waits until {@code order-peer} has ended, and returns what it said after its last order. */
    String lastWords() throws IOException, InterruptedException, CommandFailedException {
        List<String> lines = allWords();
        int begin = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(ORDER)) {
                begin = i + 1;
            }
        }
        return String.join(", ", lines.subList(begin, lines.size()));
    }

    /** Waits until {@code order-peer} has ended, and returns all that it said. */
    List<String> allWords() throws IOException, InterruptedException, CommandFailedException {
        String said = run(
                "for i in $(seq 150); do grep -q '^" + ENDED + "' /tmp/peer && break; sleep 0.1; done; cat /tmp/peer");
        List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty() || !lines.get(lines.size() - 1).startsWith(ENDED)) {
            throw new CommandFailedException("order-peer did not end: " + lines);
        }
        return lines.subList(0, lines.size() - 1);
    }

    /** Changes a switch of the driver until {@link #restoreSwitches}. */
    void set(String parameter, String value) throws IOException, InterruptedException, CommandFailedException {
        String file = "/sys/module/siw/parameters/" + parameter;
        String before = run("cat " + file + "; echo " + value + " > " + file).strip();
        changed.putIfAbsent(parameter, before);
    }

    /** Gives all switches of the driver back what they had. */
    void restoreSwitches() throws IOException, InterruptedException, CommandFailedException {
        for (Map.Entry<String, String> each : Map.copyOf(changed).entrySet()) {
            run("echo " + each.getValue() + " > /sys/module/siw/parameters/" + each.getKey());
            changed.remove(each.getKey());
        }
    }

    /** Boots it anew. */
    void restart() throws IOException, InterruptedException, CommandFailedException {
        script(SCRIPT_SECONDS, "stop", name);
        changed.clear();
        if (script(START_SECONDS, "start", name, hostPort + ":" + PORT).exitCode() != 0) {
            throw new CommandFailedException("the guest does not come up");
        }
    }

    /** Returns whether it still does what it is told, and its kernel has not complained of itself. */
    boolean well() throws IOException, InterruptedException {
        try {
            return run("dmesg | grep -E 'BUG:|Oops|WARNING:|hung task' | head -n 3; pidof order-peer")
                    .isBlank();
        } catch (CommandFailedException e) {
            return false;
        }
    }

    /** Runs a shell command in it and returns its output, whatever its exit code. */
    String run(String command) throws IOException, InterruptedException, CommandFailedException {
        Result result = script(SECONDS + SCRIPT_SECONDS, "run", name, Integer.toString(SECONDS), command);
        if (result.exitCode() == LOST) {
            throw new CommandFailedException("the guest does not answer");
        }
        return result.output();
    }

    private record Result(int exitCode, String output) {}

    private Result script(int seconds, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(script);
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        // The script has a limit of its own for what it runs, which ends the output.
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroy();
            return new Result(LOST, output);
        }
        return new Result(process.exitValue(), output);
    }
}
