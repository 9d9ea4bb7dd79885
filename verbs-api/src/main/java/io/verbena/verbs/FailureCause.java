package io.verbena.verbs;

/**
 * Why something failed: which check, at which end, about what. Immutable.
 *
 * <p>The parts that do not apply are left out: {@link #hasTarget()}, {@link #terminate()} and {@link #startedBy()} tell.
 */
public final class FailureCause {
    /** Which end found the failure. */
    public enum End {
        /** This end. */
        LOCAL,
        /** The peer. */
        REMOTE
    }

    private final End detectedBy;
    private final FailedCheck check;
    private final String detail;
    private final boolean hasTarget;
    private final int stag;
    private final long address;
    private final long lengthOctets;
    private final AccessFlag right;
    private final TerminateInformation terminate;
    private final FailureCause startedBy;
    private final long startedByRequest;
    private final Throwable exception;

    private FailureCause(Builder builder) {
        detectedBy = builder.detectedBy;
        check = builder.check;
        detail = builder.detail;
        hasTarget = builder.hasTarget;
        stag = builder.stag;
        address = builder.address;
        lengthOctets = builder.lengthOctets;
        right = builder.right;
        terminate = builder.terminate;
        startedBy = builder.startedBy;
        startedByRequest = builder.startedByRequest;
        exception = builder.exception;
    }

    /** Begins a cause that {@code end} found with {@code check}. */
    public static Builder of(End end, FailedCheck check) {
        return new Builder(end, check);
    }

    /** Returns which end found it. */
    public End detectedBy() {
        return detectedBy;
    }

    /** Returns the check that refused. */
    public FailedCheck check() {
        return check;
    }

    /** Returns whether {@link #stag()}, {@link #address()} and {@link #lengthOctets()} mean something. */
    public boolean hasTarget() {
        return hasTarget;
    }

    /** Returns the STag that was used. */
    public int stag() {
        return stag;
    }

    /** Returns the (unsigned) address that was used. */
    public long address() {
        return address;
    }

    /** Returns the length that was asked for, in octets. */
    public long lengthOctets() {
        return lengthOctets;
    }

    /** Returns the right that was needed, or null. */
    public AccessFlag right() {
        return right;
    }

    /** Returns the Terminate that was sent or received because of it, or null. */
    public TerminateInformation terminate() {
        return terminate;
    }

    /** Returns, for a flushed request, the failure that stopped the queue pair, or null. */
    public FailureCause startedBy() {
        return startedBy;
    }

    /** Returns the id of the request that caused {@link #startedBy()}, or 0 if no request of this end did. */
    public long startedByRequest() {
        return startedByRequest;
    }

    /** Returns the exception of the layer below, or null. */
    public Throwable exception() {
        return exception;
    }

    /** Returns the first cause of the chain: what really happened. */
    public FailureCause root() {
        FailureCause cause = this;
        while (cause.startedBy != null) {
            cause = cause.startedBy;
        }
        return cause;
    }

    /** Returns one sentence that says it all. */
    public String message() {
        StringBuilder text = new StringBuilder(detail == null ? check.words() : detail);
        if (hasTarget) {
            text.append(" (STag ").append(STag.toString(stag));
            text.append(", address 0x").append(Long.toHexString(address));
            text.append(", length ").append(lengthOctets);
            if (right != null) {
                text.append(", right ").append(right);
            }
            text.append(')');
        }
        text.append(detectedBy == End.LOCAL ? ", found here" : ", found by the peer");
        if (terminate != null) {
            text.append("; ").append(terminate);
        }
        if (exception != null) {
            String words = exception.getMessage();
            text.append("; ").append(words == null ? exception.getClass().getSimpleName() : words);
        }
        if (startedBy != null) {
            text.append("; because ").append(startedBy.message());
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return check + ": " + message();
    }

    /** Collects the parts of a cause. */
    public static final class Builder {
        private final End detectedBy;
        private final FailedCheck check;
        private String detail;
        private boolean hasTarget;
        private int stag;
        private long address;
        private long lengthOctets;
        private AccessFlag right;
        private TerminateInformation terminate;
        private FailureCause startedBy;
        private long startedByRequest;
        private Throwable exception;

        private Builder(End detectedBy, FailedCheck check) {
            this.detectedBy = detectedBy;
            this.check = check;
        }

        /** Replaces the check's general words by a sentence about this case. */
        public Builder detail(String words) {
            detail = words;
            return this;
        }

        /** Sets what memory was meant. */
        public Builder target(int targetStag, long targetAddress, long targetLengthOctets) {
            hasTarget = true;
            stag = targetStag;
            address = targetAddress;
            lengthOctets = targetLengthOctets;
            return this;
        }

        /** Sets the right that was needed. */
        public Builder right(AccessFlag needed) {
            right = needed;
            return this;
        }

        /** Sets the Terminate that goes with it. */
        public Builder terminate(TerminateInformation information) {
            terminate = information;
            return this;
        }

        /** Sets the failure that this one follows from, and the request that caused it (0: none of this end). */
        public Builder startedBy(FailureCause cause, long request) {
            startedBy = cause;
            startedByRequest = request;
            return this;
        }

        /** Sets the exception of the layer below. */
        public Builder exception(Throwable below) {
            exception = below;
            return this;
        }

        /** Returns the cause. */
        public FailureCause build() {
            return new FailureCause(this);
        }
    }
}
