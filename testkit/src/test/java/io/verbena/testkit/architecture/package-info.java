/**
 * The floor plan, checked: which room may know which other, and that every room has a sign on its door.
 *
 * <p>The tests read the compiled main classes and the sources of the modules beside this one; they start nothing and need
 * no peer. They live in this module because it is the first in the build that stands behind all of the stack.
 */
package io.verbena.testkit.architecture;
