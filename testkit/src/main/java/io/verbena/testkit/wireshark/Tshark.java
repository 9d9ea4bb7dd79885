package io.verbena.testkit.wireshark;

import io.verbena.testkit.SystemDeadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Runs tshark, if it is installed, and reads what it says of each iWARP frame. Any thread. */
public final class Tshark {
    private static final long LIMIT_SECONDS = 100;

    private Tshark() {}

    /**
     * One frame as tshark sees it.
     *
     * @param stream number of the TCP connection, from 0
     * @param sourcePort who sent it
     * @param fields fields of MPA, DDP and RDMAP with the values that tshark shows
     * @param words fields with the sentences that tshark shows
     */
    public record Frame(int stream, int sourcePort, Map<String, String> fields, Map<String, String> words) {
        /** Returns a field's value, or null if the frame has no such field. */
        public String field(String name) {
            return fields.get(name);
        }

        /** Returns a field's value as an unsigned number. */
        public long number(String name) {
            String shown = fields.get(name);
            if (shown == null) {
                throw new AssertionError("tshark shows no " + name + " in " + fields);
            }
            return shown.startsWith("0x")
                    ? Long.parseUnsignedLong(shown.substring(2), 16)
                    : Long.parseUnsignedLong(shown);
        }

        /** Returns whether the frame has a flag and it is set. */
        public boolean flag(String name) {
            return "1".equals(fields.get(name));
        }
    }

    /**
     * What tshark says of a file.
     *
     * @param frames iWARP frames in the order of the file
     * @param complaints what tshark, or time going backwards, makes doubtful; each with its packet's number
     * @param packets packets of the file
     * @param streams TCP connections of the file
     */
    public record Report(List<Frame> frames, List<String> complaints, int packets, int streams) {}

    /** Returns whether there is a tshark on the path. */
    public static boolean installed() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("tshark", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = process.waitFor(SystemDeadline.USUAL.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    /**
     * Has tshark take a file apart, all checksums checked. A file with tshark's words stands beside it then.
     *
     * @throws AssertionError if tshark fails or takes too long
     */
    public static Report dissect(Path file) throws Exception {
        return dissect(file, "frame");
    }

    /**
     * Has tshark take a file apart, all checksums checked, and tell of some packets.
     *
     * @param filter which: a display filter
     * @throws AssertionError if tshark fails or takes too long
     */
    public static Report dissect(Path file, String filter) throws Exception {
        Path dissected = file.resolveSibling(file.getFileName() + ".pdml");
        // The dissector of RPC over RDMA takes Sends for its own and calls them malformed.
        Process process = new ProcessBuilder(
                        "tshark",
                        "-n",
                        "-r",
                        file.toString(),
                        "-Y",
                        filter,
                        "-T",
                        "pdml",
                        "-J",
                        "tcp ip ipv6 iwarp_mpa iwarp_ddp_rdmap",
                        "--disable-protocol",
                        "rpcordma",
                        "-o",
                        "tcp.check_checksum:TRUE",
                        "-o",
                        "ip.check_checksum:TRUE")
                .redirectOutput(dissected.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("tshark did not read " + file + " in " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new AssertionError("tshark could not read " + file + ": exit code " + process.exitValue());
            }
        } finally {
            process.destroyForcibly();
        }
        PdmlHandler handler = new PdmlHandler();
        SAXParserFactory.newInstance().newSAXParser().parse(dissected.toFile(), handler);
        return new Report(handler.frames, handler.complaints, handler.packets, handler.streams);
    }

    private static final class PdmlHandler extends DefaultHandler {
        private final List<Frame> frames = new ArrayList<>();
        private final List<String> complaints = new ArrayList<>();
        private int packets;
        private int streams;
        private int stream;
        private int sourcePort;
        private double time;
        private Frame frame;

        @Override
        public void startElement(String uri, String localName, String element, Attributes attributes) {
            String name = attributes.getValue("name");
            if (element.equals("packet")) {
                packets++;
                frame = null;
            } else if (element.equals("proto") && name.equals("iwarp_mpa")) {
                frame = new Frame(stream, sourcePort, new LinkedHashMap<>(), new LinkedHashMap<>());
                frames.add(frame);
            } else if (element.equals("field") && name != null) {
                field(name, attributes);
            }
            if (name != null && (name.equals("_ws.malformed") || name.endsWith("checksum_bad"))) {
                complaints.add("packet " + packets + ": " + attributes.getValue("showname"));
            }
        }

        private void field(String name, Attributes attributes) {
            String shown = attributes.getValue("show");
            String words = String.valueOf(attributes.getValue("showname"));
            switch (name) {
                case "timestamp" -> time(Double.parseDouble(attributes.getValue("value")));
                case "tcp.stream" -> {
                    stream = Integer.parseInt(shown);
                    streams = Math.max(streams, stream + 1);
                }
                case "tcp.srcport" -> sourcePort = Integer.parseInt(shown);
                case "tcp.checksum.status", "ip.checksum.status" -> {
                    if (!shown.equals("1")) {
                        complaints.add("packet " + packets + ": " + words);
                    }
                }
                case "_ws.expert.message" -> complaints.add("packet " + packets + ": " + shown);
                default -> {
                    if (frame != null && name.startsWith("iwarp_")) {
                        frame.fields().putIfAbsent(name, shown);
                        frame.words().putIfAbsent(name, words);
                    }
                }
            }
        }

        private void time(double seconds) {
            if (seconds < time) {
                complaints.add("packet " + packets + ": it is earlier than the one before it");
            }
            time = seconds;
        }
    }
}
