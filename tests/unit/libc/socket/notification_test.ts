import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { EAGAIN } from "../../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../../lib/libc/bind.ts";
import { pipe, poll, POLLHUP } from "../../../../lib/libc/fd.ts";
import { close } from "../../../../lib/libc/file.ts";
import { autobind, datagramSocket, receive, sendTo } from "../../../../lib/libc/socket/datagram.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (string: string) => new TextEncoder().encode(string);

Deno.test("a message reaches a socket that was bound to a name of the kernel's choice", () => {
  const receiver = datagramSocket();
  const sender = datagramSocket();
  const buffer = new Uint8Array(100);
  const name = autobind(receiver);
  assertMatch(name, /^@[0-9a-f]{5}$/);
  assertEquals(receive(receiver, buffer), -EAGAIN);
  sendTo(sender, name, bytes("READY=1"));
  assertEquals(text(buffer.subarray(0, receive(receiver, buffer))), "READY=1");
  close(sender);
  close(receiver);
});

Deno.test("a descriptor that came with a message is closed by the receiver who does not want it", () => {
  const receiver = datagramSocket();
  const sender = datagramSocket();
  const { readFd, writeFd } = pipe();
  sendTo(sender, autobind(receiver), bytes("BARRIER=1\n"), writeFd);
  close(writeFd);
  assertEquals(poll([{ fd: readFd, events: 0 }], 0), [0]);
  assertEquals(receive(receiver, new Uint8Array(100)), "BARRIER=1\n".length);
  assertEquals(poll([{ fd: readFd, events: 0 }], 0), [POLLHUP]);
  for (const fd of [readFd, sender, receiver]) close(fd);
});

Deno.test("sendTo() says why nobody took the message", () => {
  const sender = datagramSocket();
  assertThrows(
    () => sendTo(sender, "/nonexistent/socket", bytes("x")),
    SyscallError,
    "unable to send a message to /nonexistent/socket: No such",
  );
  assertThrows(
    () => sendTo(sender, `/${"x".repeat(120)}`, bytes("x")),
    SyscallError,
    "File name too long",
  );
  assertThrows(
    () => sendTo(sender, "@hexad-nobody-here", bytes("x")),
    SyscallError,
    "Connection refused",
  );
  close(sender);
});
