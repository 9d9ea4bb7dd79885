/**
 * The one artifact an application adds at run time: the engine together with the transport over real TCP.
 */
package io.verbena.runtime;
