package io.verbena.queue;

import io.verbena.verbs.ResourceInUseException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Who uses an object, by name, so that closing it can be refused with words. Thread rule: any thread.
 */
final class Users {
    private static final int NAMED = 3;

    private final String subject;
    private final Set<String> names = new LinkedHashSet<>();
    private boolean closed;

    /** Makes an empty list of the users of {@code subject}, such as {@code completion queue 3}. */
    Users(String subject) {
        this.subject = subject;
    }

    synchronized void attach(String name) {
        if (closed) {
            throw new IllegalStateException(subject + " is closed");
        }
        if (!names.add(name)) {
            throw new IllegalStateException(name + " already uses " + subject);
        }
    }

    synchronized void detach(String name) {
        if (!names.remove(name)) {
            throw new IllegalStateException(name + " does not use " + subject);
        }
    }

    /**
     * Lets nobody attach any more.
     *
     * @return whether this call closed it; false if it was closed before
     * @throws ResourceInUseException if there are users; nothing was changed
     */
    synchronized boolean close() {
        if (!names.isEmpty()) {
            throw new ResourceInUseException(subject + " is still used by " + listed());
        }
        boolean first = !closed;
        closed = true;
        return first;
    }

    private String listed() {
        StringBuilder text = new StringBuilder();
        Iterator<String> each = names.iterator();
        for (int i = 0; i < NAMED && each.hasNext(); i++) {
            text.append(i == 0 ? "" : ", ").append(each.next());
        }
        if (names.size() > NAMED) {
            text.append(" and ").append(names.size() - NAMED).append(" more");
        }
        return text.toString();
    }
}
