package io.verbena.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.cm.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A protection domain beside that of a pair's end, on the same device, with what was made in it; closed with all of that. */
final class OtherDomain implements AutoCloseable {
    private final DevicePair pair;
    private final PairEnd end;
    private final ProtectionDomain domain;
    private final Deque<Runnable> made = new ArrayDeque<>();

    private OtherDomain(DevicePair pair, PairEnd end) {
        this.pair = pair;
        this.end = end;
        domain = end.device().allocateProtectionDomain();
    }

    static OtherDomain beside(DevicePair pair, PairEnd end) {
        return new OtherDomain(pair, end);
    }

    MemoryRegion allocateRegion(int maxPages, boolean remoteAccess) {
        return keep(domain.allocateRegion(maxPages, remoteAccess), MemoryRegion::close);
    }

    MemoryRegion register(ByteBuffer lent, RegionOptions options) {
        return keep(domain.register(List.of(lent), options), MemoryRegion::close);
    }

    /** Binds a window that every queue pair of the domain may use to the first {@code octets} of the region, through one of them. */
    WindowBinding bind(MemoryRegion region, long octets, AccessFlag access) {
        CompletionQueue completions = keep(end.device().createCompletionQueue(8), CompletionQueue::close);
        QueuePair queuePair = keep(domain.createQueuePair(QueuePairOptions.with(completions)), QueuePair::close);
        MemoryWindow window = keep(domain.allocateWindow(WindowType.PROTECTION_DOMAIN), MemoryWindow::close);
        WindowBinding binding = window.binding(region, 0, octets, access);
        connect(queuePair);
        queuePair.postSend(new SendRequest().bindWindow(binding)).orThrow();
        pair.await(
                "the binding",
                () -> completions.poll(1, bound -> assertThat(bound.success()).isTrue()) == 1);
        return binding;
    }

    private void connect(QueuePair queuePair) {
        boolean client = end.device().equals(pair.clientDevice());
        QueuePair connects = client ? queuePair : pair.newClientEnd().queuePair();
        QueuePair accepts = client ? pair.newServerEnd().queuePair() : queuePair;
        CompletableFuture<Connection> connecting = pair.clientDevice()
                .connectAsync(
                        connects, pair.listener().localAddress(), pair.options().clientParameters());
        try {
            pair.listener()
                    .nextRequest(SystemDeadline.USUAL)
                    .accept(accepts, pair.options().serverParameters());
        } catch (IOException | InterruptedException | TimeoutException e) {
            throw new AssertionError("a queue pair of the other domain could not be connected", e);
        }
        connecting.join();
    }

    private <T> T keep(T thing, Consumer<T> closer) {
        made.push(() -> closer.accept(thing));
        return thing;
    }

    /** Closes what was made last first, then the domain. */
    @Override
    public void close() {
        made.forEach(Runnable::run);
        domain.close();
    }
}
