package io.verbena.rdmap;

import io.verbena.ddp.PlacementTarget;
import io.verbena.memory.LentViews;
import io.verbena.memory.TableEntry;
import io.verbena.mpa.FpduCrc;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Places payload in registered memory: by copying, or by showing the transport where to read to.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing after construction.
 */
final class MemoryPlacement implements PlacementTarget {
    private final RegisteredPieces pieces;
    private final LoopResources resources;
    private final Consumer<TableEntry> onWithdrawn;

    /**
     * Makes a placement.
     *
     * @param kept keeps the pin of the region that was copied to last; null if there is none to be kept
     * @param onWithdrawn hears when memory was deregistered while a message was being placed in it
     */
    MemoryPlacement(int capacity, LoopResources resources, KeptPin kept, Consumer<TableEntry> onWithdrawn) {
        pieces = new RegisteredPieces(capacity, kept);
        this.resources = resources;
        this.onWithdrawn = onWithdrawn;
    }

    /** Returns the pieces, to be filled. */
    RegisteredPieces pieces() {
        return pieces;
    }

    @Override
    public boolean place(ByteBuffer lent, int offset, int octets) {
        if (pieces.copyIn(lent, offset, octets)) {
            return true;
        }
        onWithdrawn.accept(pieces.withdrawn());
        return false;
    }

    @Override
    public void skip(int octets) {
        pieces.advance(octets);
    }

    @Override
    public int targets(ByteBuffer[] lent, int from, int limit, int octets) {
        LentViews views = resources.receiveViews();
        pieces.views(views, octets);
        TableEntry gone = pieces.pinAll(views);
        if (gone != null) {
            views.giveBackAll();
            onWithdrawn.accept(gone);
            return -1;
        }
        int count = Math.min(views.count(), limit - from);
        int[] starts = resources.receiveStarts();
        for (int i = 0; i < count; i++) {
            ByteBuffer view = views.view(i);
            starts[i] = view.position();
            lent[from + i] = view;
        }
        return count;
    }

    @Override
    public void placed(int octets, FpduCrc crc) {
        LentViews views = resources.receiveViews();
        try {
            if (crc != null) {
                int[] starts = resources.receiveStarts();
                int left = octets;
                for (int i = 0; left > 0; i++) {
                    int piece = views.view(i).position() - starts[i];
                    crc.update(views.view(i), starts[i], piece);
                    left -= piece;
                }
            }
        } finally {
            views.unpinAll();
            views.giveBackAll();
        }
        pieces.advance(octets);
    }
}
