package io.verbena.testkit.walk;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.Reregistration;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The verbs of a walk that change memory: carried out on the device and in the model. */
final class MemoryVerbs {
    private static final int MOST_TAGS = 24;
    private static final int PAGE = 4096;

    private final SplittableRandom random;
    private final WalkJournal journal;
    private final boolean oneTouchWindows;

    MemoryVerbs(SplittableRandom random, WalkJournal journal, boolean oneTouchWindows) {
        this.random = random;
        this.journal = journal;
        this.oneTouchWindows = oneTouchWindows;
    }

    /** Carries out some verb that takes effect at once. */
    void change(WalkDevice device) {
        if (device.tags.size() < MOST_TAGS / 2) {
            register(device);
            return;
        }
        switch (device.tags.size() >= MOST_TAGS ? 6 + random.nextInt(5) : random.nextInt(11)) {
            case 0, 1, 2 -> register(device);
            case 3 -> share(device);
            case 4 -> allocateRegion(device);
            case 5, 6 -> allocateWindow(device);
            case 7, 8 -> reregister(device);
            default -> close(device);
        }
    }

    // ---- registering ----

    private void register(WalkDevice device) {
        ProtectionDomain domain = device.anyDomain();
        Memory memory = memory(device);
        RegionOptions options = options();
        MemoryRegion region = domain.register(memory.part(), options);
        ModelTag tag = new ModelTag(region, domain.number());
        tag.inForce = ++tag.prepared;
        tag.remoteAccess = options.access().stream().anyMatch(ModelTag::remote);
        tag.reservedPages = pages(region.startAddress(), memory.length);
        place(tag, memory, options, region.startAddress());
        device.add(tag);
        journal.line(device.name + " registers " + words(tag));
    }

    private void share(WalkDevice device) {
        ModelTag existing = device.any();
        if (existing.region == null || existing.oneTouch) {
            return;
        }
        ProtectionDomain domain = device.anyDomain();
        RegionOptions options = RegionOptions.defaults().withExactAccess(rights());
        if (!existing.valid) {
            requireRefused(IllegalStateException.class, () -> domain.registerShared(existing.region, options));
            return;
        }
        MemoryRegion region = domain.registerShared(existing.region, options);
        ModelTag tag = new ModelTag(region, domain.number());
        tag.inForce = ++tag.prepared;
        tag.remoteAccess = options.access().stream().anyMatch(ModelTag::remote);
        tag.reservedPages = 0;
        place(tag, new Memory(existing.block, existing.blockOffset, existing.length), options, region.startAddress());
        Set<ModelTag> sharers = existing.shared ? existing.sharers : new LinkedHashSet<>(List.of(existing));
        sharers.add(tag);
        existing.shared = true;
        existing.sharers = sharers;
        tag.shared = true;
        tag.sharers = sharers;
        tag.reservedPages = region.query().reservedPages();
        device.add(tag);
        journal.line(device.name + " shares " + STag.toString(existing.stag) + " as " + words(tag));
    }

    private void allocateRegion(WalkDevice device) {
        ProtectionDomain domain = device.anyDomain();
        boolean remote = random.nextInt(4) > 0;
        int pages = 1 + random.nextInt(2);
        ModelTag tag = new ModelTag(domain.allocateRegion(pages, remote), domain.number());
        tag.remoteAccess = remote;
        tag.reservedPages = pages;
        device.add(tag);
        journal.line(device.name + " allocates a region " + STag.toString(tag.stag) + ", remote access " + remote);
    }

    private void allocateWindow(WalkDevice device) {
        ProtectionDomain domain = device.anyDomain();
        WindowType type = random.nextBoolean() ? WindowType.QUEUE_PAIR : WindowType.PROTECTION_DOMAIN;
        ModelTag tag = new ModelTag(domain.allocateWindow(type), domain.number());
        device.add(tag);
        journal.line(device.name + " allocates a window " + STag.toString(tag.stag) + " of type " + type);
    }

    private void reregister(WalkDevice device) {
        ModelTag tag = device.any();
        if (tag.region == null) {
            return;
        }
        int what = 1 + random.nextInt(7);
        Memory memory = (what & 1) == 0 ? null : memory(device);
        Set<AccessFlag> rights = (what & 2) == 0 ? null : rights();
        ProtectionDomain domain = (what & 4) == 0 ? null : device.anyDomain();
        RegionOptions layout = options().withOneTouch(false);
        Reregistration change = null;
        if (memory != null) {
            change = Reregistration.memory(List.of(memory.part()), layout);
        }
        if (rights != null) {
            AccessFlag[] flags = rights.toArray(new AccessFlag[0]);
            change = change == null ? Reregistration.access(flags) : change.withAccess(flags);
        }
        if (domain != null) {
            change = change == null ? Reregistration.protectionDomain(domain) : change.withProtectionDomain(domain);
        }
        Reregistration wish = change;
        journal.line(device.name + " reregisters " + words(tag));
        if (tag.boundWindows > 0 && !tag.shared) {
            requireRefused(ResourceInUseException.class, () -> tag.region.reregister(wish));
            return;
        }
        if (tag.shared || (!tag.valid && memory == null)) {
            requireRefused(IllegalStateException.class, () -> tag.region.reregister(wish));
            return;
        }
        if (!tag.valid && rights == null) {
            // Memory without rights: a region that was never valid has none to keep.
            return;
        }
        if (memory == null && tag.oneTouch && rights != null && rights.contains(AccessFlag.WINDOW_BIND)) {
            requireRefused(IllegalArgumentException.class, () -> tag.region.reregister(wish));
            return;
        }
        tag.region.reregister(wish);
        device.remember(tag.stag);
        if (tag.inForce > 0 && tag.stag == tag.region.stag()) {
            throw new AssertionError("a reregistered region kept its STag " + STag.toString(tag.stag));
        }
        tag.inForce = ++tag.prepared;
        Set<AccessFlag> kept = tag.rights;
        if (rights != null) {
            kept = EnumSet.of(AccessFlag.LOCAL_READ);
            kept.addAll(rights);
            tag.remoteAccess = kept.stream().anyMatch(ModelTag::remote);
        }
        if (domain != null) {
            tag.domain = domain.number();
        }
        if (memory != null) {
            place(tag, memory, layout.withExactAccess(kept), tag.region.startAddress());
            tag.reservedPages = Math.max(tag.reservedPages, pages(tag.start, tag.length));
        }
        tag.rights = kept;
        tag.stag = tag.region.stag();
    }

    // ---- what the send queue carries out ----

    /** Prepares a fast registration or a binding, or returns one prepared before; null if there is nothing to do it with. */
    WalkDevice.Prepared prepare(WalkEnd end) {
        WalkDevice device = end.device;
        if (random.nextInt(6) == 0 && !device.prepared.isEmpty()) {
            return device.prepared.stream()
                    .skip(random.nextInt(device.prepared.size()))
                    .findFirst()
                    .orElseThrow();
        }
        ModelTag tag = candidate(end);
        if (tag == null || tag.shared) {
            return null;
        }
        return tag.type == EntryType.REGION ? prepareRegistration(device, tag) : prepareBinding(device, tag);
    }

    /** Returns some region or window, mostly one that {@code end} may make valid. */
    private ModelTag candidate(WalkEnd end) {
        List<ModelTag> fitting = end.device.tags.stream()
                .filter(tag -> tag.domain == end.domain() && !tag.valid && !tag.shared)
                .toList();
        boolean any = fitting.isEmpty() || random.nextInt(4) == 0;
        return any ? end.device.any() : fitting.get(random.nextInt(fitting.size()));
    }

    private WalkDevice.Prepared prepareRegistration(WalkDevice device, ModelTag tag) {
        Memory memory = memory(device);
        RegionOptions options = options();
        FastRegistration access = tag.region.fastRegistration(List.of(memory.part()), options);
        ModelTag incarnation = new ModelTag(tag.region, tag.domain);
        place(incarnation, memory, options, access.startAddress());
        incarnation.stag = access.stag();
        WalkDevice.Prepared prepared = new WalkDevice.Prepared(
                tag, ++tag.prepared, access, null, 0, incarnation, "fast registration " + words(incarnation));
        device.remember(prepared);
        return prepared;
    }

    private WalkDevice.Prepared prepareBinding(WalkDevice device, ModelTag tag) {
        List<ModelTag> regions = new ArrayList<>(device.tags.stream()
                .filter(each -> each.region != null && each.length > 0)
                .toList());
        if (random.nextInt(4) > 0) {
            regions.removeIf(each -> !each.valid
                    || each.zeroBased
                    || each.domain != tag.domain
                    || !each.rights.containsAll(Set.of(AccessFlag.WINDOW_BIND, AccessFlag.LOCAL_WRITE)));
        }
        if (regions.isEmpty()) {
            return null;
        }
        ModelTag region = regions.get(random.nextInt(regions.size()));
        int offset = random.nextInt(region.length);
        int length = random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(region.length - offset + random.nextInt(3));
        Set<AccessFlag> rights = EnumSet.noneOf(AccessFlag.class);
        rights.add(random.nextBoolean() ? AccessFlag.REMOTE_WRITE : AccessFlag.REMOTE_READ);
        if (random.nextInt(3) == 0) {
            rights.add(AccessFlag.REMOTE_ATOMIC);
        }
        boolean zeroBased = random.nextInt(3) == 0;
        AccessFlag[] flags = rights.toArray(new AccessFlag[0]);
        WindowBinding access = zeroBased
                ? tag.window.zeroBasedBinding(region.region, offset, length, flags)
                : tag.window.binding(region.region, offset, length, flags);
        ModelTag incarnation = new ModelTag(tag.window, tag.domain);
        incarnation.stag = access.stag();
        incarnation.start = access.startAddress();
        incarnation.length = length;
        incarnation.rights = rights;
        incarnation.oneTouch = oneTouchWindows;
        WalkDevice.Prepared prepared = new WalkDevice.Prepared(
                tag,
                ++tag.prepared,
                access,
                region,
                region.start + offset,
                incarnation,
                "binding " + words(incarnation) + " of type " + tag.windowType + " to " + STag.toString(region.stag)
                        + "+" + offset);
        device.remember(prepared);
        return prepared;
    }

    /** Returns why {@code end} may not do what was prepared, or null. */
    static FailedCheck check(WalkDevice.Prepared prepared, WalkEnd end) {
        return prepared.region() == null ? checkRegistration(prepared, end) : checkBinding(prepared, end);
    }

    private static FailedCheck checkRegistration(WalkDevice.Prepared prepared, WalkEnd end) {
        ModelTag tag = prepared.tag();
        if (!end.queuePair.options().fastRegisterAllowed()) {
            return FailedCheck.FAST_REGISTER_NOT_ENABLED;
        }
        if (tag.freed) {
            return FailedCheck.ENTRY_VALID;
        }
        if (tag.shared) {
            return FailedCheck.ENTRY_SHARED;
        }
        if (prepared.sequence() <= tag.inForce) {
            return FailedCheck.TAG_INSTANCE;
        }
        if (tag.domain != end.domain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        if (tag.valid) {
            return FailedCheck.ENTRY_NOT_INVALID;
        }
        ModelTag next = prepared.incarnation();
        if (pages(next.start, next.length) > tag.reservedPages) {
            return FailedCheck.PAGE_LIST_ROOM;
        }
        boolean remote = next.rights.stream().anyMatch(ModelTag::remote);
        return remote && !tag.remoteAccess ? FailedCheck.REMOTE_ACCESS_NOT_RESERVED : null;
    }

    private static FailedCheck checkBinding(WalkDevice.Prepared prepared, WalkEnd end) {
        ModelTag tag = prepared.tag();
        ModelTag next = prepared.incarnation();
        ModelTag region = prepared.region();
        if (!end.queuePair.options().windowBindAllowed()) {
            return FailedCheck.BIND_NOT_ENABLED;
        }
        if (tag.freed) {
            return FailedCheck.ENTRY_VALID;
        }
        if (prepared.sequence() <= tag.inForce) {
            return FailedCheck.TAG_INSTANCE;
        }
        if (tag.windowType == WindowType.QUEUE_PAIR && tag.valid) {
            return FailedCheck.ENTRY_NOT_INVALID;
        }
        if (unbinds(prepared)) {
            return tag.domain == end.domain() ? null : FailedCheck.PROTECTION_DOMAIN;
        }
        if (region.freed || !region.valid) {
            return FailedCheck.ENTRY_VALID;
        }
        if (!region.rights.contains(AccessFlag.WINDOW_BIND)) {
            return FailedCheck.WINDOW_BIND_RIGHT;
        }
        if (region.zeroBased) {
            return FailedCheck.ZERO_BASED_REGION;
        }
        if (tag.domain != end.domain() || region.domain != end.domain()) {
            return FailedCheck.PROTECTION_DOMAIN;
        }
        long offset = prepared.regionAddress() - region.start;
        if (offset < 0 || offset + next.length > region.length) {
            return FailedCheck.BASE_AND_BOUNDS;
        }
        return granted(next.rights, region.rights) ? null : FailedCheck.WINDOW_RIGHTS;
    }

    private static boolean unbinds(WalkDevice.Prepared prepared) {
        return prepared.incarnation().length == 0 && prepared.tag().windowType == WindowType.PROTECTION_DOMAIN;
    }

    private static boolean granted(Set<AccessFlag> asked, Set<AccessFlag> local) {
        boolean writes = asked.contains(AccessFlag.REMOTE_WRITE) || asked.contains(AccessFlag.REMOTE_ATOMIC);
        return (!asked.contains(AccessFlag.REMOTE_READ) || local.contains(AccessFlag.LOCAL_READ))
                && (!writes || local.contains(AccessFlag.LOCAL_WRITE));
    }

    /** The model: what was prepared and passed its checks comes into force. */
    static void carryOut(WalkDevice.Prepared prepared, WalkEnd end) {
        ModelTag tag = prepared.tag();
        ModelTag next = prepared.incarnation();
        end.device.remember(tag.stag);
        tag.invalid();
        tag.inForce = prepared.sequence();
        tag.stag = next.stag;
        tag.usedUp = false;
        if (prepared.region() != null && unbinds(prepared)) {
            return;
        }
        tag.valid = true;
        tag.start = next.start;
        tag.length = next.length;
        tag.rights = next.rights;
        tag.oneTouch = next.oneTouch;
        tag.zeroBased = next.zeroBased;
        if (prepared.region() == null) {
            tag.block = next.block;
            tag.blockOffset = next.blockOffset;
            return;
        }
        ModelTag region = prepared.region();
        tag.block = region.block;
        tag.blockOffset = region.blockOffset + (int) (prepared.regionAddress() - region.start);
        tag.boundTo = region;
        tag.boundBy = tag.windowType == WindowType.QUEUE_PAIR ? end : null;
        region.boundWindows++;
    }

    // ---- closing ----

    private void close(WalkDevice device) {
        ModelTag tag = device.any();
        journal.line(device.name + " closes " + words(tag));
        if (tag.boundWindows > 0) {
            requireRefused(ResourceInUseException.class, tag.region::close);
            return;
        }
        closeNow(device, tag);
    }

    private static void closeNow(WalkDevice device, ModelTag tag) {
        if (tag.region != null) {
            tag.region.close();
            if (tag.shared) {
                tag.sharers.remove(tag);
            }
        } else {
            tag.window.close();
        }
        tag.invalid();
        device.remove(tag);
    }

    /** Closes all that is left. */
    void closeAll(WalkDevice device) {
        device.tags.stream().filter(tag -> tag.window != null).toList().forEach(tag -> closeNow(device, tag));
        List.copyOf(device.tags).forEach(tag -> closeNow(device, tag));
    }

    // ---- what registrations are made of ----

    private record Memory(ModelBlock block, int offset, int length) {
        ByteBuffer part() {
            return block.part(offset, length);
        }
    }

    private Memory memory(WalkDevice device) {
        int length = 8 + random.nextInt(random.nextBoolean() ? PAGE - 8 : 1000);
        return new Memory(device.anyBlock(), random.nextInt(ModelBlock.OCTETS - length), length);
    }

    private RegionOptions options() {
        Set<AccessFlag> rights = rights();
        boolean oneTouch = random.nextInt(5) == 0;
        if (oneTouch) {
            // Windows over memory that is good for one message are refused.
            rights.remove(AccessFlag.WINDOW_BIND);
        }
        RegionOptions options = RegionOptions.defaults().withExactAccess(rights).withOneTouch(oneTouch);
        return switch (random.nextInt(5)) {
            case 0 -> options.withZeroBase();
            case 1 -> options.withStartAddress(0x7000_0000_0000L + random.nextInt(1 << 20));
            default -> options;
        };
    }

    private Set<AccessFlag> rights() {
        Set<AccessFlag> rights = EnumSet.of(AccessFlag.LOCAL_READ);
        if (random.nextInt(4) > 0) {
            rights.add(AccessFlag.LOCAL_WRITE);
            if (random.nextBoolean()) {
                rights.add(AccessFlag.REMOTE_WRITE);
            }
            if (random.nextInt(3) == 0) {
                rights.add(AccessFlag.REMOTE_ATOMIC);
            }
        }
        if (random.nextBoolean()) {
            rights.add(AccessFlag.REMOTE_READ);
        }
        if (random.nextBoolean()) {
            rights.add(AccessFlag.WINDOW_BIND);
        }
        return rights;
    }

    private static void place(ModelTag tag, Memory memory, RegionOptions options, long start) {
        tag.valid = true;
        tag.usedUp = false;
        tag.start = start;
        tag.length = memory.length;
        tag.rights = options.access();
        tag.oneTouch = options.oneTouch();
        tag.zeroBased = options.base() == RegionOptions.Base.ZERO;
        tag.block = memory.block;
        tag.blockOffset = memory.offset;
    }

    private static long pages(long start, int length) {
        return (start % PAGE + length - 1) / PAGE + 1;
    }

    private static String words(ModelTag tag) {
        return tag.type + " " + STag.toString(tag.stag) + (tag.valid ? " valid" : " invalid") + " domain " + tag.domain
                + " start 0x" + Long.toHexString(tag.start) + " length " + tag.length + " " + tag.rights
                + (tag.oneTouch ? " one-touch" : "") + (tag.shared ? " shared" : "");
    }

    private static void requireRefused(Class<? extends RuntimeException> as, Runnable verb) {
        try {
            verb.run();
        } catch (RuntimeException refused) {
            if (as.isInstance(refused)) {
                return;
            }
            throw refused;
        }
        throw new AssertionError("the model has a refusal by " + as.getSimpleName() + ", the verb was carried out");
    }
}
