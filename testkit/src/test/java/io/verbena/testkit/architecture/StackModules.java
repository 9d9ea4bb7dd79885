package io.verbena.testkit.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the modules of the stack keep their main classes and sources, seen from this module's folder. */
final class StackModules {
    /** The modules a user links, in the order they are built. */
    static final List<String> LINKED = List.of(
            "requirements",
            "verbs-api",
            "ddp-mpa",
            "rdmap-core",
            "transport-netty",
            "runtime",
            "conformance",
            "testkit");

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private StackModules() {}

    /** Reads the main classes of the given modules: no tests, no jars, so that only our own code is judged. */
    static JavaClasses mainClasses(List<String> modules) {
        List<Path> folders = modules.stream()
                .map(module -> ROOT.resolve(module).resolve("target/classes"))
                .toList();
        JavaClasses classes = new ClassFileImporter().importPaths(folders);
        if (classes.isEmpty()) {
            throw new IllegalStateException("no compiled classes in " + folders);
        }
        return classes;
    }

    /** Returns the folders below {@code src/main/java} of every module that hold a Java source. */
    static List<Path> packageFolders() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(StackModules::foldersWithSources)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> foldersWithSources(Path sources) {
        try (Stream<Path> files = Files.walk(sources)) {
            return files
                    .filter(file -> file.getFileName().toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
