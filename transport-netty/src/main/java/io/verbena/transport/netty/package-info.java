/**
 * Real TCP by Netty behind the seam of {@code io.verbena.transport}. Netty types never leave this package.
 */
package io.verbena.transport.netty;
