/** The async layer over real devices and real TCP. */
package io.verbena.testkit.async;
