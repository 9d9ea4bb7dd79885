/** The registration cache above a device that only counts regions. */
package io.verbena.cache;
