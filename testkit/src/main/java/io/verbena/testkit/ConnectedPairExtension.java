package io.verbena.testkit;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Opens the pairs that {@link ConnectedPair} asks for, watches them, and closes them after the test. */
final class ConnectedPairExtension implements ParameterResolver, BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(ConnectedPairExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DevicePair.class;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        pairs(context).events.beforeEach(context);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Pairs pairs = pairs(context);
        PairOptions options = options(annotation(parameter, context)).withDevices(pairs.events::watch);
        DevicePair pair = DevicePair.open(options);
        pairs.open.add(pair);
        return pair;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Pairs pairs = pairs(context);
        try {
            // Before closing: connections that still stand are then broken, and that is no failure of the test.
            pairs.events.afterEach(context);
        } finally {
            for (int i = pairs.open.size() - 1; i >= 0; i--) {
                pairs.open.remove(i).close();
            }
        }
    }

    private static ConnectedPair annotation(ParameterContext parameter, ExtensionContext context) {
        return parameter
                .findAnnotation(ConnectedPair.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getElement(), ConnectedPair.class))
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), ConnectedPair.class))
                .orElseThrow(() -> new IllegalStateException("no @ConnectedPair says how to connect the pair"));
    }

    private static PairOptions options(ConnectedPair wish) {
        PairOptions options = PairOptions.defaults()
                .withCrc(wish.crc())
                .withMarkers(wish.markersToServer(), wish.markersToClient())
                .withRevision(wish.revision())
                .withPeerToPeer(wish.readyToReceive())
                .withPlacement(wish.placement());
        options = wish.callerDriven() ? options.withCallerDrivenProgress() : options;
        return wish.oneDevice() ? options.withOneDevice() : options;
    }

    private static Pairs pairs(ExtensionContext context) {
        return context.getStore(NAMESPACE).getOrComputeIfAbsent(Pairs.class, key -> new Pairs(), Pairs.class);
    }

    private static final class Pairs {
        private final List<DevicePair> open = new ArrayList<>();
        private final ForbidBadEvents events = new ForbidBadEvents();
    }
}
