/**
 * The adapter as a whole: provider, device context and limits, and how the rooms of the engine are put together.
 */
package io.verbena.device;
