package io.verbena.memory;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.STag;
import io.verbena.verbs.TranslationMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Writes the table down for people to read: one line an entry, and below the lines what the letters mean.
 *
 * <p>Rights stand in fixed places, so that one sees in a column who may do what.
 */
final class TableDump {
    private static final String FORMAT =
            "%6s  %3s  %-6s %-7s %-9s %-18s %12s  %-8s %-4s %7s %-13s %-9s %s%n".replace("%n", "\n");

    private static final String LEGEND = "rights: l/L local read/write, r/R remote read/write, A remote atomic,"
            + " B windows may be bound; note: what else is special\n";

    private TableDump() {}

    static String of(TableSlots slots) {
        StringBuilder text = new StringBuilder();
        text.append(line(
                "index",
                "key",
                "type",
                "state",
                "owner",
                "start",
                "octets",
                "rights",
                "page",
                "pages",
                "translation",
                "windows",
                "note"));
        int regions = 0;
        int windows = 0;
        long octets = 0;
        for (int index = 1; index < slots.slots(); index++) {
            TableEntry entry = slots.entry(index);
            if (entry == null) {
                continue;
            }
            MemorySnapshot snapshot = entry.snapshot();
            text.append(line(snapshot, entry));
            if (entry.type() == EntryType.REGION) {
                regions++;
                octets += snapshot.valid() ? snapshot.lengthOctets() : 0;
            } else {
                windows++;
            }
        }
        text.append(count(regions, "region") + " with " + octets + " valid octets, " + count(windows, "window") + "\n");
        return text.append(LEGEND).toString();
    }

    private static String line(MemorySnapshot entry, TableEntry source) {
        boolean memory = entry.translationMode() != null;
        boolean region = entry.type() == EntryType.REGION;
        return line(
                String.format(Locale.ROOT, "%06x", STag.index(entry.stag())),
                String.format(Locale.ROOT, "%02x", STag.instance(entry.stag())),
                region ? "region" : "window",
                entry.valid() ? (entry.touched() ? "touched" : "valid") : "invalid",
                entry.queuePairNumber() < 0 ? "domain " + entry.protectionDomain() : "qp " + entry.queuePairNumber(),
                memory ? "0x" + String.format(Locale.ROOT, "%016x", entry.startAddress()) : "-",
                memory ? entry.lengthOctets() : "-",
                memory ? rights(entry.access()) : "-",
                memory ? pageSize(entry.pageOctets()) : "-",
                region ? entry.pages() + "/" + entry.reservedPages() : memory ? entry.pages() : "-",
                memory ? words(entry.translationMode()) : "-",
                region ? entry.boundWindows() : "-",
                note(entry, source));
    }

    private static String note(MemorySnapshot entry, TableEntry source) {
        List<String> notes = new ArrayList<>();
        if (entry.shared()) {
            notes.add("shared by " + entry.sharers());
        }
        if (entry.oneTouch()) {
            notes.add(source.usedUp() ? "one-touch, used" : "one-touch");
        }
        if (entry.touched()) {
            notes.add("until stream position " + entry.touchedPosition());
        }
        if (source.region() != null && entry.valid()) {
            notes.add("over region " + STag.toString(source.region().stag()));
        }
        if (entry.type() == EntryType.REGION && !entry.remoteAccessPossible()) {
            notes.add("local only");
        }
        return String.join(", ", notes);
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, FORMAT, columns).replaceAll(" +\n", "\n");
    }

    private static String rights(Set<AccessFlag> rights) {
        return (rights.contains(AccessFlag.LOCAL_READ) ? "l" : "-")
                + (rights.contains(AccessFlag.LOCAL_WRITE) ? "L" : "-")
                + (rights.contains(AccessFlag.REMOTE_READ) ? "r" : "-")
                + (rights.contains(AccessFlag.REMOTE_WRITE) ? "R" : "-")
                + (rights.contains(AccessFlag.REMOTE_ATOMIC) ? "A" : "-")
                + (rights.contains(AccessFlag.WINDOW_BIND) ? "B" : "-");
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String pageSize(int octets) {
        return octets < 1 << 20 ? (octets >> 10) + "K" : (octets >> 20) + "M";
    }

    private static String words(TranslationMode mode) {
        return switch (mode) {
            case DIRECT -> "direct";
            case FIRST_ORDER_INDIRECT -> "first order";
            case SECOND_ORDER_INDIRECT -> "second order";
        };
    }
}
