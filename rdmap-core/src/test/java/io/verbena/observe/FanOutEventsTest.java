package io.verbena.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.observe.StackEvents;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FanOutEventsTest {
    @Test
    void standsForNothingIfThereIsNoListener() {
        assertThat(FanOutEvents.of(List.of())).isNull();
    }

    @Test
    void passesEveryEventToEveryListener() throws ReflectiveOperationException {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        StackEvents both = FanOutEvents.of(List.of(recorder(first), recorder(second)));

        List<String> told = new ArrayList<>();
        for (Method event : StackEvents.class.getMethods()) {
            event.invoke(both, arguments(event));
            told.add(event.getName());
        }

        assertThat(first).isEqualTo(told);
        assertThat(second).isEqualTo(told);
        assertThat(new TreeSet<>(told)).hasSameSizeAs(told).hasSizeGreaterThan(15);
    }

    @Test
    void keepsTheFailureOfAListenerFromTheOthersAndReportsItOnce() throws InterruptedException {
        List<String> heard = new ArrayList<>();
        StackEvents failing = new StackEvents() {
            @Override
            public void onDeviceOpened(String device) {
                throw new IllegalStateException("broken listener");
            }

            @Override
            public void onSocketTransfer(String device, Direction direction, int queuePairNumber, long octets) {
                throw new IllegalStateException("broken again");
            }
        };
        StackEvents both = FanOutEvents.of(List.of(failing, recorder(heard)));
        List<String> reported = new ArrayList<>();
        Thread loop = new Thread(() -> {
            both.onDeviceOpened("a");
            both.onDeviceOpened("b");
            both.onSocketTransfer("b", StackEvents.Direction.SENT, 1, 1);
        });
        loop.setUncaughtExceptionHandler((thread, failure) -> reported.add(failure.getMessage()));

        loop.start();
        loop.join(10_000);

        assertThat(heard).containsExactly("onDeviceOpened", "onDeviceOpened", "onSocketTransfer");
        assertThat(reported).containsExactly("broken listener");
    }

    private static StackEvents recorder(List<String> names) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            names.add(method.getName());
            return null;
        };
        return (StackEvents)
                Proxy.newProxyInstance(StackEvents.class.getClassLoader(), new Class<?>[] {StackEvents.class}, handler);
    }

    private static Object[] arguments(Method event) {
        return Arrays.stream(event.getParameterTypes())
                .map(FanOutEventsTest::argument)
                .toArray();
    }

    private static Object argument(Class<?> type) {
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == boolean.class) {
            return false;
        }
        return type == ByteBuffer.class ? ByteBuffer.allocate(64) : null;
    }
}
