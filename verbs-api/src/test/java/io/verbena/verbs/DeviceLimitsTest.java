package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceLimitsTest {
    static Stream<String> names() {
        return Arrays.stream(DeviceLimits.class.getRecordComponents()).map(RecordComponent::getName);
    }

    @ParameterizedTest
    @MethodSource("names")
    void eachLimitIsAtLeastOneAndNamedWhenItIsNot(String name) {
        assertThatThrownBy(() -> with(name, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("0");
        assertThatThrownBy(() -> with(name, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readDepthsFitOnTheWire() throws Throwable {
        assertThat(with("maxInboundReadDepth", DeviceLimits.MAX_WIRE_READ_DEPTH).maxInboundReadDepth())
                .isEqualTo(16_382);
        assertThatThrownBy(() -> with("maxOutboundReadDepth", DeviceLimits.MAX_WIRE_READ_DEPTH + 1))
                .hasMessage("maxOutboundReadDepth 16383 must be 1 to 16382");
    }

    @Test
    void regionsFitIntoTheTagIndex() {
        assertThatThrownBy(() -> with("maxRegions", STag.MAX_INDEX + 1))
                .hasMessage("maxRegions 16777216 and maxWindows 1048576 must together be at most 16777215");
    }

    @Test
    void aStagingBufferHoldsAnFpdu() {
        assertThatThrownBy(() -> with("stagingBufferOctets", DeviceLimits.MIN_STAGING_BUFFER_OCTETS - 1))
                .hasMessageContaining("must be at least 69632");
    }

    @Test
    void translationModesAreInOrder() {
        assertThatThrownBy(() -> with("firstOrderPages", 511)).hasMessageContaining("directPages 512");
    }

    /** Returns the defaults with one limit changed. */
    private static DeviceLimits with(String name, int value) throws Throwable {
        RecordComponent[] components = DeviceLimits.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = components[i].getName().equals(name)
                    ? (Object) value
                    : components[i].getAccessor().invoke(DeviceLimits.defaults());
        }
        Constructor<DeviceLimits> constructor = DeviceLimits.class.getDeclaredConstructor(types);
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw refused.getCause();
        }
    }
}
