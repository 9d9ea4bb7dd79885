package io.verbena.memory;

import io.verbena.verbs.EntryType;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.STag;
import io.verbena.verbs.WindowType;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What stays of a region or window while its {@link TableEntry entries} come and go: the Tag Index, room for pages, whether
 * remote rights are possible, who shares its translation entries, and which windows are bound to it.
 *
 * <p>Instances: each registration or binding that is prepared gets an instance one newer than the one prepared before. When
 * it is processed it must be newer, by 1 to {@value #MAX_AHEAD} steps modulo 256, than the last one that was in force. So
 * those that were dropped or failed do not block later ones, and nothing old comes back.
 *
 * <p>Thread rule: any thread reads the present entry; everything else under the table's lock.
 */
public final class TagRecord {
    /** How far the prepared instances may be ahead of the one in force. */
    static final int MAX_AHEAD = 127;

    private static final int INSTANCE_MASK = 0xFF;

    /** Most regions never have windows. */
    private static final Set<TableEntry> NO_WINDOWS = Collections.emptySet();

    private final Object lock;
    private final EntryType type;
    private final WindowType windowType;
    private final int index;

    private volatile TableEntry current;
    private volatile MemoryRegion region;
    private volatile MemoryWindow window;

    private int lastInForce;
    private int lastPrepared;
    private boolean freed;
    private boolean remoteAccess;
    private long reservedPages;
    private Sharers sharers;
    private Set<TableEntry> boundWindows = NO_WINDOWS;

    /**
     * @param lock the table's lock
     * @param windowType which rule holds for a window, null for a region
     * @param firstStag the STag that it has, or will have, first
     * @param inForce whether that one is in force already
     */
    TagRecord(Object lock, EntryType type, WindowType windowType, int firstStag, boolean inForce) {
        this.lock = lock;
        this.type = type;
        this.windowType = windowType;
        index = STag.index(firstStag);
        lastInForce = STag.instance(firstStag) - (inForce ? 0 : 1) & INSTANCE_MASK;
        lastPrepared = lastInForce;
    }

    /** Returns whether it is a region or a window. */
    public EntryType type() {
        return type;
    }

    /** Returns which rule says who may use the window; null for a region. */
    public WindowType windowType() {
        return windowType;
    }

    /** Returns the present incarnation; of a freed record the last one. */
    public TableEntry current() {
        return current;
    }

    void current(TableEntry next) {
        current = next;
    }

    /** Tells the record which region the application has in hand for it. */
    public void handle(MemoryRegion handle) {
        region = handle;
    }

    /** Tells the record which window the application has in hand for it. */
    public void handle(MemoryWindow handle) {
        window = handle;
    }

    /** Returns the region that the application has in hand, or null. */
    public MemoryRegion region() {
        return region;
    }

    /** Returns the window that the application has in hand, or null. */
    public MemoryWindow window() {
        return window;
    }

    int index() {
        return index;
    }

    // ---- instances ----

    /** Returns the STag for the next registration or binding that is prepared. */
    int prepareStag() {
        // Those that were prepared and dropped are forgotten after a while: their instances are given again.
        boolean tooFar = ahead(lastPrepared) >= MAX_AHEAD;
        lastPrepared = (tooFar ? lastInForce : lastPrepared) + 1 & INSTANCE_MASK;
        return STag.of(index, lastPrepared);
    }

    /** Tells whether an STag that was prepared may still come into force. */
    boolean isNewer(int stag) {
        int ahead = ahead(STag.instance(stag));
        return ahead >= 1 && ahead <= MAX_AHEAD;
    }

    void inForce(int stag) {
        lastInForce = STag.instance(stag);
    }

    /** Returns the newest instance that anybody can have heard of. */
    int newestInstance() {
        return ahead(lastPrepared) <= MAX_AHEAD ? lastPrepared : lastInForce;
    }

    private int ahead(int instance) {
        return instance - lastInForce & INSTANCE_MASK;
    }

    // ---- what the table keeps of it ----

    boolean freed() {
        return freed;
    }

    void free() {
        freed = true;
    }

    boolean remoteAccess() {
        return remoteAccess;
    }

    long reservedPages() {
        return reservedPages;
    }

    void reserve(long pages, boolean remote) {
        reservedPages = pages;
        remoteAccess = remote;
    }

    boolean shared() {
        return sharers != null;
    }

    Sharers sharers() {
        return sharers;
    }

    /** Becomes one of the regions that use the same translation entries. */
    void share(Sharers with) {
        sharers = with;
        with.count++;
    }

    /** Is none of them any more; what they share lives until the last one has left. */
    void leaveSharers() {
        if (sharers != null) {
            sharers.count--;
        }
    }

    /** Returns the windows that are bound to the region; not to be changed. */
    Set<TableEntry> boundWindows() {
        return boundWindows;
    }

    void addWindow(TableEntry bound) {
        if (boundWindows == NO_WINDOWS) {
            boundWindows = new LinkedHashSet<>();
        }
        boundWindows.add(bound);
    }

    void removeWindow(TableEntry bound) {
        boundWindows.remove(bound);
    }

    /** Returns what the table holds of an incarnation. */
    MemorySnapshot snapshot(TableEntry entry) {
        synchronized (lock) {
            AddressTranslation translation = entry.translation();
            boolean memory = translation != null;
            boolean isRegion = type == EntryType.REGION;
            return new MemorySnapshot(
                    entry.stag(),
                    type,
                    entry.valid(),
                    shared(),
                    entry.protectionDomain(),
                    entry.outOfUse() ? -1 : entry.queuePairNumber(),
                    entry.startAddress(),
                    entry.lengthOctets(),
                    AccessRights.flags(entry.rights()),
                    remoteAccess,
                    entry.oneTouch(),
                    entry.touched(),
                    entry.touchedPosition(),
                    memory ? translation.mode() : null,
                    memory ? translation.number() : 0,
                    memory ? entry.translationOffset() : 0,
                    memory ? translation.pageOctets() : 0,
                    memory ? translation.pages() : 0,
                    isRegion ? reservedPages : 0,
                    memory ? translation.firstOffset() : 0,
                    isRegion ? (shared() ? sharers.count : 1) : 0,
                    boundWindows.size());
        }
    }

    /** How many regions use the same translation entries. Under the table's lock. */
    static final class Sharers {
        private int count;
    }
}
