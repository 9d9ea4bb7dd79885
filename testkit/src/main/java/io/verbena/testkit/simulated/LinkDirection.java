package io.verbena.testkit.simulated;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * One direction of a simulated connection: what travels in it, and how a test meddles with that.
 *
 * <p>In order, octets travel in segments, none of which overtakes another or is lost. On a link with {@link OutOfOrder} the
 * MPA startup frame does too, and behind it each FPDU travels in one piece, on its own: {@link FpduTraffic}. FPDUs are
 * numbered from 0 in the order in which they were written.
 *
 * <p>Thread rule: the network's thread.
 */
public final class LinkDirection {
    private final SimulatedNetwork network;
    private final LinkOptions options;
    private final InetSocketAddress from;
    private final InetSocketAddress to;
    private final SplittableRandom random;
    private final FpduTraffic fpdus;
    private final Deque<Runnable> stalled = new ArrayDeque<>();
    private SimulatedStream sender;
    private SimulatedStream receiver;
    private LinkDirection opposite;
    private long sentOctets;
    private long takenOctets;
    private long lastArrivalNs;
    private boolean stall;
    private boolean broken;
    private long damageAt = -1;
    private int damagedBit;

    LinkDirection(SimulatedNetwork network, LinkOptions options, InetSocketAddress from, InetSocketAddress to) {
        this.network = network;
        this.options = options;
        this.from = from;
        this.to = to;
        random = network.newRandom();
        fpdus = options.outOfOrder() == null ? null : new FpduTraffic(this, options.outOfOrder(), random);
    }

    void join(SimulatedStream sendingEnd, SimulatedStream receivingEnd, LinkDirection other) {
        sender = sendingEnd;
        receiver = receivingEnd;
        opposite = other;
    }

    // ---- for tests ----

    /** Returns the octets that were sent in this direction, the MPA startup frame included. */
    public long sentOctets() {
        return sentOctets;
    }

    /** Holds up everything that is sent from now on, until {@link #resume()}; what is under way still arrives. */
    public void stall() {
        stall = true;
    }

    /** Ends {@link #stall()}. */
    public void resume() {
        stall = false;
        while (!stalled.isEmpty()) {
            travel(stalled.remove());
        }
    }

    /**
     * Flips a bit of an octet that was not sent yet, behind TCP's back.
     *
     * @param position which octet, as {@link #sentOctets()} counts: {@code sentOctets()} is the next one
     * @param bit 0 to 7
     */
    public void flipBit(long position, int bit) {
        if (position < sentOctets) {
            throw new IllegalArgumentException(
                    "octet " + position + " was sent already, the next one is " + sentOctets);
        }
        if (bit < 0 || bit > 7) {
            throw new IllegalArgumentException("bit " + bit + " must be 0 to 7");
        }
        damageAt = position;
        damagedBit = bit;
    }

    /**
     * Returns the script of the FPDUs in this direction.
     *
     * @throws IllegalStateException if the link is not {@link OutOfOrder}
     */
    public FpduTraffic fpdus() {
        if (fpdus == null) {
            throw new IllegalStateException("this link delivers in order: give it LinkOptions.withOutOfOrder");
        }
        return fpdus;
    }

    /** Holds back every FPDU that arrives from now on; short for {@code fpdus().holdBack()}. */
    public void holdBack() {
        fpdus().holdBack();
    }

    // ---- for the sending stream ----

    /** Returns how many octets the sender may write now. */
    int room() {
        return (int) Math.max(0, options.windowOctets() - (sentOctets - takenOctets));
    }

    void send(byte[] octets) {
        long position = sentOctets;
        sentOctets += octets.length;
        if (fpdus != null) {
            fpdus.send(position, octets);
            return;
        }
        for (int at = 0; at < octets.length; at += options.segmentOctets()) {
            sendInOrder(
                    position + at,
                    Arrays.copyOfRange(octets, at, Math.min(octets.length, at + options.segmentOctets())));
        }
    }

    /** Flips what a test, or chance, wants flipped in a segment that is about to travel. */
    void damage(long position, byte[] octets) {
        if (damageAt >= position && damageAt < position + octets.length) {
            octets[(int) (damageAt - position)] ^= (byte) (1 << damagedBit);
            damageAt = -1;
        }
        if (options.damagedPerMillion() > 0 && random.nextInt(1_000_000) < options.damagedPerMillion()) {
            octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    /** Sends a segment that arrives behind what was sent in order before. */
    void sendInOrder(long position, byte[] octets) {
        damage(position, octets);
        trace("SEG", position, octets);
        inOrder(() -> receiver.onSegment(octets));
    }

    void sendFin() {
        trace("FIN");
        if (fpdus != null) {
            fpdus.sendFin(sentOctets);
        } else {
            inOrder(receiver::onFin);
        }
    }

    /** Sends a reset, which overtakes nothing that was sent in order, and does not wait for FPDUs. */
    void sendReset() {
        trace("RST");
        inOrder(receiver::onReset);
    }

    /** Lets both ends of this direction hear of a reset that neither sent. */
    void breakOff() {
        broken = true;
        stalled.clear();
        stall = false;
        trace("BROKEN");
        network.agenda().traffic(options.latencyNs(), receiver::onReset);
    }

    /** Lets something arrive behind all that was sent in order before. */
    void inOrder(Runnable arrival) {
        if (stall) {
            stalled.add(arrival);
        } else {
            travel(arrival);
        }
    }

    private void travel(Runnable arrival) {
        long delayNs = options.latencyNs();
        if (options.jitterNs() > 0) {
            delayNs += random.nextLong(options.jitterNs() + 1);
        }
        if (options.stallsPerThousand() > 0 && random.nextInt(1000) < options.stallsPerThousand()) {
            delayNs += options.stallNs();
        }
        long nowNs = network.agenda().nowNs();
        lastArrivalNs = Math.max(lastArrivalNs, nowNs + delayNs);
        network.agenda().traffic(lastArrivalNs - nowNs, () -> {
            if (!broken) {
                arrival.run();
            }
        });
    }

    // ---- for the receiving stream ----

    /** So many octets were taken by the receiver: the sender hears of it. */
    void taken(long octets) {
        network.agenda().traffic(options.latencyNs(), () -> {
            takenOctets += octets;
            sender.onRoom();
        });
    }

    /** Returns how many octets the next read brings of {@code available} ones. */
    int portion(int available) {
        return options.readOctets() == 0 ? available : Math.min(available, 1 + random.nextInt(options.readOctets()));
    }

    /** Returns whether a read shall find nothing although there is something, as it may happen. */
    boolean readsNothing() {
        return options.readOctets() > 0 && random.nextInt(32) == 0;
    }

    // ---- for FpduTraffic ----

    SimulatedStream receiver() {
        return receiver;
    }

    LinkDirection opposite() {
        return opposite;
    }

    /** Returns the traffic of FPDUs, or null. */
    FpduTraffic traffic() {
        return fpdus;
    }

    /** Lets something arrive when its time has come, whatever else travels. */
    void arriveIn(long extraNs, Runnable arrival) {
        if (stall) {
            stalled.add(arrival);
            return;
        }
        network.agenda().traffic(options.latencyNs() + extraNs, () -> {
            if (!broken) {
                arrival.run();
            }
        });
    }

    /** Lets something happen now, once the call that is under way has returned. */
    void now(Runnable happening) {
        network.agenda().traffic(0, happening);
    }

    void trace(String what) {
        network.trace(from, to, what);
    }

    void trace(String what, long position, byte[] octets) {
        network.trace(from, to, what, position, octets);
    }
}
