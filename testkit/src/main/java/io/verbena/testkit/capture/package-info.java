/**
 * Looking at captured traffic: a packet file goes in, iWARP frames come out, with their checks made and a line for each.
 *
 * <p>Tests and command line tools call in; below are the wire views of MPA, DDP and RDMAP. Everything runs on the
 * caller's thread. The way of the octets: {@link io.verbena.testkit.capture.PacketFile} gives packets,
 * {@link io.verbena.testkit.capture.TcpSegment} reads one, {@link io.verbena.testkit.capture.TcpConnection} puts the
 * octets of each direction in order, {@link io.verbena.testkit.capture.IwarpConversation} takes them apart. Start
 * reading at {@link io.verbena.testkit.capture.IwarpDecoder}.
 */
package io.verbena.testkit.capture;
