package io.verbena.testkit.pages;

import io.verbena.testkit.SystemDeadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Stands between two devices, passes one connection on, and keeps all octets of both directions. */
public final class RecordingRelay implements AutoCloseable {
    private final ServerSocket listening;
    private final InetSocketAddress target;
    private final CompletableFuture<byte[]> fromInitiator;
    private final CompletableFuture<byte[]> fromResponder = new CompletableFuture<>();

    /** Waits for a connection, which it passes on to {@code target}. */
    public RecordingRelay(InetSocketAddress target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        fromInitiator = CompletableFuture.supplyAsync(this::relay);
    }

    /** Returns where it waits. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** Returns all octets of the initiator; waits until it has closed its direction. */
    public byte[] fromInitiator() throws InterruptedException, ExecutionException, TimeoutException {
        return fromInitiator.get(SystemDeadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns all octets of the responder; waits until it has closed its direction. */
    public byte[] fromResponder() throws InterruptedException, ExecutionException, TimeoutException {
        return fromResponder.get(SystemDeadline.USUAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private byte[] relay() {
        try (Socket initiator = listening.accept();
                Socket responder = new Socket()) {
            responder.connect(target);
            Thread back = new Thread(() -> {
                try {
                    fromResponder.complete(pass(responder, initiator));
                } catch (IOException e) {
                    fromResponder.completeExceptionally(e);
                }
            });
            back.start();
            byte[] octets = pass(initiator, responder);
            back.join(SystemDeadline.USUAL.toMillis());
            return octets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static byte[] pass(Socket from, Socket to) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] octets = new byte[1 << 16];
        for (int count = in.read(octets); count >= 0; count = in.read(octets)) {
            kept.write(octets, 0, count);
            out.write(octets, 0, count);
            out.flush();
        }
        to.shutdownOutput();
        return kept.toByteArray();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
