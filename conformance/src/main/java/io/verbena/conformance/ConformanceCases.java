package io.verbena.conformance;

import java.util.List;
import java.util.stream.Stream;

/** All cases. */
public final class ConformanceCases {
    private ConformanceCases() {}

    /** Returns the cases for a stack in this role, in the order to play them. */
    public static List<ConformanceCase> of(SubjectRole role) {
        List<ConformanceCase> startup = role == SubjectRole.RESPONDER
                ? Stream.concat(RequestCases.all().stream(), OpeningCases.all().stream())
                        .toList()
                : ReplyCases.all();
        return Stream.of(
                        startup,
                        FpduCases.all(),
                        DdpCases.all(),
                        RdmapCases.all(),
                        ReadCases.all(),
                        ExtensionCases.all(),
                        EndCases.all())
                .flatMap(List::stream)
                .toList();
    }
}
