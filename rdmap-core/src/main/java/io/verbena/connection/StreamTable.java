package io.verbena.connection;

import io.verbena.transport.ByteStream;
import io.verbena.verbs.cm.StreamBinding;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Every TCP connection of a device with what it is bound to (SYS-MEM-16), and how many may be plain.
 *
 * <p>Thread rule: any thread.
 */
final class StreamTable {
    private final int maxPlain;
    private final AtomicInteger plain = new AtomicInteger();
    private final Set<StreamEntry> entries = ConcurrentHashMap.newKeySet();

    /** Makes an empty table that allows {@code maxPlain} streams which began in streaming mode and are bound to nothing. */
    StreamTable(int maxPlain) {
        this.maxPlain = maxPlain;
    }

    /** Takes a place for a plain stream; false if there is none. */
    boolean takePlainPlace() {
        int now = plain.get();
        while (now < maxPlain) {
            if (plain.compareAndSet(now, now + 1)) {
                return true;
            }
            now = plain.get();
        }
        return false;
    }

    /** Gives back what {@link #takePlainPlace} took, for a stream that never came to be. */
    void leavePlainPlace() {
        plain.decrementAndGet();
    }

    /** Returns how many plain streams are allowed. */
    int maxPlain() {
        return maxPlain;
    }

    /** Enters a stream on which MPA starts at once. */
    StreamEntry addStartup(ByteStream stream, boolean inbound) {
        return add(new StreamEntry(this, stream, inbound, StreamBinding.Kind.STARTUP, false));
    }

    /** Enters a stream in streaming mode, for which a place was taken. */
    StreamEntry addPlain(ByteStream stream, boolean inbound) {
        return add(new StreamEntry(this, stream, inbound, StreamBinding.Kind.PLAIN, true));
    }

    private StreamEntry add(StreamEntry entry) {
        entries.add(entry);
        return entry;
    }

    void remove(StreamEntry entry) {
        entries.remove(entry);
    }

    /** Returns a snapshot. */
    List<StreamBinding> bindings() {
        return entries.stream().map(StreamEntry::binding).toList();
    }
}
