package io.verbena.compliance;

import io.verbena.requirements.RequirementExceptions;
import io.verbena.requirements.RequirementRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides whether each row that must be shown has a test or a reason for having none, and never both. */
final class Gate {
    /** RFC 2119 section 1: REQUIRED is another word for MUST. */
    private static final Set<String> OBLIGATIONS = Set.of("MUST", "MUST NOT", "REQUIRED");

    private final RequirementExceptions exceptions;
    private final Set<String> shown;

    /** Makes a gate for what the tests carry. */
    Gate(RequirementExceptions exceptions, List<Carrier> carriers) {
        this.exceptions = exceptions;
        shown = carriers.stream().flatMap(carrier -> carrier.ids().stream()).collect(Collectors.toSet());
    }

    /**
     * Returns a sentence for each row that binds us and has neither a test nor an exception. A row binds us if it is a MUST or
     * MUST NOT and the catalogue does not say that it applies in part or not at all.
     */
    List<String> missing(Collection<RequirementRow> rows) {
        return rows.stream()
                .filter(Gate::binds)
                .filter(row -> !shown.contains(row.id()))
                .filter(row -> exceptions.reason(row.id()).isEmpty())
                .map(row -> row.id() + " (" + row.level() + ": " + row.text()
                        + ") has neither a test that carries its id" + " nor a line in requirements/exceptions.csv")
                .toList();
    }

    /** Returns a sentence for each exception whose row a test shows after all. */
    List<String> surplus() {
        List<String> surplus = new ArrayList<>();
        for (String id : exceptions.ids()) {
            if (shown.contains(id)) {
                surplus.add(
                        id + " is an exception in requirements/exceptions.csv, and a test carries it: one of the two"
                                + " has to go");
            }
        }
        return surplus;
    }

    private static boolean binds(RequirementRow row) {
        return OBLIGATIONS.contains(row.level())
                && (row.applies().isEmpty() || row.applies().equals("Y"));
    }
}
