package io.verbena.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/** What kinds of buffers a region is made of. */
enum RegionShape {
    ONE_DIRECT {
        @Override
        List<ByteBuffer> buffers(int octets, RandomGenerator random) {
            return List.of(ByteBuffer.allocateDirect(octets));
        }
    },
    ONE_HEAP {
        @Override
        List<ByteBuffer> buffers(int octets, RandomGenerator random) {
            return List.of(ByteBuffer.allocate(octets));
        }
    },
    WHOLE_PAGES {
        @Override
        List<ByteBuffer> buffers(int octets, RandomGenerator random) {
            return cut(octets, () -> 4096 * random.nextInt(1, 60), ByteBuffer::allocateDirect);
        }
    },
    ODD_LENGTHS {
        @Override
        List<ByteBuffer> buffers(int octets, RandomGenerator random) {
            return cut(octets, () -> random.nextInt(1, 200_000), length -> part(length, random));
        }
    },
    CRUMBS {
        @Override
        List<ByteBuffer> buffers(int octets, RandomGenerator random) {
            return cut(octets, () -> random.nextInt(1, 2000), length -> part(length, random));
        }
    };

    abstract List<ByteBuffer> buffers(int octets, RandomGenerator random);

    /** A heap or direct buffer that is only part of its memory: position, limit and capacity all differ. */
    private static ByteBuffer part(int length, RandomGenerator random) {
        int before = random.nextInt(20);
        int whole = before + length + random.nextInt(20);
        ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(whole) : ByteBuffer.allocateDirect(whole);
        return buffer.position(before).limit(before + length);
    }

    private static List<ByteBuffer> cut(int octets, IntSupplier lengths, IntFunction<ByteBuffer> allocate) {
        List<ByteBuffer> buffers = new ArrayList<>();
        buffers.add(ByteBuffer.allocate(0));
        int left = octets;
        while (left > 0) {
            int length = Math.min(left, lengths.getAsInt());
            buffers.add(allocate.apply(length));
            left -= length;
        }
        return buffers;
    }
}
