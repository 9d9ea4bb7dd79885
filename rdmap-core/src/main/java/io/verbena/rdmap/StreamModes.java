package io.verbena.rdmap;

import io.verbena.mpa.FpduDeframer;
import io.verbena.mpa.RtrKind;

/**
 * What the ends agreed on for one stream, as the engine needs it.
 *
 * @param initiator whether this end sent the MPA Request; the responder sends nothing before it has received a good FPDU
 *     (RFC 5044 section 7.1.2)
 * @param crc whether CRC is in force
 * @param sendMarkers whether this end inserts markers
 * @param receiveMarkers whether the peer inserts markers
 * @param placing when payload may be placed
 * @param mulpduOctets the longest DDP segment to send
 * @param inboundReadDepth IRD
 * @param outboundReadDepth ORD
 * @param opening the ready-to-receive message that this end has to send first, or null
 * @param firstMessageDelayNs how long the initiator waits before its first FPDU, in nanoseconds
 * @param closeTimeoutNs how long Closing and Terminate may take, in nanoseconds
 */
public record StreamModes(
        boolean initiator,
        boolean crc,
        boolean sendMarkers,
        boolean receiveMarkers,
        FpduDeframer.Placing placing,
        int mulpduOctets,
        int inboundReadDepth,
        int outboundReadDepth,
        RtrKind opening,
        long firstMessageDelayNs,
        long closeTimeoutNs) {}
