package io.verbena.queue;

import io.verbena.transport.EventLoop;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Tells the loop of a queue pair that requests were posted; wakes it once, not once per post. Where the loop has just been run
 * by a thread of the application, who rings may do the loop's part itself ({@link EventLoop#executeSoonest}).
 *
 * <p>A flag says "rung and not answered". Ringing sets it, and only who finds it clear gives the loop a task. The task
 * clears it and only then looks at the queues. Both are read-modify-write operations on one variable, so each ring comes
 * either before the clearing, and then the task sees the posts made before that ring, or after it, and then finds the flag
 * clear and gives a task of its own. No third case exists, so no post is left lying; it does not matter whether the ring comes
 * from another thread or from the loop itself in the middle of its service.
 *
 * <p>A queue pair without a connection has no loop: rings before {@link #bind} are kept in the flag and answered then.
 *
 * <p>Thread rule: {@link #ring()} from any thread. {@link #bind} and {@link #unbind()} from one thread at a time.
 */
public final class Doorbell {
    private static final int CLEAR = 0;
    private static final int RUNG = 1;

    private static final VarHandle FLAG;

    static {
        try {
            FLAG = MethodHandles.lookup().findVarHandle(Doorbell.class, "flag", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Runnable service;
    private final Runnable answer = this::answer;
    private volatile EventLoop loop;

    @SuppressWarnings("UnusedVariable") // its readers go through FLAG
    private int flag;

    /**
     * Makes a doorbell without a loop.
     *
     * @param service looks at the queues; run on the bound loop after one or several rings
     */
    public Doorbell(Runnable service) {
        this.service = service;
    }

    /** Gives rings to {@code next} from now on; what was rung before is answered there. */
    public void bind(EventLoop next) {
        loop = next;
        // A ring between the two lines sees the loop, one before the first left the flag set: at least one gives the
        // task.
        if ((int) FLAG.getVolatile(this) == RUNG) {
            next.execute(answer);
        }
    }

    /** Keeps rings in the flag from now on; a task that was given before does nothing more. */
    public void unbind() {
        loop = null;
    }

    /**
     * Rings. Everything posted by this thread before will be seen by the service.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the bound loop was closed
     */
    public void ring() {
        if ((int) FLAG.getAndSet(this, RUNG) == CLEAR) {
            EventLoop bound = loop;
            if (bound != null) {
                bound.executeSoonest(answer);
            }
        }
    }

    private void answer() {
        EventLoop bound = loop;
        // A task left over from an earlier loop must not take the ring away from the present one.
        if (bound != null && bound.inLoop() && (int) FLAG.getAndSet(this, CLEAR) == RUNG) {
            service.run();
        }
    }
}
