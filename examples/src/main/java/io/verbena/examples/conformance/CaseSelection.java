package io.verbena.examples.conformance;

import io.verbena.conformance.ConformanceCase;
import io.verbena.conformance.ConformanceCases;
import io.verbena.conformance.SubjectRole;
import java.util.List;

/** The cases that {@code --only} names. */
final class CaseSelection {
    private CaseSelection() {}

    /**
     * Returns the cases of {@code role} whose names begin with one of {@code names}; all if there are no names.
     *
     * @throws IllegalArgumentException if a name fits none
     */
    static List<ConformanceCase> of(SubjectRole role, List<String> names) {
        List<ConformanceCase> all = ConformanceCases.of(role);
        for (String name : names) {
            if (all.stream().noneMatch(each -> each.name().startsWith(name))) {
                throw new IllegalArgumentException("no case for a stack that "
                        + (role == SubjectRole.RESPONDER ? "listens" : "connects") + " begins with '" + name + "'");
            }
        }
        return all.stream()
                .filter(each -> names.isEmpty() || names.stream().anyMatch(each.name()::startsWith))
                .toList();
    }
}
