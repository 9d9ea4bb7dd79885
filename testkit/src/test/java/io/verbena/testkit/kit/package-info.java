/** The test kit's own tools: that they notice what they are there to notice. */
package io.verbena.testkit.kit;
