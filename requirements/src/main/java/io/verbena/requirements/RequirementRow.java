package io.verbena.requirements;

import java.util.Objects;

/**
 * One row of the catalogue.
 *
 * @param id the stable name of the row, such as {@code "MPA-4.2-01"}
 * @param level the key word of the RFC ({@code MUST}, {@code SHOULD}, ..., {@code DEF} for what is stated without one), for
 *     verbs {@code MUST}, {@code OPTIONAL}, {@code EXTENSION} or {@code DESIGN}, and {@code SYSTEM} for rows of the adapter
 * @param section where the row comes from: an RFC and its section, a group of verbs, or a part of the adapter
 * @param side {@code S} sender, {@code R} receiver, {@code B} both, {@code ULP} the user, {@code NA} not on TCP; empty where
 *     the catalogue does not say
 * @param applies {@code Y}, or a code that begins with {@code P} (partly) or {@code N} (not); empty where the catalogue does
 *     not say
 * @param text what is required, in our words
 */
public record RequirementRow(String id, String level, String section, String side, String applies, String text) {
    /** Checks that no component is missing. */
    public RequirementRow {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(section, "section");
        Objects.requireNonNull(side, "side");
        Objects.requireNonNull(applies, "applies");
        Objects.requireNonNull(text, "text");
    }

    /** Returns the first part of the id, such as {@code MPA}. */
    public String family() {
        int end = id.indexOf('-');
        return end < 0 ? id : id.substring(0, end);
    }

    /** Returns the id without its last part, the number: {@code SYS-MEM} for {@code SYS-MEM-09}. */
    public String group() {
        int end = id.lastIndexOf('-');
        return end < 0 ? id : id.substring(0, end);
    }
}
