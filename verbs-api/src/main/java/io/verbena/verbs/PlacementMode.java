package io.verbena.verbs;

/** When the payload of an inbound segment may be placed. */
public enum PlacementMode {
    /** Only after its FPDU's CRC was found good (RFC 5044 section 6; the default while CRC is in force). One copy. */
    VALIDATED,
    /** As it arrives, but completed only after the CRC was good; a bad CRC ends the stream. No copy. Opt-in. */
    EAGER,
    /** As it arrives, because neither end asked for CRC. No copy. */
    DIRECT
}
