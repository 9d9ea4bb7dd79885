package io.verbena.benchmarks.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.Figures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client's handler that measures when asked to.
 *
 * <p>Thread rule: {@link #measure} is called by another thread than the event loop's, all else on the loop.
 */
abstract class Measuring extends ChannelInboundHandlerAdapter {
    private CompletableFuture<Figures> outcome = new CompletableFuture<>();

    /** Measures on the loop of {@code channel} and waits for what comes of it. */
    final Figures measure(Channel channel, Duration time) throws Exception {
        CompletableFuture<Figures> awaited = new CompletableFuture<>();
        channel.eventLoop().execute(() -> {
            outcome = awaited;
            begin(channel.pipeline().context(this), time.toNanos());
        });
        try {
            return awaited.get(time.plus(Patience.LIMIT).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new EndFailedException("Netty's client failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new EndFailedException(
                    "Netty's client had no result after "
                            + time.plus(Patience.LIMIT).toSeconds() + " s",
                    e);
        }
    }

    /** Begins a measurement that ends after {@code nanos} with a call of {@link #finish}. */
    abstract void begin(ChannelHandlerContext context, long nanos);

    final void finish(Figures figures) {
        outcome.complete(figures);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        outcome.completeExceptionally(cause);
        context.close();
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) {
        outcome.completeExceptionally(new EndFailedException("the connection was closed"));
    }
}
