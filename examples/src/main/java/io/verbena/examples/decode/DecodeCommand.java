package io.verbena.examples.decode;

import io.verbena.capture.decode.DamagedCaptureException;
import io.verbena.capture.decode.PacketReader;
import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.VersionResource;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the iWARP frames of a capture. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        description = {
            "Prints one line for each iWARP frame of a capture: pcap, pcapng, or hex (packets, or octets of one connection).",
            "",
            "Knows MPA startup with the words of RFC 6581, markers, CRCs, all messages of RFC 5040 and RFC 7306, and the bit "
                    + "order of Linux siw in a Terminate. >> is from the MPA initiator. Lines that begin with # are about "
                    + "connections. What two ends agreed on is in the first frames of a connection, so it has to be captured "
                    + "from its beginning; --capture of the other commands does.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the file was read to its end",
            " 1:it could not be; one line says why, and what could be read was printed before it",
            " 2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena demo --capture demo.pcapng; verbena decode demo.pcapng",
            "  tcpdump -i lo -w - 'tcp port 7174' | verbena decode -",
            "  tcpdump -x -r some.pcap | verbena decode -",
            "  xxd fpdus.bin | verbena decode -"
        })
public final class DecodeCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    /** What tells packets from the octets of one connection, in text. */
    private static final int HEAD_OCTETS = 1 << 14;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1", paramLabel = "FILE", description = "The capture; - for standard input.")
    private String file;

    /** Whether it was given is asked where failures are printed. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = Diagnostics.DEBUG, description = "If the command fails, also print the stack trace.")
    private boolean debug;

    @Override
    public Integer call() throws CommandFailedException, IOException {
        if (file.equals(STANDARD_INPUT)) {
            decode(System.in, "standard input");
        } else {
            try (InputStream octets = Files.newInputStream(Path.of(file))) {
                decode(octets, file);
            }
        }
        return ExitCode.OK;
    }

    private void decode(InputStream octets, String name) throws CommandFailedException, IOException {
        FramePrinter printer = new FramePrinter(spec.commandLine().getOut());
        BufferedInputStream input = new BufferedInputStream(octets, HEAD_OCTETS);
        input.mark(PacketReader.MAGIC_OCTETS);
        byte[] magic = input.readNBytes(PacketReader.MAGIC_OCTETS);
        input.reset();
        try {
            if (magic.length == 0) {
                throw new CommandFailedException(name + " is empty");
            }
            if (PacketReader.begins(magic)) {
                printer.packets(PacketReader.of(input));
            } else if (isText(magic)) {
                text(input, printer);
            } else {
                throw new CommandFailedException(name + " is neither a capture file (pcap, pcapng) nor hex text");
            }
        } catch (DamagedCaptureException damaged) {
            throw new CommandFailedException(
                    name + ": " + damaged.getMessage() + "; " + printer.frames() + " frames were decoded before",
                    damaged);
        }
    }

    private static void text(BufferedInputStream input, FramePrinter printer) throws IOException {
        input.mark(HEAD_OCTETS);
        String head = new String(input.readNBytes(HEAD_OCTETS), StandardCharsets.ISO_8859_1);
        input.reset();
        BufferedReader text = new BufferedReader(new InputStreamReader(input, StandardCharsets.ISO_8859_1));
        if (PacketReader.beginsAsText(head)) {
            printer.packets(PacketReader.ofText(text));
        } else {
            printer.hex(text);
        }
    }

    private static boolean isText(byte[] octets) {
        for (byte octet : octets) {
            if (octet != '\t' && octet != '\n' && octet != '\r' && (octet < ' ' || octet > '~')) {
                return false;
            }
        }
        return true;
    }
}
