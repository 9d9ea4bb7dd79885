package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.HostAndPort;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRejectedException;
import io.verbena.verbs.cm.ReadyToReceive;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * Sends one file.
 *
 * <p>Thread rule: one thread.
 */
final class CopySender {
    private static final Duration DISCONNECT = Duration.ofSeconds(5);

    private final Device device;
    private final ConnectionParameters parameters;
    private final Duration timeout;
    private final boolean showProgress;

    /**
     * Makes a sender.
     *
     * @param timeout the longest silence of the receiver
     */
    CopySender(Device device, ConnectionParameters parameters, Duration timeout, boolean showProgress) {
        this.device = device;
        // Peer-to-peer, because the receiver speaks first; a Write without octets opens it and nobody notices.
        this.parameters = parameters.withPeerToPeer(ReadyToReceive.WRITE).withDeadline(timeout);
        this.timeout = timeout;
        this.showProgress = showProgress;
    }

    /** Sends {@code path} under its own name; returns when the receiver has stored it. */
    CopyReport send(Path path, InetSocketAddress receiver)
            throws CommandFailedException, IOException, InterruptedException {
        String name = path.getFileName() == null ? "" : path.getFileName().toString();
        String objection = PlainFileName.objection(name);
        if (objection != null) {
            throw new CommandFailedException(path + ": " + objection);
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
                CopyLink link = new CopyLink(device, CopyLimits.OUTSTANDING_WRITES)) {
            CopyOffer offer = new CopyOffer(name, file.size());
            connect(link, receiver, offer);
            try {
                return send(link, file, offer);
            } catch (CommandFailedException | IOException | RuntimeException e) {
                link.tellFailure(e);
                throw e;
            }
        }
    }

    private void connect(CopyLink link, InetSocketAddress receiver, CopyOffer offer)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        try {
            Connection connection =
                    device.connect(link.queuePair(), receiver, parameters.withPrivateData(offer.encode()));
            if (!CopyOffer.isAcceptance(connection.privateData())) {
                throw new CommandFailedException("who listens at " + HostAndPort.toString(receiver)
                        + " is no receiver of 'verbena copy' of this version");
            }
        } catch (ConnectionRejectedException e) {
            String reason = new String(e.privateData(), StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
            throw new CommandFailedException(
                    "the receiver refused: " + (reason.isEmpty() ? "it did not say why" : reason), e);
        }
    }

    private CopyReport send(CopyLink link, FileChannel file, CopyOffer offer)
            throws CommandFailedException, IOException, InterruptedException {
        CopyMessage.Ready ready = awaitReady(link);
        try (FileTransfer transfer = new FileTransfer(link, file, offer.size(), ready.memory(), timeout);
                TransferProgress progress = TransferProgress.of(offer.name(), offer.size(), showProgress)) {
            byte[] digest = transfer.run(progress);
            link.send(new CopyMessage.Complete(digest));
            while (!(await(link) instanceof CopyMessage.Stored)) {
                // The receiver tells how far its digest has come until all is on its disk.
            }
            link.queuePair().disconnect(DISCONNECT);
            return new CopyReport(offer.size(), transfer.nanos(), digest);
        }
    }

    private CopyMessage.Ready awaitReady(CopyLink link) throws CommandFailedException, InterruptedException {
        while (true) {
            CopyMessage message = await(link);
            if (message instanceof CopyMessage.Ready ready) {
                return ready;
            }
            if (!(message instanceof CopyMessage.Allocated)) {
                throw new CommandFailedException("the receiver sent " + message + " before it was ready");
            }
        }
    }

    private CopyMessage await(CopyLink link) throws CommandFailedException, InterruptedException {
        CopyMessage message = link.take();
        while (message == null) {
            if (!link.poll(timeout)) {
                throw new CommandFailedException("the receiver was silent for " + timeout.toSeconds() + " s");
            }
            message = link.take();
        }
        return message;
    }
}
