package io.verbena.testkit.capture;

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

/** Runs tshark, if it is installed, and reads what it says of each iWARP frame. */
final class Tshark {
    private Tshark() {}

    /**
     * One frame as tshark sees it.
     *
     * @param stream number of the TCP connection, from 0
     * @param sourcePort who sent it
     * @param fields fields of MPA, DDP and RDMAP with the values that tshark shows
     * @param words fields with the sentences that tshark shows
     */
    record Frame(int stream, int sourcePort, Map<String, String> fields, Map<String, String> words) {
        String field(String name) {
            return fields.get(name);
        }

        long number(String name) {
            return Long.decode(fields.get(name));
        }
    }

    /** What tshark says of a file. */
    record Report(List<Frame> frames, List<String> complaints, int packets) {}

    static boolean installed() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("tshark", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(SystemDeadline.USUAL.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** Has tshark take a file apart, all checksums checked. */
    static Report dissect(Path file) throws Exception {
        Path dissected = file.resolveSibling(file.getFileName() + ".pdml");
        // The dissector of RPC over RDMA takes Sends for its own and calls them malformed.
        Process process = new ProcessBuilder(
                        "tshark",
                        "-n",
                        "-r",
                        file.toString(),
                        "-T",
                        "pdml",
                        "--disable-protocol",
                        "rpcordma",
                        "-o",
                        "tcp.check_checksum:TRUE",
                        "-o",
                        "ip.check_checksum:TRUE")
                .redirectOutput(dissected.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError("tshark could not read " + file);
        }
        PdmlHandler handler = new PdmlHandler();
        SAXParserFactory.newInstance().newSAXParser().parse(dissected.toFile(), handler);
        return new Report(handler.frames, handler.complaints, handler.packets);
    }

    private static final class PdmlHandler extends DefaultHandler {
        private final List<Frame> frames = new ArrayList<>();
        private final List<String> complaints = new ArrayList<>();
        private int packets;
        private int stream;
        private int sourcePort;
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
                field(name, attributes.getValue("show"), String.valueOf(attributes.getValue("showname")));
            }
            if (name != null && (name.equals("_ws.malformed") || name.endsWith("checksum_bad"))) {
                complaints.add("packet " + packets + ": " + attributes.getValue("showname"));
            }
        }

        private void field(String name, String shown, String words) {
            switch (name) {
                case "tcp.stream" -> stream = Integer.parseInt(shown);
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
    }
}
