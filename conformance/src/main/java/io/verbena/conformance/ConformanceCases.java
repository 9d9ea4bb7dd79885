package io.verbena.conformance;

import java.util.List;
import java.util.stream.Stream;

/** All cases. */
public final class ConformanceCases {
    private ConformanceCases() {}

    /** Returns the cases for a stack in this role, in the order to play them. */
    public static List<ConformanceCase> of(SubjectRole role) {
        boolean responder = role == SubjectRole.RESPONDER;
        return Stream.of(
                        responder ? RequestCases.all() : ReplyCases.all(),
                        responder ? OpeningCases.all() : List.<ConformanceCase>of(),
                        FpduCases.all(),
                        DdpCases.all(),
                        RdmapCases.all(),
                        ReadCases.all(),
                        ExtensionCases.all(),
                        EndCases.all(),
                        // Last, because stacks are known that nobody can connect to any more after some of them.
                        responder ? RequestCases.refused() : ReplyCases.refused())
                .flatMap(List::stream)
                .toList();
    }
}
