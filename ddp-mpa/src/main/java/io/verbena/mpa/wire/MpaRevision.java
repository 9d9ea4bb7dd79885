package io.verbena.mpa.wire;

/** Values of the Rev field of a startup frame. */
public final class MpaRevision {
    /** RDMA Consortium adapters (RFC 5044 appendix C); not offered and not accepted here. */
    public static final int RDMA_CONSORTIUM = 0;

    /** RFC 5044. */
    public static final int STANDARD = 1;

    /** RFC 6581: depths and peer-to-peer model can be exchanged. */
    public static final int ENHANCED = 2;

    private MpaRevision() {}
}
