/** Tests of connection management that need no TCP. */
package io.verbena.connection;
