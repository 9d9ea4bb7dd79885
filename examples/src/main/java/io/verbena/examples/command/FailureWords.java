package io.verbena.examples.command;

import io.verbena.verbs.cm.ConnectionFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Says in one line what went wrong. */
public final class FailureWords {
    private FailureWords() {}

    /** Returns the line for a failure of any kind; one that no user can cause is named as what it is. */
    public static String of(Throwable failure) {
        if (failure instanceof CommandFailedException || failure instanceof ConnectionFailedException) {
            return oneLine(failure.getMessage());
        }
        if (failure instanceof FileSystemException ofFileSystem) {
            return oneLine(ofFile(ofFileSystem));
        }
        if (failure instanceof IOException) {
            return oneLine(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        }
        if (failure instanceof UncheckedIOException unchecked) {
            return of(unchecked.getCause());
        }
        if (failure instanceof InterruptedException) {
            return "interrupted";
        }
        return oneLine("internal error: " + failure) + " (run again with " + Diagnostics.DEBUG + " and report it)";
    }

    private static String ofFile(FileSystemException failure) {
        String file = failure.getFile();
        if (failure instanceof NoSuchFileException) {
            return file + ": there is no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return file + ": access is denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return file + ": already exists";
        }
        String reason = failure.getReason();
        return file + ": " + (reason == null ? failure.toString() : reason.toLowerCase(Locale.ROOT));
    }

    private static String oneLine(String text) {
        return String.valueOf(text).replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
