package io.verbena.rdmap;

import io.verbena.ddp.DdpSegment;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.observe.StackEvents;

/**
 * Refuses inbound segments on behalf of everything that judges them: ends the stream with the right Terminate, and tells who
 * listens (RFC 5040 section 7; RFC 5041 section 7).
 *
 * <p>Thread rule: the stream's loop.
 */
final class SegmentRefusals {
    private final StreamEnd end;
    private final RdmapUser user;

    SegmentRefusals(StreamEnd end, RdmapUser user) {
        this.end = end;
        this.user = user;
    }

    /**
     * Refuses a segment that broke a rule of the protocol.
     *
     * @param offending its message, or null if its opcode is not known
     * @return false, for callers that say whether the stream goes on
     */
    boolean rule(TerminateReason reason, FailedCheck check, RdmapOpcode offending, DdpSegment segment) {
        end.refuse(reason, FailureCause.of(FailureCause.End.LOCAL, check), offending, segment);
        return false;
    }

    /**
     * Refuses an access to memory, which is an event of its own.
     *
     * @param offending the message that wanted it
     * @param segment the segment, or null if none is to be returned
     * @param right the right that the access needs, or null if no right would do
     */
    void access(
            TerminateReason reason,
            FailedCheck check,
            RdmapOpcode offending,
            DdpSegment segment,
            int stag,
            long address,
            long octets,
            AccessFlag right) {
        FailureCause cause = end.refuse(
                reason,
                FailureCause.of(FailureCause.End.LOCAL, check)
                        .target(stag, address, octets)
                        .right(right),
                offending,
                segment);
        StackEvents events = user.events();
        if (events != null) {
            events.onAccessRefused(user.deviceName(), user.number(), cause);
        }
    }
}
