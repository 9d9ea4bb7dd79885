package io.verbena.examples.command;

import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.cm.ConnectionParameters;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a command wishes for its connection on the wire: CRC, markers, placement. */
public final class WireOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--crc",
            negatable = true,
            description = "Protect each frame with a CRC (default), or do not. It is on if either end asks for it, so "
                    + "--no-crc has to be said at both ends.")
    private Boolean crc;

    @Option(names = "--markers", description = "Ask the peer to put MPA markers into what it sends. Linux siw refuses.")
    private boolean markers;

    @Option(
            names = "--placement",
            paramLabel = "MODE",
            description =
                    "When arriving payload goes into memory: validated (after its CRC was found good, default), eager "
                            + "(as it arrives, a bad CRC ends the connection), direct (as it arrives; means --no-crc).")
    private PlacementMode placement = PlacementMode.VALIDATED;

    /** Returns {@code base} with what the command line says. */
    public ConnectionParameters applyTo(ConnectionParameters base) {
        boolean direct = placement == PlacementMode.DIRECT;
        if (direct && Boolean.TRUE.equals(crc)) {
            throw new ParameterException(
                    command.commandLine(), "--placement direct works without CRC only: leave --crc away");
        }
        ConnectionParameters wished = base.withMarkers(markers).withCrc(crc == null ? !direct : crc);
        return direct ? wished : wished.withPlacement(placement);
    }
}
