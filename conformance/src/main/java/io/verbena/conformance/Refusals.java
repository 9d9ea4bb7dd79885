package io.verbena.conformance;

import io.verbena.conformance.raw.RawSegment;
import java.util.function.Function;

/** Makes cases of one shape: one segment that breaks a rule, the Terminate that says so, and the end. */
final class Refusals {
    private Refusals() {}

    /** Returns the case; {@code offence} makes the segment, and may send others before. */
    static ConformanceCase refuses(
            String name, String clause, String sends, Function<Session, RawSegment> offence, String... triples) {
        String expects = "Terminate " + String.join(" or ", triples) + ", and the end";
        return new ConformanceCase(name, clause, sends, expects, stage -> {
            Session session = stage.session();
            RawSegment offender = offence.apply(session);
            session.send(offender).expectRefusal(offender, triples);
        });
    }
}
