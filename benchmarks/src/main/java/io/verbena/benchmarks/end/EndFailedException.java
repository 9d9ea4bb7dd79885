package io.verbena.benchmarks.end;

/** An end could not do its work; the message is one sentence. */
public final class EndFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes it. */
    public EndFailedException(String sentence) {
        super(sentence);
    }

    /** Makes it with what lies behind it. */
    public EndFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
