package io.verbena.memory;

/**
 * The split buffers of one type that have a free part. Parts of the buffer split last go first, so that one whose parts come
 * back can be joined again. Not thread-safe: the pool's lock guards it.
 */
final class SplitBuffers {
    private StagingBuffer first;
    private int split;
    private int free;

    /** Returns how many buffers are split. */
    int split() {
        return split;
    }

    /** Returns how many parts are free. */
    int free() {
        return free;
    }

    /** Takes in a buffer that nobody has; all of its parts are free. */
    void split(StagingBuffer whole) {
        split++;
        free += whole.parts.length;
        whole.freeParts = whole.parts.length;
        link(whole);
    }

    /** Gives a free part, or null. */
    StagingBuffer take() {
        StagingBuffer whole = first;
        if (whole == null) {
            return null;
        }
        free--;
        StagingBuffer part = whole.partsToGive[--whole.freeParts];
        if (whole.freeParts == 0) {
            unlink(whole);
        }
        return part;
    }

    /** Takes a part back; returns whether all parts of its buffer are free now, so that the buffer is whole again. */
    boolean giveBack(StagingBuffer part) {
        StagingBuffer whole = part.whole();
        whole.partsToGive[whole.freeParts++] = part;
        free++;
        if (whole.freeParts == 1) {
            link(whole);
        }
        if (whole.freeParts < whole.parts.length) {
            return false;
        }
        unlink(whole);
        split--;
        free -= whole.parts.length;
        return true;
    }

    private void link(StagingBuffer whole) {
        whole.nextSplit = first;
        if (first != null) {
            first.previousSplit = whole;
        }
        first = whole;
    }

    private void unlink(StagingBuffer whole) {
        if (whole.previousSplit == null) {
            first = whole.nextSplit;
        } else {
            whole.previousSplit.nextSplit = whole.nextSplit;
        }
        if (whole.nextSplit != null) {
            whole.nextSplit.previousSplit = whole.previousSplit;
        }
        whole.nextSplit = null;
        whole.previousSplit = null;
    }
}
