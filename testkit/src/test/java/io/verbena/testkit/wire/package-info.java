/** The wire formats where they need more than one module or a recorded peer. Start reading at {@link WireAllocationTest}. */
package io.verbena.testkit.wire;
