package io.verbena.requirements;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Records of tests, in a file for each top-level test class. A class that runs again replaces its file, so a run of some
 * tests leaves the records of all other classes as they were.
 */
public final class EvidenceFolder {
    private static final String ENDING = ".csv";

    private final Path folder;

    /** Makes a view of the folder, which need not be there yet. */
    public EvidenceFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Replaces the records of a top-level class.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(String topLevelClassName, List<TestRecord> records) {
        String text =
                records.stream().map(TestRecord::line).distinct().sorted().collect(Collectors.joining("\n", "", "\n"));
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(topLevelClassName + ENDING), text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns all records of the folder, none if it does not exist.
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    public List<TestRecord> read() {
        List<TestRecord> records = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    if (file.toString().endsWith(ENDING)) {
                        Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                                .map(TestRecord::of)
                                .forEach(records::add);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return records;
    }
}
