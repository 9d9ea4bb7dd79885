/** The translation and protection table over TCP: who may touch what, and what becomes of regions and windows. */
package io.verbena.testkit.memory;
