/**
 * What a provider of verbs implements: {@link io.verbena.verbs.spi.VerbsProvider}, found by ServiceLoader when an application
 * opens a device. Applications have no business here. Any thread.
 */
package io.verbena.verbs.spi;
