package io.verbena.verbs;

/** How an entry of the translation and protection table leads to its pages. */
public enum TranslationMode {
    /** The entry points at one list of pages. */
    DIRECT,
    /** The entry points at a list of lists of pages. */
    FIRST_ORDER_INDIRECT,
    /** The entry points at a list of lists of lists of pages. */
    SECOND_ORDER_INDIRECT
}
