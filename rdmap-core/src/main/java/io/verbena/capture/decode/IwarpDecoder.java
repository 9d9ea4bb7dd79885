package io.verbena.capture.decode;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes the iWARP connections of a capture file.
 *
 * <p>Every TCP connection becomes a conversation; one that does not speak MPA says so in
 * {@link IwarpConversation#trouble()}. A connection has to be captured from its beginning, because what both ends agreed
 * on is in its first octets.
 *
 * <p>Memory is bounded, but for the frames that are kept without a {@link FrameListener}: beyond {@value #MAX_CONNECTIONS}
 * connections, or {@value #MAX_HELD_OCTETS} octets that wait for others, the connection that began first is forgotten. Used by
 * one thread.
 */
public final class IwarpDecoder {
    /** Connections that are remembered. */
    static final int MAX_CONNECTIONS = 1 << 15;

    /** Octets that wait for the rest of their frame, or for others before them. */
    static final int MAX_HELD_OCTETS = 1 << 26;

    private final ArrayDeque<IwarpConversation> conversations = new ArrayDeque<>();
    private final Map<Set<InetSocketAddress>, IwarpConversation> current = new HashMap<>();

    private final FrameListener listener;
    private int connections;
    private long heldOctets;

    /** Creates a decoder that has seen nothing and keeps the frames of each conversation. */
    public IwarpDecoder() {
        this(null);
    }

    /**
     * Creates a decoder that has seen nothing and keeps no frames.
     *
     * @param listener takes the frames as they come
     */
    public IwarpDecoder(FrameListener listener) {
        this.listener = listener;
    }

    /**
     * Decodes a whole file.
     *
     * @param file pcap or pcapng
     * @return its connections, in the order in which they began
     * @throws IOException if the file cannot be read, is no capture file or ends within a packet
     */
    public static List<IwarpConversation> decode(Path file) throws IOException {
        IwarpDecoder decoder = new IwarpDecoder();
        try (InputStream octets = new BufferedInputStream(Files.newInputStream(file))) {
            PacketReader packets = PacketReader.of(octets);
            CapturedPacket packet = packets.next();
            while (packet != null) {
                decoder.onPacket(packet);
                packet = packets.next();
            }
        }
        return decoder.conversations();
    }

    /**
     * Takes the next packet; one that is not TCP is ignored.
     *
     * @param packet the packet
     */
    public void onPacket(CapturedPacket packet) {
        TcpSegment segment = TcpSegment.of(packet);
        if (segment == null) {
            return;
        }
        Set<InetSocketAddress> ends = ends(segment.source(), segment.destination());
        boolean opens = segment.syn() && !segment.acknowledgement();
        IwarpConversation conversation = current.get(ends);
        // A repeated SYN belongs to the connection it opened; one on used ports opens the next.
        if (conversation == null || (opens && !conversation.silent())) {
            connections++;
            conversation = new IwarpConversation(connections, segment.source(), segment.destination(), listener);
            conversations.add(conversation);
            current.put(ends, conversation);
        }
        heldOctets -= conversation.heldOctets();
        conversation.onSegment(segment);
        heldOctets += conversation.heldOctets();
        while (conversations.size() > MAX_CONNECTIONS || (heldOctets > MAX_HELD_OCTETS && conversations.size() > 1)) {
            forgetFirst();
        }
    }

    /** One or two addresses: a machine may have connected a port to itself. */
    private static Set<InetSocketAddress> ends(InetSocketAddress one, InetSocketAddress other) {
        return Set.copyOf(List.of(one, other));
    }

    private void forgetFirst() {
        IwarpConversation first = conversations.remove();
        heldOctets -= first.heldOctets();
        current.remove(ends(first.opener(), first.acceptor()), first);
        if (listener != null) {
            listener.onForgotten(first);
        }
    }

    /**
     * What was seen so far, and is not forgotten.
     *
     * @return the connections, in the order in which they began
     */
    public List<IwarpConversation> conversations() {
        return List.copyOf(conversations);
    }
}
