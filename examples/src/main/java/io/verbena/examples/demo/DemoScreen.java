package io.verbena.examples.demo;

import java.io.PrintWriter;
import picocli.CommandLine.Help.Ansi;

/** Lays the demo out: numbered steps, a sentence about each, and what either end says, wrapped under its name. */
final class DemoScreen {
    private static final int WIDTH = 100;
    private static final String INDENT = "   ";

    private final PrintWriter out;
    private final Ansi ansi;
    private int step;

    DemoScreen(PrintWriter out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    void title(String text) {
        out.println(bold(text));
    }

    void step(String title, String explanation) {
        out.println();
        out.println(bold(++step + ". " + title));
        wrap(INDENT, INDENT, explanation);
    }

    void client(String text) {
        said("[client] ", text);
    }

    void server(String text) {
        said("[server] ", text);
    }

    void plain(String text) {
        out.println();
        wrap("", "", text);
    }

    private void said(String who, String text) {
        wrap(INDENT + who, INDENT + " ".repeat(who.length() + 2), text);
    }

    private String bold(String text) {
        return ansi.enabled() ? Ansi.Style.bold.on() + text + Ansi.Style.reset.on() : text;
    }

    private void wrap(String first, String next, String text) {
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                print(line);
                line = new StringBuilder(next);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        print(line);
        out.flush();
    }

    private void print(CharSequence line) {
        out.println(line.toString().replace(DemoText.NO_BREAK, ' '));
    }
}
