/** The registration cache between two devices over TCP (SYS-CACHE). */
package io.verbena.testkit.cache;
