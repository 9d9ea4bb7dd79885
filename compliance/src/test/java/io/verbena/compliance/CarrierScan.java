package io.verbena.compliance;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.verbena.testkit.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the carriers of ids in the compiled tests of all modules. A class whose source is gone does not count. */
final class CarrierScan {
    private static final String TAG = "org.junit.jupiter.api.Tag";
    private static final String TAGS = "org.junit.jupiter.api.Tags";

    private final List<Carrier> carriers = new ArrayList<>();

    private CarrierScan() {}

    /**
     * Returns the carriers ordered by class and method.
     *
     * @throws IllegalStateException if the tests of a module are not compiled
     */
    static List<Carrier> allModules() {
        CarrierScan scan = new CarrierScan();
        for (Path module : Repository.modulesWithTests()) {
            Path classes = module.resolve("target/test-classes");
            if (!Files.isDirectory(classes)) {
                throw new IllegalStateException("the tests of " + module.getFileName()
                        + " are not compiled: build this module together with those it comes after (-am)");
            }
            new ClassFileImporter()
                    .importPath(classes)
                    .forEach(type -> scan.look(module, type.getSource().flatMap(s -> s.getFileName()), type));
        }
        scan.carriers.sort(Comparator.comparing(Carrier::className).thenComparing(Carrier::methodName));
        return scan.carriers;
    }

    private void look(Path module, Optional<String> fileName, JavaClass type) {
        Path source = module.resolve("src/test/java")
                .resolve(type.getPackageName().replace('.', '/'))
                .resolve(fileName.orElse(type.getSimpleName() + ".java"));
        if (!Files.isRegularFile(source)) {
            return;
        }
        add(module, source, type, "", type);
        for (JavaMethod method : type.getMethods()) {
            add(module, source, type, method.getName(), method);
        }
    }

    private void add(Path module, Path source, JavaClass type, String method, HasAnnotations<?> carrier) {
        List<String> ids = ids(carrier);
        if (!ids.isEmpty()) {
            String path = Repository.ROOT.relativize(source).toString().replace('\\', '/');
            carriers.add(new Carrier(
                    module.getFileName().toString(),
                    type.getName(),
                    method,
                    path,
                    isInterop(carrier) || isInterop(type),
                    ids));
        }
    }

    private static List<String> ids(HasAnnotations<?> carrier) {
        return carrier.tryGetAnnotationOfType(Requirement.class.getName())
                .flatMap(annotation -> annotation.get("value"))
                .map(value -> List.of((String[]) value))
                .orElse(List.of());
    }

    private static boolean isInterop(HasAnnotations<?> carrier) {
        return carrier.getAnnotations().stream().anyMatch(CarrierScan::isInteropTag);
    }

    private static boolean isInteropTag(JavaAnnotation<?> annotation) {
        String name = annotation.getRawType().getName();
        Object value = annotation.get("value").orElse("");
        return switch (name) {
            case TAG -> "interop".equals(value);
            case TAGS -> Set.of((Object[]) value).stream().anyMatch(tag -> isInteropTag((JavaAnnotation<?>) tag));
            default -> false;
        };
    }
}
