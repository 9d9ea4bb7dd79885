/**
 * {@code verbena demo}: two JVMs and one RDMA connection, told step by step with the real values.
 *
 * <p>The client runs in the JVM of the command, the server in a second one that the client starts and always ends. The
 * server tells what it does on its standard output, in lines that only the client reads
 * ({@link io.verbena.examples.demo.ServerLine}), so that one screen shows both ends in the order of cause and effect.
 *
 * <p>Each end works on its main thread; the client has one more that reads the server's lines, the server one more that
 * ends it when the client is gone. Start reading at {@link io.verbena.examples.demo.DemoClient}.
 */
package io.verbena.examples.demo;
