package io.verbena.examples.crowd;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.DrainAction;
import io.verbena.verbs.DrainMonitor;
import io.verbena.verbs.DrainRate;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.WorkCompletion;
import java.time.Duration;
import java.util.List;

/**
 * What the server does at each beat: takes in the messages that have arrived, posts their receives again, and tells each
 * client, by Immediate Data, how many of its messages it has by now. As a database commits in batches, say.
 *
 * <p>Between two beats nothing is given back. So a client can send no more in a beat than its limit, whatever it tries, and
 * the work of a beat is bounded by the depth of the queue.
 *
 * <p>Thread rule: runs on a thread of its own; {@code volatile} fields are read by others.
 */
final class Service implements Runnable {
    private static final long SECOND_NS = Duration.ofSeconds(1).toNanos();

    private final Plan plan;
    private final Server server;
    private final CompletionQueue arrivals;
    private final CompletionQueue departures;
    private final DrainMonitor monitor;
    private final Levels levels = new Levels();
    private final Message message = new Message();
    private final SendRequest acknowledgement = new SendRequest();
    private final CompletionHandler ignore = completion -> {};
    private long now;
    private long nextLook;
    private volatile Delays delays;
    private volatile List<DrainRate> rates = List.of();
    private volatile DrainRate offender;

    Service(Plan plan, Server server, CompletionQueue arrivals, CompletionQueue departures) {
        this.plan = plan;
        this.server = server;
        this.arrivals = arrivals;
        this.departures = departures;
        long atLeast = 5L * (plan.clients() + 1);
        monitor = new DrainMonitor(
                System::nanoTime,
                Duration.ofSeconds(1),
                plan.toleratedShare(),
                atLeast,
                whatToDo(),
                this::onCompletion);
    }

    private DrainAction whatToDo() {
        DrainAction report = server::onOffender;
        return switch (plan.reaction()) {
            case REPORT -> report;
            case LOWER -> report.andThen(DrainAction.lowerLimit(server.queue(), server::queuePair, 1));
            case DROP -> report.andThen(DrainAction.drop(server::queuePair));
        };
    }

    @Override
    public void run() {
        Beat beat = new Beat(plan.beat());
        while (beat.await()) {
            now = System.nanoTime();
            List<ServedClient> gone = server.gone();
            SharedReceiveQueueSnapshot before = server.queue().query();
            levels.look(before, plan.depth(), server::isHostile);
            levels.look(server.device().queryBufferPool(), server::isHostile);
            // As many as there are now: who sends on meanwhile waits for the next beat.
            arrivals.poll(arrivals.size(), monitor);
            server.clients().forEach(this::acknowledge);
            // Acknowledgements are unsignaled: what completes is of connections that have ended.
            departures.poll(departures.capacity(), ignore);
            server.clearAway(gone);
            if (now - nextLook >= 0) {
                nextLook = now + SECOND_NS;
                lookAround(server.queue().query());
            }
        }
    }

    private void onCompletion(WorkCompletion completion) {
        if (completion.operation() != CompletedOperation.RECEIVE) {
            return;
        }
        ServedClient client = server.client(completion.queuePairNumber());
        if (completion.success() && client != null) {
            client.take(server.message(message, completion.id(), completion.lengthOctets()));
            Delays counting = delays;
            if (counting != null && !client.hostile()) {
                counting.add(now - message.sentNs());
            }
        }
        // It was given back when the completion was taken off its queue, so there is room for it.
        server.postReceive(completion.id());
    }

    private void acknowledge(ServedClient client) {
        if (client.awaitsAcknowledgement()) {
            acknowledgement.immediate(client.taken()).signaled(false);
            if (client.queuePair().postSend(acknowledgement).posted()) {
                client.acknowledged();
            }
            // Otherwise it does not read, or is gone: the number grows, and the next beat tries again.
        }
    }

    /** Once a second: who drains, who is stuck; and what was raised is armed again. */
    private void lookAround(SharedReceiveQueueSnapshot look) {
        rates = monitor.rates();
        offender = monitor.offender();
        for (ReceiveHolder holder : look.holders()) {
            ServedClient client = server.client(holder.queuePairNumber());
            if (client != null && client.gotStuck(holder.drawn())) {
                server.onStuck(client, holder.held());
            }
        }
        server.armAgain(look);
    }

    /** Sets where delays of well-behaved clients' messages are counted; null: nowhere. */
    void countDelays(Delays into) {
        delays = into;
    }

    Levels levels() {
        return levels;
    }

    /** Returns who used how many receives within the last second, the largest first. */
    List<DrainRate> rates() {
        return rates;
    }

    /** Returns whose share was too large at the last look, or null. */
    DrainRate offender() {
        return offender;
    }
}
