package io.verbena.examples.info;

import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.DeviceLimits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** What can be said of a device and of what it stands on: sections of names and values, in the order to show them. */
final class DeviceFacts {
    private DeviceFacts() {}

    static Map<String, Map<String, Object>> of(DeviceAttributes device) {
        Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
        sections.put("device", deviceSection(device));
        sections.put("limits", limits(device.limits()));
        sections.put("machine", machine());
        return sections;
    }

    private static Map<String, Object> deviceSection(DeviceAttributes device) {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("name", device.name());
        section.put("provider", device.provider());
        section.put("version", device.version());
        section.put("transport", device.transport());
        section.put("progress", device.callerDriven() ? "on the caller's thread" : "in the background");
        section.put("eventLoops", device.eventLoops());
        return section;
    }

    /** Every limit there is, also those that are added later. */
    private static Map<String, Object> limits(DeviceLimits limits) {
        Map<String, Object> section = new LinkedHashMap<>();
        for (RecordComponent limit : DeviceLimits.class.getRecordComponents()) {
            try {
                section.put(limit.getName(), limit.getAccessor().invoke(limits));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new LinkageError("accessors of a public record can be called", e);
            }
        }
        return section;
    }

    private static Map<String, Object> machine() {
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("java", System.getProperty("java.version"));
        section.put("jvm", System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor"));
        section.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        section.put("architecture", System.getProperty("os.arch"));
        section.put("processors", Runtime.getRuntime().availableProcessors());
        section.put("maxHeapOctets", Runtime.getRuntime().maxMemory());
        return section;
    }
}
