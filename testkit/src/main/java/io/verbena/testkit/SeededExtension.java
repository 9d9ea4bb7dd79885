package io.verbena.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Turns {@link Seeded} into one invocation a seed; the seeds of a method are the same in every run. */
final class SeededExtension implements TestTemplateInvocationContextProvider {
    private static final String SEED = "verbena.seed";
    private static final String SEEDS = "verbena.seeds";

    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return context.getRequiredTestMethod().isAnnotationPresent(Seeded.class);
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        return seeds(method).mapToObj(seed -> new Invocation(seed, method));
    }

    private static LongStream seeds(Method method) {
        String only = System.getProperty(SEED);
        if (only != null) {
            return LongStream.of(
                    only.startsWith("0x") ? Long.parseUnsignedLong(only.substring(2), 16) : Long.parseLong(only));
        }
        int count = Integer.getInteger(SEEDS, method.getAnnotation(Seeded.class).count());
        String name = method.getDeclaringClass().getName() + "." + method.getName();
        SplittableRandom random = new SplittableRandom(name.hashCode());
        return LongStream.generate(random::nextLong).limit(count);
    }

    private record Invocation(long seed, Method method) implements TestTemplateInvocationContext {
        @Override
        public String getDisplayName(int invocationIndex) {
            return "seed " + text();
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(new SeedResolver(seed), (TestExecutionExceptionHandler) (context, failure) -> {
                failure.addSuppressed(new ReplayHint("replay with: mvn -pl testkit -am test -Dtest="
                        + method.getDeclaringClass().getSimpleName() + "#" + method.getName()
                        + " -Dsurefire.failIfNoSpecifiedTests=false -D" + SEED + "=" + text()));
                throw failure;
            });
        }

        private String text() {
            return "0x" + Long.toHexString(seed);
        }
    }

    private record SeedResolver(long seed) implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            Class<?> type = parameter.getParameter().getType();
            return type == long.class || type == SplittableRandom.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == long.class ? (Object) seed : new SplittableRandom(seed);
        }
    }

    /** Travels with a failure and says how to see it again; where it was made tells nothing. */
    private static final class ReplayHint extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReplayHint(String message) {
            super(message, null, false, false);
        }
    }
}
