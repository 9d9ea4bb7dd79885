package io.verbena.testkit.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of {@code docs}: finds the blocks of text that stand behind a mark {@code <!-- name -->}, and tables. */
final class DocumentPage {
    private static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs");

    private final String name;
    private final String text;

    private DocumentPage(String name, String text) {
        this.name = name;
        this.text = text;
    }

    static DocumentPage read(String name) {
        try {
            return new DocumentPage(name, Files.readString(DOCS.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the lines of the block behind the mark. */
    List<String> block(String mark) {
        Matcher block = Pattern.compile("<!-- " + Pattern.quote(mark) + " -->\\s+```\n(.*?)```", Pattern.DOTALL)
                .matcher(text);
        if (!block.find()) {
            throw new IllegalArgumentException("no block marked '" + mark + "' in " + name);
        }
        return block.group(1).lines().toList();
    }

    /** Returns the hex text of the block behind the mark: of each line what stands before two blanks. */
    String hex(String mark) {
        return block(mark).stream()
                .map(line -> line.split(" {2}", 2)[0].replace(" ", ""))
                .reduce("", String::concat);
    }

    /** Returns the rows of the table below the heading that begins with {@code start}, without its head. */
    List<List<String>> table(String start) {
        Matcher section = Pattern.compile("\n## " + Pattern.quote(start) + "(.*?)(\n## |$)", Pattern.DOTALL)
                .matcher(text);
        if (!section.find()) {
            throw new IllegalArgumentException("no section '" + start + "' in " + name);
        }
        return section.group(1)
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(DocumentPage::cells)
                .toList();
    }

    private static List<String> cells(String line) {
        return Pattern.compile("\\|")
                .splitAsStream(line.strip().substring(1))
                .map(String::strip)
                .toList();
    }
}
