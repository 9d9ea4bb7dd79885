package io.verbena.examples.siw;

import io.verbena.examples.command.TraceLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs the cases against a {@code memory-peer} that listens, or that connects to us, and prints one line for each: its name,
 * rounds, result, seconds, and what the peer's completions said of the end of it. Exit code 0 if none failed.
 *
 * <p>Arguments: {@code connect} or {@code listen}, the port on 127.0.0.1, whether CRCs are used ({@code on} or
 * {@code off}), the rounds of those cases that have rounds, and a word that the line must contain, or nothing.
 */
final class MemoryWithSiw {
    private static final int ARGUMENTS = 5;

    private MemoryWithSiw() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != ARGUMENTS) {
            System.err.println("expected: connect|listen PORT on|off ROUNDS WORD");
            System.exit(2);
        }
        TraceLog.silence();
        boolean listening = arguments[0].equals("listen");
        boolean crc = arguments[2].equals("on");
        int rounds = Integer.parseInt(arguments[3]);
        Meeting meeting = new Meeting(
                listening,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1])),
                crc);
        List<MemoryCase> cases = new ArrayList<>(FastRegisteredCases.all());
        cases.addAll(WindowCases.all());
        cases.addAll(TheirMemoryCases.all());
        boolean good = true;
        for (MemoryCase each : cases) {
            String name =
                    (listening ? "siw to ours" : "ours to siw") + ", CRC " + (crc ? "on" : "off") + ", " + each.name();
            if (name.contains(arguments[4])) {
                good &= run(name, each, meeting, each.rounds() ? rounds : 1);
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean run(String name, MemoryCase each, Meeting meeting, int rounds) {
        long begin = System.nanoTime();
        String result;
        String words;
        try {
            words = "siw: " + each.body().run(meeting, rounds);
            result = "passed";
        } catch (Exception e) {
            words = e.getClass().getSimpleName() + ": " + e.getMessage();
            result = "FAILED";
        }
        System.out.printf(
                Locale.ROOT,
                "%-98s %6d  %s  %6.1f s  %s%n",
                name,
                rounds,
                result,
                (System.nanoTime() - begin) / 1e9,
                words);
        return result.equals("passed");
    }
}
