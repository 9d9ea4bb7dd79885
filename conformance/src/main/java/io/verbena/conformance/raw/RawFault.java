package io.verbena.conformance.raw;

/** What a {@link RawPeer} gets wrong on purpose in one FPDU. */
public enum RawFault {
    /** Nothing. */
    NONE,
    /** One bit of the CRC field is flipped. */
    CRC,
    /** The first marker inside the FPDU points 4 octets too far; the CRC is right. */
    MARKER,
    /** The pad octets are not zero; the CRC is right. */
    PAD
}
