/**
 * Looking at captured traffic: a packet file goes in, iWARP frames come out, with their checks made and a line for each.
 *
 * <p>Tests and command line tools call in; below are the wire views of MPA, DDP and RDMAP. Everything runs on the
 * caller's thread. The way of the octets: {@link io.verbena.capture.decode.PacketReader} gives packets,
 * {@link io.verbena.capture.decode.TcpSegment} reads one, {@code TcpConnection} puts the octets of each direction in
 * order, {@code MpaStreams} takes them apart. Octets written as text take a shorter way,
 * {@link io.verbena.capture.decode.HexText}. Start reading at {@link io.verbena.capture.decode.IwarpDecoder}.
 */
package io.verbena.capture.decode;
