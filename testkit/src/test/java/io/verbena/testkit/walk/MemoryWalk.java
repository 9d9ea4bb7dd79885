package io.verbena.testkit.walk;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteAccessPolicy;
import io.verbena.verbs.STag;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.cm.ConnectionListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Walks: step by step a random verb or request, right or wrong, and after each step the outcome, every octet of memory and
 * every entry of both tables have to be what the model says.
 */
final class MemoryWalk implements AutoCloseable {
    /** So long is what goes over the wire where a bound is passed: one segment, so that nothing of it is placed. */
    private static final int ONE_SEGMENT = 256;

    private final Walkway way;
    private final SplittableRandom random;
    private final WalkDevice[] devices = new WalkDevice[2];
    private final List<WalkLink> links = new ArrayList<>();
    private final ConnectionListener listener;
    private final WalkJournal journal = new WalkJournal();
    private final MemoryVerbs verbs;
    private final SendRequest request = new SendRequest();
    private long nextId = 1;

    MemoryWalk(Walkway way, SplittableRandom random) {
        this.way = way;
        this.random = random;
        WindowLifetime lifetime = random.nextBoolean() ? WindowLifetime.ONE_TOUCH : WindowLifetime.UNTIL_INVALIDATED;
        for (int i = 0; i < 2; i++) {
            String name = i == 0 ? "A" : "B";
            Device device =
                    way.open(DeviceOptions.defaults().withName("walk" + name).withWindowLifetime(lifetime));
            devices[i] = new WalkDevice(name, device, random);
        }
        verbs = new MemoryVerbs(random, journal, lifetime == WindowLifetime.ONE_TOUCH);
        try {
            listener = devices[1].device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < 4; i++) {
            links.add(new WalkLink(way, listener, end(0, i % 2), end(1, i / 2)));
        }
    }

    private WalkEnd end(int device, int domain) {
        boolean registers = random.nextInt(5) > 0;
        boolean binds = random.nextInt(5) > 0;
        boolean reactive = random.nextBoolean();
        boolean windowsOnly = random.nextInt(4) == 0;
        return new WalkEnd(
                devices[device],
                domain,
                options -> options.withFastRegister(registers)
                        .withWindowBind(binds)
                        .withRegistrationFailurePolicy(
                                reactive ? RegistrationFailurePolicy.REACTIVE : RegistrationFailurePolicy.ANTICIPATORY)
                        .withRemoteAccessPolicy(
                                windowsOnly
                                        ? RemoteAccessPolicy.WINDOWS_ONLY
                                        : RemoteAccessPolicy.REGIONS_AND_WINDOWS));
    }

    /** Takes {@code steps} steps. */
    void walk(int steps) {
        for (int i = 0; i < steps; i++) {
            try {
                step();
                for (WalkDevice device : devices) {
                    String difference = device.difference();
                    if (difference != null) {
                        throw new AssertionError(difference);
                    }
                }
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(
                        "step " + (i + 1) + ": " + failure + "\nthe last steps were\n" + journal, failure);
            }
        }
    }

    private void step() {
        WalkLink link = links.get(random.nextInt(links.size()));
        WalkEnd from = random.nextBoolean() ? link.client : link.server;
        int choice = random.nextInt(100);
        if (choice < 24) {
            verbs.change(devices[random.nextInt(2)]);
        } else if (choice < 42) {
            memoryOperation(link, from);
        } else if (choice < 60) {
            write(link, from);
        } else if (choice < 75) {
            read(link, from);
        } else if (choice < 82) {
            atomic(link, from);
        } else {
            send(link, from);
        }
    }

    // ---- memory operations of the send queue ----

    private void memoryOperation(WalkLink link, WalkEnd from) {
        if (random.nextInt(3) == 0) {
            int stag = from.device.anyStag();
            journal.line(from + " invalidates " + STag.toString(stag));
            ModelTag tag = from.device.at(stag);
            FailedCheck expected = ModelTag.invalidate(tag, stag, from, false);
            long id = post(from, request.localInvalidate(stag).localFence(random.nextBoolean()));
            if (finishMemoryOperation(link, from, id, expected)) {
                tag.invalid();
            }
            return;
        }
        WalkDevice.Prepared next = verbs.prepare(from);
        if (next == null) {
            return;
        }
        journal.line(from + " posts " + next.words());
        FailedCheck expected = MemoryVerbs.check(next, from);
        long id = next.tag().region != null
                ? post(from, request.fastRegister((FastRegistration) next.access()))
                : post(from, request.bindWindow((WindowBinding) next.access()));
        if (finishMemoryOperation(link, from, id, expected)) {
            MemoryVerbs.carryOut(next, from);
        }
    }

    /** Waits for a memory operation and looks at what its failure does; returns whether it succeeded. */
    private boolean finishMemoryOperation(WalkLink link, WalkEnd from, long id, FailedCheck expected) {
        WorkCompletion completion = await(from, id);
        if (expected == null) {
            requireSuccess(completion);
            return true;
        }
        requireFailure(completion, expected);
        if (!from.reactive()) {
            link.reconnect();
            return false;
        }
        require(from.queuePair.sendQueueDrained(), "the send queue is not drained");
        if (random.nextBoolean()) {
            WorkCompletion behind = await(from, post(from, request.send()));
            require(behind.status() == WorkCompletionStatus.FLUSHED, "behind a drain: " + words(behind));
        }
        from.queuePair.resumeSendQueue();
        return false;
    }

    // ---- messages ----

    private void write(WalkLink link, WalkEnd from) {
        WalkEnd to = link.other(from);
        Access source = local(from, AccessFlag.LOCAL_READ);
        Access target = remote(to, AccessFlag.REMOTE_WRITE);
        int length = length(Math.min(source.room, target.room));
        if (check(target, length, to, AccessFlag.REMOTE_WRITE, false) != null) {
            length = Math.min(length, ONE_SEGMENT);
        }
        journal.line(from + " writes " + length + " from " + source + " to " + target);
        FailedCheck local = check(source, length, from, AccessFlag.LOCAL_READ, true);
        FailedCheck remote = check(target, length, to, AccessFlag.REMOTE_WRITE, false);
        long id = post(from, request.write(target.stag, target.address).local(source.stag, source.address, length));
        if (local != null) {
            requireFailure(await(from, id), local);
            link.reconnect();
            return;
        }
        if (remote != null) {
            requireSuccess(await(from, id));
            requireEnd(link, to, remote);
            return;
        }
        // A Read behind a Write is answered when the Write is placed (RFC 5040 appendix B).
        long fence = post(from, request.read(0, 0).local(0, 0, 0));
        requireSuccess(await(from, id));
        requireSuccess(await(from, fence));
        copy(target, source, length);
        if (length > 0) {
            target.tag.touched();
        }
    }

    private void read(WalkLink link, WalkEnd from) {
        WalkEnd to = link.other(from);
        Access sink = local(from, AccessFlag.LOCAL_WRITE);
        Access source = remote(to, AccessFlag.REMOTE_READ);
        int length = length(Math.min(source.room, sink.room));
        boolean invalidates = random.nextInt(4) == 0;
        journal.line(from + " reads " + length + " from " + source + " to " + sink
                + (invalidates ? ", then invalidates it" : ""));
        FailedCheck local = check(sink, length, from, AccessFlag.LOCAL_WRITE, true);
        FailedCheck remote = check(source, length, to, AccessFlag.REMOTE_READ, false);
        if (invalidates) {
            request.readLocalInvalidate(source.stag, source.address);
        } else {
            request.read(source.stag, source.address);
        }
        long id = post(from, request.local(sink.stag, sink.address, length));
        WorkCompletion completion = await(from, id);
        if (local != null) {
            requireFailure(completion, local);
            link.reconnect();
            return;
        }
        if (remote != null) {
            require(!completion.success(), "a Read that is refused succeeded");
            requireEnd(link, to, remote);
            return;
        }
        copy(sink, source, length);
        if (length > 0) {
            sink.tag.touched();
        }
        FailedCheck refused =
                invalidates ? ModelTag.invalidate(from.device.at(sink.stag), sink.stag, from, false) : null;
        if (refused != null) {
            requireFailure(completion, refused);
            link.reconnect();
            return;
        }
        requireSuccess(completion);
        if (invalidates) {
            from.device.at(sink.stag).invalid();
        }
    }

    private void atomic(WalkLink link, WalkEnd from) {
        WalkEnd to = link.other(from);
        Access sink = local(from, AccessFlag.LOCAL_WRITE);
        Access target = remote(to, AccessFlag.REMOTE_ATOMIC);
        target.address &= -8;
        if (target.tag != null && Long.compareUnsigned(target.address, target.tag.start) < 0) {
            target.address += 8;
        }
        boolean adds = random.nextBoolean();
        long operand = random.nextLong();
        journal.line(from + (adds ? " adds" : " swaps") + " at " + target + ", result to " + sink);
        FailedCheck local = check(sink, 8, from, AccessFlag.LOCAL_WRITE, true);
        FailedCheck remote = check(target, 8, to, AccessFlag.REMOTE_ATOMIC, false);
        if (adds) {
            request.fetchAdd(target.stag, target.address, operand);
        } else {
            request.swap(target.stag, target.address, operand);
        }
        WorkCompletion completion = await(from, post(from, request.local(sink.stag, sink.address, 8)));
        if (local != null) {
            requireFailure(completion, local);
            link.reconnect();
            return;
        }
        if (remote != null) {
            require(!completion.success(), "an atomic operation that is refused succeeded");
            requireEnd(link, to, remote);
            return;
        }
        requireSuccess(completion);
        int at = target.index();
        long before = target.tag.block.value(at);
        target.tag.block.value(at, adds ? before + operand : operand);
        sink.tag.block.value(sink.index(), before);
    }

    private void send(WalkLink link, WalkEnd from) {
        WalkEnd to = link.other(from);
        Access source = local(from, AccessFlag.LOCAL_READ);
        Access inbox = local(to, AccessFlag.LOCAL_WRITE);
        int room = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(Math.max(1, inbox.room));
        int length = length(source.room);
        length = random.nextInt(12) == 0 ? Math.min(length, ONE_SEGMENT) : Math.min(length, room);
        boolean invalidates = random.nextInt(3) == 0;
        int stag = invalidates ? to.device.anyStag() : 0;
        WalkDevice.Prepared exposed = random.nextInt(4) == 0 ? verbs.prepare(from) : null;
        journal.line(from + " sends " + length + " from " + source + " to " + room + " at " + inbox
                + (invalidates ? ", invalidating " + STag.toString(stag) : "")
                + (exposed == null ? "" : ", exposing by " + exposed.words()));

        long receiveId = nextId++;
        to.queuePair
                .postReceive(new ReceiveRequest().receive(receiveId).local(inbox.stag, inbox.address, room))
                .orThrow();
        if (invalidates) {
            request.sendInvalidate(stag);
        } else {
            request.send();
        }
        if (exposed != null) {
            request.exposing(exposed.access());
        }
        FailedCheck refused = exposed == null ? null : MemoryVerbs.check(exposed, from);
        long id = post(from, request.local(source.stag, source.address, length));
        if (refused != null) {
            if (!finishMemoryOperation(link, from, id, refused) && from.reactive()) {
                // The receive is still posted: a Send of no octets uses it up, or fails on its memory.
                receiveInto(link, from, to, receiveId, inbox, room);
            }
            return;
        }
        if (exposed != null) {
            MemoryVerbs.carryOut(exposed, from);
        }
        FailedCheck local = check(source, length, from, AccessFlag.LOCAL_READ, true);
        if (local != null) {
            requireFailure(await(from, id), local);
            link.reconnect();
            return;
        }
        requireSuccess(await(from, id));
        WorkCompletion received = await(to, receiveId);
        FailedCheck target = check(inbox, room, to, AccessFlag.LOCAL_WRITE, true);
        if (target == null && length > room) {
            target = FailedCheck.MESSAGE_TOO_LONG;
        }
        if (target != null) {
            requireFailure(received, target);
            link.reconnect();
            return;
        }
        copy(inbox, source, length);
        if (invalidates) {
            ModelTag tag = to.device.at(stag);
            if (ModelTag.invalidate(tag, stag, to, true) != null) {
                requireFailure(received, FailedCheck.INVALIDATE);
                link.reconnect();
                return;
            }
            tag.invalid();
            require(
                    received.invalidated() && received.invalidatedStag() == stag,
                    "the receive names no invalidated STag");
        }
        requireSuccess(received);
        require(received.lengthOctets() == length, "received " + received.lengthOctets() + " octets");
    }

    private void receiveInto(WalkLink link, WalkEnd from, WalkEnd to, long receiveId, Access inbox, int room) {
        requireSuccess(await(from, post(from, request.send())));
        WorkCompletion received = await(to, receiveId);
        FailedCheck target = check(inbox, room, to, AccessFlag.LOCAL_WRITE, true);
        if (target == null) {
            requireSuccess(received);
        } else {
            requireFailure(received, target);
            link.reconnect();
        }
    }

    // ---- places ----

    /** Octets that a request names: an STag and an address, right or wrong. */
    private final class Access {
        final int stag;
        final ModelTag tag;
        final int room;
        long address;

        Access(WalkDevice device, int stag) {
            this.stag = stag;
            tag = device.at(stag);
            int length = tag == null ? 0 : tag.length;
            int offset = length == 0 || random.nextInt(3) == 0 ? 0 : random.nextInt(length);
            address = (tag == null ? random.nextLong() : tag.start) + offset;
            int inside = length - offset;
            switch (random.nextInt(50)) {
                case 0 -> room = inside + 1 + random.nextInt(ONE_SEGMENT);
                case 1 -> {
                    address -= offset + 1L + random.nextInt(ONE_SEGMENT);
                    room = ONE_SEGMENT;
                }
                case 2 -> {
                    address = -1L - random.nextInt(8);
                    room = ONE_SEGMENT;
                }
                default -> room = Math.max(1, inside);
            }
        }

        int index() {
            return tag.blockOffset + (int) (address - tag.start);
        }

        @Override
        public String toString() {
            return STag.toString(stag) + "+0x" + Long.toHexString(address);
        }
    }

    /** Returns octets that {@code end} may mostly use in its own requests. */
    private Access local(WalkEnd end, AccessFlag right) {
        return access(end, tag -> ModelTag.local(tag, tag.stag, tag.start, 1, end.domain(), right) == null);
    }

    /** Returns octets that the peer of {@code end} may mostly use. */
    private Access remote(WalkEnd end, AccessFlag right) {
        return access(end, tag -> ModelTag.remote(tag, tag.stag, tag.start, 1, end, right) == null);
    }

    private Access access(WalkEnd end, Predicate<ModelTag> fits) {
        if (random.nextInt(12) > 0) {
            List<ModelTag> fitting = end.device.tags.stream()
                    .filter(tag -> tag.length > 0)
                    .filter(fits)
                    .toList();
            if (!fitting.isEmpty()) {
                return new Access(end.device, fitting.get(random.nextInt(fitting.size())).stag);
            }
        }
        return new Access(end.device, end.device.anyStag());
    }

    /** Returns a length that fits, often the longest, now and then none. */
    private int length(int room) {
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1, 2, 3, 4, 5 -> room;
            default -> 1 + random.nextInt(room);
        };
    }

    private static FailedCheck check(Access access, int length, WalkEnd end, AccessFlag right, boolean local) {
        ModelTag tag = access.tag;
        return local
                ? ModelTag.local(tag, access.stag, access.address, length, end.domain(), right)
                : ModelTag.remote(tag, access.stag, access.address, length, end, right);
    }

    private static void copy(Access to, Access from, int length) {
        if (length > 0) {
            to.tag.block.copy(to.index(), from.tag.block, from.index(), length);
        }
    }

    // ---- outcomes ----

    private long post(WalkEnd end, SendRequest filled) {
        long id = nextId++;
        end.queuePair.postSend(filled.id(id)).orThrow();
        return id;
    }

    private WorkCompletion await(WalkEnd end, long id) {
        way.await("completion " + id + " of " + end, () -> {
            end.poll();
            return end.completion(id) != null;
        });
        WorkCompletion completion = end.completion(id);
        end.completions.remove(completion);
        return completion;
    }

    /** The stream ended because {@code end} refused what its peer wanted. */
    private void requireEnd(WalkLink link, WalkEnd end, FailedCheck expected) {
        way.await("the end of the connection of " + end, () -> end.queuePair.state() == QueuePairState.ERROR);
        FailureCause cause = end.queuePair.query().cause().root();
        require(cause.check() == expected, "refused because of " + cause + ", the model has " + expected);
        link.reconnect();
    }

    private static void requireSuccess(WorkCompletion completion) {
        require(completion.success(), words(completion));
    }

    private static void requireFailure(WorkCompletion completion, FailedCheck expected) {
        require(
                !completion.success() && completion.status() != WorkCompletionStatus.FLUSHED,
                "the model has a failure by " + expected + ", but " + words(completion));
        FailureCause cause = completion.cause();
        boolean named = cause.check() == expected
                || (cause.check() == FailedCheck.INVALIDATE && cause.message().contains(expected.words()));
        require(named, words(completion) + ", the model has " + expected);
    }

    private static String words(WorkCompletion completion) {
        return completion.operation() + " ended with " + completion.status()
                + (completion.cause() == null ? "" : ": " + completion.cause());
    }

    private static void require(boolean fact, String otherwise) {
        if (!fact) {
            throw new AssertionError(otherwise);
        }
    }

    @Override
    public void close() {
        listener.close();
        for (WalkLink link : links) {
            link.client.close();
            link.server.close();
        }
        for (WalkDevice device : devices) {
            verbs.closeAll(device);
            device.device.close();
        }
        way.close();
    }
}
