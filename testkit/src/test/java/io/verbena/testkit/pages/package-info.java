/** Keeps pages of {@code docs} true: what they show is compared with what the stack does. */
package io.verbena.testkit.pages;
