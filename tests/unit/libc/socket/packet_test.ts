import { assert, assertEquals } from "@std/assert";
import { EAGAIN, EPIPE } from "../../../../lib/core/linux/errno.ts";
import { pipe, poll, POLLHUP } from "../../../../lib/libc/fd.ts";
import { close, read, write } from "../../../../lib/libc/file.ts";
import { isInherited } from "../../../../lib/libc/replace_descriptors.ts";
import {
  type Packet,
  packetSocketPair,
  receivePacket,
  sendPacket,
} from "../../../../lib/libc/socket/packet.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const buffer = new Uint8Array(64);

function receive(fd: number): Packet {
  const packet = receivePacket(fd, buffer);
  assert(typeof packet !== "number", `packet expected, got ${packet}`);
  return packet;
}

const textOf = ({ payload }: Packet) => new TextDecoder().decode(payload);

Deno.test("packets stay whole and in order", () => {
  const [a, b] = packetSocketPair();
  assertEquals(receivePacket(b, buffer), -EAGAIN);
  assertEquals(sendPacket(a, bytes("one")), 0);
  assertEquals(sendPacket(a, bytes("two")), 0);
  assertEquals([textOf(receive(b)), textOf(receive(b))], ["one", "two"]);
  assertEquals(receivePacket(b, buffer), -EAGAIN);
  for (const fd of [a, b]) close(fd);
});

Deno.test("descriptors travel with their packet, and no child inherits them", () => {
  const [a, b] = packetSocketPair();
  const first = pipe();
  const second = pipe();
  sendPacket(a, bytes("both"), [first.writeFd, second.readFd]);
  for (const fd of [first.writeFd, second.readFd]) close(fd);
  const { fds, truncated } = receive(b);
  assertEquals([fds.length, truncated], [2, false]);
  assertEquals(fds.map(isInherited), [false, false]);
  write(fds[0]!, bytes("x"));
  assertEquals(read(first.readFd, buffer), 1);
  write(second.writeFd, bytes("yz"));
  assertEquals(read(fds[1]!, buffer), 2);
  for (const fd of [a, b, first.readFd, second.writeFd, ...fds]) close(fd);
});

Deno.test("a packet with a descriptor that nobody takes closes it with the socket", () => {
  const [a, b] = packetSocketPair();
  const { readFd, writeFd } = pipe();
  sendPacket(a, bytes("x"), [writeFd]);
  close(writeFd);
  assertEquals(poll([{ fd: readFd, events: 0 }], 0), [0]);
  close(b);
  assertEquals(poll([{ fd: readFd, events: 0 }], 0), [POLLHUP]);
  for (const fd of [a, readFd]) close(fd);
});

Deno.test("the end of the peer is an empty packet for the one who reads, and EPIPE for the one who writes", () => {
  const [a, b] = packetSocketPair();
  sendPacket(a, bytes("last"));
  close(a);
  assertEquals([textOf(receive(b)), textOf(receive(b))], ["last", ""]);
  assertEquals(sendPacket(b, bytes("x")), -EPIPE);
  close(b);
});

Deno.test("a packet that is too large for the buffer is known to be cut", () => {
  const [a, b] = packetSocketPair();
  sendPacket(a, new Uint8Array(65));
  assertEquals(receive(b).truncated, true);
  sendPacket(a, new Uint8Array(64));
  assertEquals(receive(b).truncated, false);
  for (const fd of [a, b]) close(fd);
});

Deno.test("a socket that is full says so", () => {
  const [a, b] = packetSocketPair();
  let result = 0;
  for (let i = 0; i < 100_000 && result === 0; i++) result = sendPacket(a, new Uint8Array(1000));
  assertEquals(result, -EAGAIN);
  for (const fd of [a, b]) close(fd);
});
