package io.verbena.ddp;

import io.verbena.mpa.FpduCrc;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The layer above DDP: has a buffer of a given size for every untagged message, and one place for tagged payload. */
final class RecordingUlp implements DdpUlp, PlacementTarget {
    /** What happened, in order: {@code begin q0 m1}, {@code place 5}, {@code deliver q0 m1 5}, {@code error ROW}. */
    final List<String> log = new ArrayList<>();

    final ByteArrayOutputStream placed = new ByteArrayOutputStream();
    long room = 1000;
    boolean welcome = true;
    boolean resolves = true;
    boolean placesPayload = true;
    boolean goesOn = true;
    ByteBuffer lentOut;

    /** What was reserved for the layer above in the message that was delivered last. */
    int deliveredControl;

    int deliveredWord;

    private static String name(DdpSegment segment) {
        return segment.tagged()
                ? "tagged " + Integer.toHexString(segment.stag())
                : "q" + segment.queueNumber() + " m" + Integer.toUnsignedString(segment.messageSequenceNumber());
    }

    @Override
    public boolean onSegmentHeader(DdpSegment segment, ByteBuffer lent, int offset, int available) {
        return welcome;
    }

    @Override
    public PlacementTarget resolveTagged(DdpSegment segment) {
        log.add("resolve " + name(segment));
        return resolves ? this : null;
    }

    @Override
    public long onMessageBegin(DdpSegment segment) {
        log.add("begin " + name(segment));
        return room;
    }

    @Override
    public PlacementTarget resolveUntagged(DdpSegment segment) {
        return resolves ? this : null;
    }

    @Override
    public boolean onDelivered(DdpSegment segment, long messageOctets) {
        log.add("deliver " + name(segment) + " " + messageOctets);
        deliveredControl = segment.ulpControl();
        deliveredWord = segment.ulpWord();
        return goesOn;
    }

    @Override
    public void onSegmentPlaced(DdpSegment segment) {
        log.add("placed " + segment.payloadOctets());
    }

    @Override
    public void onSegmentError(DdpError error, DdpSegment segment) {
        log.add("error " + error);
    }

    @Override
    public void onMessageCutShort(DdpSegment segment) {
        log.add("cut short by " + name(segment));
    }

    @Override
    public boolean place(ByteBuffer lent, int offset, int octets) {
        byte[] copy = new byte[octets];
        lent.get(offset, copy);
        placed.writeBytes(copy);
        return placesPayload;
    }

    @Override
    public void skip(int octets) {
        log.add("skip " + octets);
    }

    @Override
    public int targets(ByteBuffer[] lent, int from, int limit, int octets) {
        if (!placesPayload) {
            return -1;
        }
        lentOut = ByteBuffer.allocate(octets);
        lent[from] = lentOut;
        return 1;
    }

    @Override
    public void placed(int octets, FpduCrc crc) {
        placed.write(lentOut.array(), 0, octets);
        lentOut = null;
    }
}
