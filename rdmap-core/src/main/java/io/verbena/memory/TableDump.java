package io.verbena.memory;

import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.STag;
import io.verbena.verbs.TranslationMode;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes the table down for people to read. */
final class TableDump {
    private TableDump() {}

    static String of(TableSlots slots) {
        StringBuilder text = new StringBuilder();
        text.append(line("stag", "valid", "domain", "start", "length", "page", "pages", "translation", "access"));
        int entries = 0;
        long octets = 0;
        for (int index = 1; index < slots.slots(); index++) {
            TableEntry entry = slots.entry(index);
            if (entry != null) {
                text.append(line(entry.snapshot()));
                entries++;
                octets += entry.lengthOctets();
            }
        }
        return text.append(entries + " regions, " + octets + " octets\n").toString();
    }

    private static String line(MemorySnapshot region) {
        return line(
                STag.toString(region.stag()),
                region.valid() ? "yes" : "no",
                region.protectionDomain(),
                "0x" + String.format(Locale.ROOT, "%016x", region.startAddress()),
                region.lengthOctets(),
                region.translationMode() == null ? "-" : pageSize(region.pageOctets()),
                region.pages(),
                region.translationMode() == null ? "-" : words(region.translationMode()),
                region.access().stream().map(Enum::name).collect(Collectors.joining(" ")));
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, "%-10s %-5s %6s  %-18s %14s %9s %9s  %-12s  %s\n", columns);
    }

    private static String pageSize(int octets) {
        return octets < 1 << 20 ? (octets >> 10) + " KiB" : (octets >> 20) + " MiB";
    }

    private static String words(TranslationMode mode) {
        return switch (mode) {
            case DIRECT -> "direct";
            case FIRST_ORDER_INDIRECT -> "first order";
            case SECOND_ORDER_INDIRECT -> "second order";
        };
    }
}
