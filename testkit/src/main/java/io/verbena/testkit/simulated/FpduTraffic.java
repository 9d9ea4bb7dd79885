package io.verbena.testkit.simulated;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.transport.AheadOfStreamHandler;
import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One direction of a link that knows the FPDUs it carries and hands them up in any order, with the positions they have in the
 * stream: a model of an MPA-aware TCP (RFC 5044 section 4.3).
 *
 * <p>The startup frame travels in order. Then each FPDU is a unit of its own. One that arrives where the gapless stream
 * ends continues it, and is read like any octets. One that arrives beyond a gap is handed up at once if it ends within
 * {@link OutOfOrder#aheadOctets()} and the receiver takes it; else it is dropped, counted, and sent again once the gap
 * has moved. A peer that asked for markers gets everything in order, because an FPDU with markers cannot be understood
 * alone.
 *
 * <p>A script can {@linkplain #holdBack() hold back} FPDUs and {@linkplain #deliver deliver} them in an order of its own.
 * Numbers count the FPDUs of this direction from 0.
 *
 * <p>Thread rule: the network's thread.
 */
public final class FpduTraffic {
    private final LinkDirection direction;
    private final OutOfOrder options;
    private final SplittableRandom random;
    private final List<Unit> units = new ArrayList<>();
    private final TreeMap<Long, Unit> ahead = new TreeMap<>();
    private final TreeSet<Integer> heldBack = new TreeSet<>();
    private final List<Unit> toResend = new ArrayList<>();
    private byte[] partial = new byte[0];
    private long partialPosition;
    private boolean startupSent;
    private boolean wantsMarkers;
    private boolean holding;
    private long reached;
    private long droppedOutside;
    private long refused;
    private long takenAhead;

    FpduTraffic(LinkDirection direction, OutOfOrder options, SplittableRandom random) {
        this.direction = direction;
        this.options = options;
        this.random = random;
    }

    // ---- for tests ----

    /** Returns the number that the next FPDU will have. */
    public int nextNumber() {
        return units.size();
    }

    /** Returns the stream position of FPDU {@code number}. */
    public long position(int number) {
        return unit(number).position;
    }

    /** Returns how far the octets have come to the receiver without a gap. */
    public long reached() {
        return reached;
    }

    /** Returns how many times an FPDU was dropped because it ended outside the window. */
    public long droppedOutside() {
        return droppedOutside;
    }

    /** Returns how many times the receiver did not take an FPDU that was ahead. */
    public long refused() {
        return refused;
    }

    /** Returns how many FPDUs the receiver took ahead of the stream. */
    public long takenAhead() {
        return takenAhead;
    }

    /** Holds back every FPDU that arrives from now on, until {@link #deliver} or {@link #deliverRest()}. */
    public void holdBack() {
        holding = true;
    }

    /** Returns the numbers of the FPDUs that have arrived and are held back. */
    public List<Integer> heldBack() {
        return List.copyOf(heldBack);
    }

    /**
     * Lets FPDUs arrive now, in this order; each of them may have been delivered before, and is then a duplicate.
     *
     * @throws IllegalArgumentException for a number that was not sent yet
     */
    public void deliver(int... numbers) {
        for (int number : numbers) {
            Unit unit = unit(number);
            heldBack.remove(number);
            direction.now(() -> arrive(unit));
        }
    }

    /** Lets all FPDUs arrive that are held back, in the order of the stream, and holds back no more. */
    public void deliverRest() {
        holding = false;
        for (int number : List.copyOf(heldBack)) {
            deliver(number);
        }
    }

    private Unit unit(int number) {
        if (number < 0 || number >= units.size()) {
            throw new IllegalArgumentException("FPDU " + number + " was not sent; there are " + units.size());
        }
        return units.get(number);
    }

    // ---- for the direction ----

    /** Returns whether the startup frame in this direction asked for markers in the other. */
    private boolean peerWantsMarkers() {
        FpduTraffic other = direction.opposite().traffic();
        return other != null && other.wantsMarkers;
    }

    void send(long position, byte[] octets) {
        if (startupSent && peerWantsMarkers()) {
            sendInOrder(position, octets);
            return;
        }
        if (partial.length == 0) {
            partialPosition = position;
        }
        byte[] joined = Arrays.copyOf(partial, partial.length + octets.length);
        System.arraycopy(octets, 0, joined, partial.length, octets.length);
        int at = 0;
        int length = unitOctets(joined, at);
        while (length >= 0 && at + length <= joined.length) {
            sendUnit(partialPosition + at, Arrays.copyOfRange(joined, at, at + length));
            at += length;
            length = unitOctets(joined, at);
        }
        partial = Arrays.copyOfRange(joined, at, joined.length);
        partialPosition += at;
    }

    /** Returns the length of the unit that begins at {@code at}, or -1 if that cannot be told yet. */
    private int unitOctets(byte[] octets, int at) {
        ByteBuffer view = ByteBuffer.wrap(octets);
        int available = octets.length - at;
        if (!startupSent) {
            return MpaFrame.fits(available) ? new MpaFrame().wrap(view, at).octets() : -1;
        }
        return FpduLayout.fits(available) ? FpduLayout.fpduOctets(FpduLayout.ulpduLength(view, at)) : -1;
    }

    private void sendUnit(long position, byte[] octets) {
        if (!startupSent) {
            startupSent = true;
            wantsMarkers = new MpaFrame().wrap(ByteBuffer.wrap(octets), 0).markers();
            sendInOrder(position, octets);
            return;
        }
        Unit unit = new Unit(units.size(), position, octets);
        units.add(unit);
        direction.damage(position, octets);
        direction.trace("FPDU " + unit.number, position, octets);
        travel(unit, 0);
        if (options.duplicatesPerThousand() > 0 && random.nextInt(1000) < options.duplicatesPerThousand()) {
            travel(unit, 0);
        }
    }

    /** Octets that are no whole FPDU, or whose FPDUs cannot be told: they can only continue the stream. */
    private void sendInOrder(long position, byte[] octets) {
        Unit unit = new Unit(Unit.NOT_AN_FPDU, position, octets);
        direction.damage(position, octets);
        direction.trace("SEG", position, octets);
        direction.inOrder(() -> arrive(unit));
    }

    /** The sender ends the stream, perhaps in the middle of an FPDU. */
    void sendFin(long position) {
        if (partial.length > 0) {
            sendInOrder(partialPosition, partial);
            partial = new byte[0];
        }
        Unit fin = new Unit(Unit.NOT_AN_FPDU, position, new byte[0]);
        direction.inOrder(() -> arrive(fin));
    }

    private void travel(Unit unit, long delayNs) {
        long spreadNs = options.spreadNs() > 0 ? random.nextLong(options.spreadNs() + 1) : 0;
        direction.arriveIn(delayNs + spreadNs, () -> {
            if (holding && !unit.everArrived) {
                heldBack.add(unit.number);
            } else {
                arrive(unit);
            }
        });
    }

    private void arrive(Unit unit) {
        unit.everArrived = true;
        if (unit.position < reached) {
            // A duplicate of something that is part of the stream already.
            return;
        }
        if (unit.position == reached) {
            continueWith(unit);
            goOnOverWhatIsAhead();
            resend();
        } else if (!unit.isFpdu()) {
            ahead.put(unit.position, unit);
        } else if (unit.end() > reached + options.aheadOctets()) {
            droppedOutside++;
            direction.trace("OUTSIDE " + unit.number);
            toResend.add(unit);
        } else {
            handUp(unit);
        }
    }

    private void handUp(Unit unit) {
        StreamHandler handler = direction.receiver().readyHandler();
        ByteBuffer lent = ByteBuffer.wrap(unit.octets.clone());
        boolean taken = handler instanceof AheadOfStreamHandler willing
                && direction.receiver().onAhead(willing, unit.position, lent);
        direction.trace((taken ? "AHEAD " : "REFUSED ") + unit.number);
        if (taken && ahead.put(unit.position, unit) == null) {
            takenAhead++;
        } else if (!taken && !ahead.containsKey(unit.position)) {
            refused++;
            toResend.add(unit);
        }
    }

    /** The gap is closed up to this unit. */
    private void continueWith(Unit unit) {
        reached = unit.end();
        if (unit.length == 0) {
            direction.receiver().onFin();
        } else {
            direction.receiver().onSegment(unit.takeOctets());
        }
    }

    private void goOnOverWhatIsAhead() {
        for (Unit next = ahead.remove(reached); next != null; next = ahead.remove(reached)) {
            if (next.isFpdu()) {
                reached = next.end();
                next.takeOctets();
                direction.trace("REACHED " + next.number);
                direction.receiver().onReached(reached, next.length);
            } else {
                continueWith(next);
            }
        }
    }

    private void resend() {
        List<Unit> again = List.copyOf(toResend);
        toResend.clear();
        for (Unit unit : again) {
            travel(unit, options.resendNs());
        }
    }

    /** What travels in one piece. */
    private static final class Unit {
        private static final int NOT_AN_FPDU = -1;

        private final int number;
        private final long position;
        private final int length;
        private byte[] octets;
        private boolean everArrived;

        Unit(int number, long position, byte[] octets) {
            this.number = number;
            this.position = position;
            this.octets = octets;
            length = octets.length;
        }

        /** Returns the octets and forgets them: what comes again once the stream is past it is not looked at. */
        byte[] takeOctets() {
            byte[] taken = octets;
            octets = null;
            return taken;
        }

        boolean isFpdu() {
            return number != NOT_AN_FPDU;
        }

        long end() {
            return position + length;
        }
    }
}
