package io.verbena.rdmap;

import io.verbena.memory.BufferWaiter;
import io.verbena.memory.StagingBuffer;
import io.verbena.verbs.BufferUse;

/**
 * Where a stream gets the buffers that it frames in, in its queue pair's name: from its loop, or from the adapter's pool. If
 * there is none, or the queue pair has as many as it may, the stream waits in line, and sends nothing before it has been given
 * one.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing in steady state.
 */
final class ArenaSource {
    private final LoopResources resources;
    private final int owner;
    private final BufferQuota quota;
    private final BufferWatcher watcher;
    private final Runnable resumeSending;

    /** Made when the stream waits for the first time. */
    private BufferWaiter waiter;

    /** Whether it has a place in the line, or was given a buffer that was not taken yet. */
    private boolean inLine;

    /** Makes the source of a stream; {@code resumeSending} makes it try again. */
    ArenaSource(LoopResources resources, BufferQuota quota, BufferWatcher watcher, Runnable resumeSending) {
        this.resources = resources;
        this.quota = quota;
        this.watcher = watcher;
        owner = watcher.queuePair();
        this.resumeSending = resumeSending;
    }

    /** Lends the buffer in which an FPDU stands before its markers are put in; null: the stream will be resumed. */
    StagingBuffer markerBody(BufferUse use) {
        // Framing needs two: this one and the arena.
        if (!quotaLeaves(2)) {
            return null;
        }
        StagingBuffer body = resources.lendMarkerBody(owner, use);
        if (body == null) {
            StagingBuffer given = acquireOrWait();
            if (given != null) {
                resources.newMarkerBody(given, owner);
                body = resources.lendMarkerBody(owner, use);
            }
        }
        return counted(body);
    }

    /** Takes the marker body back. */
    void giveMarkerBodyBack() {
        resources.takeMarkerBodyBack(owner);
        quota.giveBack();
    }

    /** Takes the marker body back, because there is no arena. */
    void giveUpMarkerBody() {
        resources.takeMarkerBodyBack(owner);
        quota.giveUp();
    }

    /** Gives an arena; null: the stream will be resumed. */
    LoopResources.Arena take(BufferUse use) {
        if (!quotaLeaves(1)) {
            return null;
        }
        LoopResources.Arena arena = resources.takeArena(owner, use);
        if (arena != null) {
            leaveLine();
        } else {
            StagingBuffer given = acquireOrWait();
            if (given != null) {
                given.reuse(owner, use);
                arena = resources.newArena(given);
            }
        }
        return counted(arena);
    }

    private StagingBuffer acquireOrWait() {
        if (waiter == null) {
            waiter = BufferWaiter.toSend(resources.loop(), owner, resumeSending);
        }
        StagingBuffer given = resources.pool().acquireOrWait(waiter);
        inLine = given == null;
        return given;
    }

    /**
     * The stream has got a buffer elsewhere, or may not have one: it gives up its place, and what was given to it meanwhile. Else
     * that would be its own, and of no use to anybody, until it has to wait again.
     */
    private void leaveLine() {
        if (inLine) {
            inLine = false;
            resources.pool().cancel(waiter);
        }
    }

    private boolean quotaLeaves(int buffers) {
        boolean leaves = quota.leaves(buffers);
        if (!leaves) {
            leaveLine();
            quota.awaitToSend(resumeSending);
            watcher.sending(false);
        }
        return leaves;
    }

    private <T> T counted(T given) {
        watcher.sending(given != null);
        if (given != null) {
            quota.take();
        }
        return given;
    }

    /** Takes an arena back. */
    void giveBack(LoopResources.Arena arena) {
        resources.giveBack(arena, owner);
        quota.giveBack();
    }

    /** Gives up its place in the line: the stream sends nothing any more. */
    void stopWaiting() {
        quota.forgetSender();
        leaveLine();
        watcher.sending(true);
    }
}
