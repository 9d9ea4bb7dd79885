package io.verbena.testkit.walk;

import io.verbena.verbs.Device;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.STag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One of the two devices of a walk with its domains and memory, and the model of its table. */
final class WalkDevice {
    /**
     * What was prepared for the send queue, and what the model knows of it.
     *
     * @param tag the region or window
     * @param sequence how many were prepared for it, this one included
     * @param access what is posted
     * @param region what a window is to be bound to; null for a fast registration
     * @param regionAddress where in that region
     * @param incarnation what comes into force
     * @param words for the journal
     */
    record Prepared(
            ModelTag tag,
            int sequence,
            PreparedAccess access,
            ModelTag region,
            long regionAddress,
            ModelTag incarnation,
            String words) {}

    private static final int DOMAINS = 2;
    private static final int BLOCKS = 4;
    private static final int REMEMBERED = 12;

    final String name;
    final Device device;
    final List<ProtectionDomain> domains = new ArrayList<>();
    final List<ModelBlock> blocks = new ArrayList<>();
    final List<ModelTag> tags = new ArrayList<>();
    final Deque<Integer> oldStags = new ArrayDeque<>();
    final Deque<Prepared> prepared = new ArrayDeque<>();
    private final Map<Integer, ModelTag> byIndex = new HashMap<>();
    private final SplittableRandom random;

    WalkDevice(String name, Device device, SplittableRandom random) {
        this.name = name;
        this.device = device;
        this.random = random;
        for (int i = 0; i < DOMAINS; i++) {
            domains.add(device.allocateProtectionDomain());
        }
        for (int i = 0; i < BLOCKS; i++) {
            blocks.add(new ModelBlock(random, i % 2 == 0));
        }
    }

    ProtectionDomain domain(int number) {
        return domains.stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow();
    }

    ProtectionDomain anyDomain() {
        return domains.get(random.nextInt(DOMAINS));
    }

    ModelBlock anyBlock() {
        return blocks.get(random.nextInt(BLOCKS));
    }

    void add(ModelTag tag) {
        tags.add(tag);
        byIndex.put(STag.index(tag.stag), tag);
    }

    void remove(ModelTag tag) {
        tags.remove(tag);
        byIndex.remove(STag.index(tag.stag));
        tag.freed = true;
        remember(tag.stag);
    }

    void remember(int oldStag) {
        oldStags.add(oldStag);
        if (oldStags.size() > REMEMBERED) {
            oldStags.remove();
        }
    }

    void remember(Prepared next) {
        prepared.add(next);
        if (prepared.size() > REMEMBERED) {
            prepared.remove();
        }
    }

    /** Returns what an STag's index leads to, or null. */
    ModelTag at(int stag) {
        return byIndex.get(STag.index(stag));
    }

    /** Returns some region or window, or null if there is none. */
    ModelTag any() {
        return tags.isEmpty() ? null : tags.get(random.nextInt(tags.size()));
    }

    /** Returns an STag to use: mostly of something that lives, now and then an old one or one out of the air. */
    int anyStag() {
        int choice = random.nextInt(20);
        if (choice == 0) {
            return random.nextInt();
        }
        if (choice < 3 && !oldStags.isEmpty()) {
            return oldStags.stream()
                    .skip(random.nextInt(oldStags.size()))
                    .findFirst()
                    .orElseThrow();
        }
        ModelTag tag = any();
        return tag == null ? random.nextInt() : tag.stag;
    }

    /** The connection of {@code end} is over: windows that it alone could use are good for nothing. */
    void connectionEnded(WalkEnd end) {
        tags.stream().filter(tag -> tag.boundBy == end).toList().forEach(ModelTag::invalid);
    }

    /** Returns what differs from the model, or null. */
    String difference() {
        for (int i = 0; i < blocks.size(); i++) {
            int at = blocks.get(i).firstDifference();
            if (at >= 0) {
                return name + ": octet " + at + " of block " + i + " is not what the model says";
            }
        }
        for (ModelTag tag : tags) {
            MemorySnapshot found = tag.region != null ? tag.region.query() : tag.window.query();
            String wrong = tag.difference(found);
            if (wrong != null) {
                return name + ": " + tag.type + " " + STag.toString(tag.stag) + ": " + wrong + "; " + found;
            }
        }
        return null;
    }
}
