package io.verbena.examples.conformance;

import io.verbena.conformance.ConformanceCase;
import io.verbena.conformance.ConformanceCases;
import io.verbena.conformance.SubjectRole;
import java.util.List;

/** Cases that the command line names by the beginnings of their names. */
final class CaseSelection {
    private CaseSelection() {}

    /**
     * Returns the cases of {@code role} whose names begin with one of {@code names}; all if there are no names.
     *
     * @throws IllegalArgumentException if a name fits none
     */
    static List<ConformanceCase> of(SubjectRole role, List<String> names) {
        requireKnown(role, names);
        return ConformanceCases.of(role).stream()
                .filter(each -> names.isEmpty() || begins(each, names))
                .toList();
    }

    /**
     * Insists that each of {@code names} begins the name of a case of {@code role}.
     *
     * @throws IllegalArgumentException if one does not
     */
    static void requireKnown(SubjectRole role, List<String> names) {
        for (String name : names) {
            if (ConformanceCases.of(role).stream().noneMatch(each -> each.name().startsWith(name))) {
                throw new IllegalArgumentException("no case for a stack that "
                        + (role == SubjectRole.RESPONDER ? "listens" : "connects") + " begins with '" + name + "'");
            }
        }
    }

    /** Returns whether the name of {@code each} begins with one of {@code names}. */
    static boolean begins(ConformanceCase each, List<String> names) {
        return names.stream().anyMatch(each.name()::startsWith);
    }
}
