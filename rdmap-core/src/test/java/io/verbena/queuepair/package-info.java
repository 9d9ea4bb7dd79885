/** Tests of the state table and the table of queue pairs. */
package io.verbena.queuepair;
