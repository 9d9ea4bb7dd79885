/**
 * Nothing to call: this module is the one artifact that an application adds at run time. It brings the engine
 * ({@code rdmap-core}) and the transport over real TCP ({@code transport-netty}), which are found by ServiceLoader.
 */
package io.verbena.runtime;
