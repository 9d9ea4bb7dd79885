/** Plain streams over TCP: octets before MPA, without MPA, and the switch to MPA in both roles. */
package io.verbena.testkit.streams;
