package io.verbena.capture.decode;

import java.nio.ByteBuffer;

/**
 * One packet of a capture file.
 *
 * @param linkType number of the link layer the packet begins with, as registered for pcap files
 * @param timeNs time of capture, nanoseconds since 1970
 * @param octets big-endian read-only view of what was captured, from index 0 to its limit
 */
public record CapturedPacket(int linkType, long timeNs, ByteBuffer octets) {}
