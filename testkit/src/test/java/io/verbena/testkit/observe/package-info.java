/** The listeners that come with the stack, over real devices; and the test kit's own. */
package io.verbena.testkit.observe;
