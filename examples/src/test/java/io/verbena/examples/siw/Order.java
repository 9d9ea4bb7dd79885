package io.verbena.examples.siw;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;

/**
 * A message to the peer: what it shall do before it answers. Encoded as {@code struct order} of {@code orders.h}.
 *
 * @param memory what it shall use, or whose STag it shall invalidate
 * @param writeOctets octets that it Writes, sends, exposes, compares or takes
 * @param readOctets octets that it Reads behind those it wrote, and compares with the pattern of {@code seed + 1}
 * @param back how it sends what goes back
 * @param offset where in its own memory
 * @param count how many Reads, or operations
 * @param rights of the memory that it exposes, the sum of the constants
 * @param way how it ends the connection
 */
record Order(
        Kind kind,
        RemoteRegion memory,
        int writeOctets,
        int readOctets,
        int seed,
        SendKind back,
        int offset,
        int count,
        int rights,
        Way way) {
    static final int ENCODED_OCTETS = 48;
    static final int MAY_WRITE = 1;
    static final int MAY_READ = 2;
    /** It belongs to another protection domain than the connection. */
    static final int FOREIGN = 4;
    /** It begins with STags of further memory, good for being invalidated. */
    static final int VICTIMISED = 8;

    /** What it uses of its own is shorter than what it is used for. */
    private static final int SHORT_OF_MEMORY = 16;

    private static final RemoteRegion NOWHERE = new RemoteRegion(0, 0, 0);

    /** What it is about; the codes begin with 1. */
    enum Kind {
        USE,
        EXPOSE,
        COMPARE,
        TAKE,
        GIVE,
        END,
        DESCRIBE,
        WITHHOLD,
        MIX
    }

    /** How siw ends a connection. */
    enum Way {
        /** As {@code rdma_disconnect} does. */
        DISCONNECT,
        /** The queue pair is moved to Error. */
        BREAK,
        /** The program ends. */
        EXIT
    }

    private static Order of(Kind kind, RemoteRegion memory) {
        return new Order(kind, memory, 0, 0, 0, SendKind.PLAIN, 0, 0, 0, Way.DISCONNECT);
    }

    private Order with(int write, int read, int patternSeed) {
        return new Order(kind, memory, write, read, patternSeed, back, offset, count, rights, way);
    }

    Order withOffset(int next) {
        return new Order(kind, memory, writeOctets, readOctets, seed, back, next, count, rights, way);
    }

    Order withBack(SendKind next) {
        return new Order(kind, memory, writeOctets, readOctets, seed, next, offset, count, rights, way);
    }

    Order withCount(int next) {
        return new Order(kind, memory, writeOctets, readOctets, seed, back, offset, next, rights, way);
    }

    Order withTooLittleMemory() {
        return withRights(SHORT_OF_MEMORY);
    }

    private Order withRights(int next) {
        return new Order(kind, memory, writeOctets, readOctets, seed, back, offset, count, next, way);
    }

    private Order withWay(Way next) {
        return new Order(kind, memory, writeOctets, readOctets, seed, back, offset, count, rights, next);
    }

    /** Writes all of {@code memory} and answers. */
    static Order write(RemoteRegion memory, int seed) {
        return use(memory, (int) memory.lengthOctets(), 0, seed);
    }

    /** Reads all of {@code memory}, which holds the pattern of {@code seed + 1}, and answers. */
    static Order read(RemoteRegion memory, int seed) {
        return use(memory, 0, (int) memory.lengthOctets(), seed).withCount(1);
    }

    static Order use(RemoteRegion memory, int writeOctets, int readOctets, int seed) {
        return of(Kind.USE, memory).with(writeOctets, readOctets, seed);
    }

    /** Registers {@code octets} octets that hold the pattern of {@code seed}, with both remote rights, and tells of them. */
    static Order expose(int octets, int seed) {
        return expose(octets, seed, MAY_READ | MAY_WRITE);
    }

    static Order expose(int octets, int seed, int rights) {
        return of(Kind.EXPOSE, NOWHERE).with(octets, 0, seed).withRights(rights);
    }

    /**
     * Counts the octets of the exposed memory that are not those of the pattern, from {@code offset} on, or elsewhere not those
     * that it was exposed with; and gives it those back.
     */
    static Order compare(int offset, int octets, int seed) {
        return of(Kind.COMPARE, NOWHERE).with(octets, 0, seed).withOffset(offset);
    }

    /** The next message is one of {@code octets} octets with the pattern of {@code seed}. */
    static Order take(int octets, int seed) {
        return of(Kind.TAKE, NOWHERE).with(octets, 0, seed);
    }

    /** Sends {@code octets} octets with the pattern of {@code seed}, maybe invalidating {@code revoked}, and then answers. */
    static Order give(int octets, int seed, SendKind kind, RemoteRegion revoked) {
        return of(Kind.GIVE, revoked).with(octets, 0, seed).withBack(kind);
    }

    /** Begins {@code count} Writes and Reads of {@code memory} by turns, and ends the connection at once. */
    static Order end(Way way, RemoteRegion memory, int count) {
        return of(Kind.END, memory)
                .with((int) memory.lengthOctets(), 0, 0)
                .withCount(count)
                .withWay(way);
    }

    static Order end(Way way) {
        return end(way, NOWHERE, 0);
    }

    /** Says what the ends agreed on. */
    static Order describe() {
        return of(Kind.DESCRIBE, NOWHERE);
    }

    /** Posts no receive any more. */
    static Order withhold() {
        return of(Kind.WITHHOLD, NOWHERE);
    }

    /** Begins operations of its own in our arena: see {@link MixedOperations}. */
    static Order mix(RemoteRegion arena, int count, int seed) {
        return of(Kind.MIX, arena).with(0, 0, seed).withCount(count);
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(ENCODED_OCTETS)
                .putLong(memory.address())
                .putInt(kind.ordinal() + 1)
                .putInt(memory.stag())
                .putInt(writeOctets)
                .putInt(readOctets)
                .putInt(seed)
                .putInt(back.ordinal())
                .putInt(offset)
                .putInt(count)
                .putInt(rights)
                .putInt(way.ordinal())
                .flip();
    }
}
