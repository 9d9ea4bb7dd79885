package io.verbena.capture.decode;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decodes the iWARP connections of a capture file.
 *
 * <p>Every TCP connection becomes a conversation; one that does not speak MPA says so in
 * {@link IwarpConversation#trouble()}. A connection has to be captured from its beginning, because what both ends agreed
 * on is in its first octets. Used by one thread.
 */
public final class IwarpDecoder {
    private final List<IwarpConversation> conversations = new ArrayList<>();
    private final Map<Set<InetSocketAddress>, IwarpConversation> current = new HashMap<>();

    private final FrameListener listener;

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
        Set<InetSocketAddress> ends = Set.copyOf(List.of(segment.source(), segment.destination()));
        boolean opens = segment.syn() && !segment.acknowledgement();
        IwarpConversation conversation = current.get(ends);
        // A repeated SYN belongs to the connection it opened; one on used ports opens the next.
        if (conversation == null || (opens && !conversation.silent())) {
            conversation =
                    new IwarpConversation(conversations.size() + 1, segment.source(), segment.destination(), listener);
            conversations.add(conversation);
            current.put(ends, conversation);
        }
        conversation.onSegment(segment);
    }

    /**
     * What was seen so far.
     *
     * @return the connections, in the order in which they began
     */
    public List<IwarpConversation> conversations() {
        return List.copyOf(conversations);
    }
}
