import { assertEquals, assertRejects } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { pipe, pipeBytes } from "../../../lib/libc/fd.ts";
import { close, writeAll } from "../../../lib/libc/file.ts";
import { pidfdOpen } from "../../../lib/libc/pidfd.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { autobind, datagramSocket, receive, sendTo } from "../../../lib/libc/socket/datagram.ts";
import { waitFor } from "../../../lib/libc/process.ts";
import { relayToFd, relayToSocket } from "../../../lib/servicedir/notify_socket.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

interface Bridge extends Disposable {
  readonly socketFd: number;
  readonly name: string;
  readonly readFd: number;
  readonly writeFd: number;
  send(text: string): void;
}

/** A bound socket, one to send with, and a notification pipe. */
function bridge(): Bridge {
  const socketFd = datagramSocket();
  const name = autobind(socketFd);
  const sender = datagramSocket();
  const { readFd, writeFd } = pipe();
  return {
    socketFd,
    name,
    readFd,
    writeFd,
    send: (text: string) => sendTo(sender, name, bytes(text)),
    [Symbol.dispose]: () => [socketFd, sender, readFd, writeFd].forEach(close),
  };
}

Deno.test("relayToFd() writes a newline when the service says READY=1, whatever it said before", async () => {
  using b = bridge();
  b.send("STATUS=starting\n");
  const relaying = relayToFd({
    socketFd: b.socketFd,
    notificationFd: b.writeFd,
    serviceFd: undefined,
    timeoutMs: 0,
  });
  b.send("MAINPID=3\nREADY=1");
  assertEquals(await relaying, "ready");
  assertEquals(pipeBytes(b.readFd), 1);
});

Deno.test("relayToFd() ends when the service is dead", async () => {
  using b = bridge();
  const pid = spawn({ path: "/bin/true", argv: ["true"] });
  const serviceFd = pidfdOpen(pid);
  assertEquals(
    await relayToFd({ socketFd: b.socketFd, notificationFd: b.writeFd, serviceFd, timeoutMs: 0 }),
    "stopped",
  );
  waitFor(pid);
  close(serviceFd);
  assertEquals(pipeBytes(b.readFd), 0);
});

Deno.test("relayToFd() hears the last words of a service that is dead already", async () => {
  using b = bridge();
  b.send("READY=1\n");
  const pid = spawn({ path: "/bin/true", argv: ["true"] });
  const serviceFd = pidfdOpen(pid);
  waitFor(pid);
  assertEquals(
    await relayToFd({ socketFd: b.socketFd, notificationFd: b.writeFd, serviceFd, timeoutMs: 0 }),
    "ready",
  );
  close(serviceFd);
});

Deno.test("relayToFd() ends when nobody reads the notification pipe any more", async () => {
  using b = bridge();
  close(b.readFd);
  assertEquals(
    await relayToFd({
      socketFd: b.socketFd,
      notificationFd: b.writeFd,
      serviceFd: undefined,
      timeoutMs: 0,
    }),
    "stopped",
  );
});

Deno.test("relayToFd() times out", async () => {
  using b = bridge();
  assertEquals(
    await relayToFd({
      socketFd: b.socketFd,
      notificationFd: b.writeFd,
      serviceFd: undefined,
      timeoutMs: 5,
    }),
    "timed out",
  );
});

Deno.test("relayToSocket() tells READY=1 and the pid at the service's newline, and stays until the barrier is lifted", async () => {
  using b = bridge();
  const service = pipe();
  const relaying = relayToSocket({
    readFd: service.readFd,
    socketName: b.name,
    servicePid: 42,
    timeoutMs: 0,
  });
  writeAll(service.writeFd, bytes("noise"));
  writeAll(service.writeFd, bytes(" and\n"));
  const buffer = new Uint8Array(100);
  const messages: string[] = [];
  using poller = new Poller();
  poller.watch(b.socketFd, () => {
    // taking the second without its descriptor lifts the barrier
    const length = receive(b.socketFd, buffer);
    messages.push(new TextDecoder().decode(buffer.subarray(0, length)));
    if (messages.length === 2) poller.stop();
  });
  await poller.run();
  assertEquals(messages, ["READY=1\nMAINPID=42\n", "BARRIER=1\n"]);
  assertEquals(await relaying, "ready");
  close(service.writeFd);
});

Deno.test("relayToSocket() ends when the service has closed its end, and when the time is up", async () => {
  const dead = pipe();
  close(dead.writeFd);
  assertEquals(
    await relayToSocket({
      readFd: dead.readFd,
      socketName: "@unused",
      servicePid: 1,
      timeoutMs: 0,
    }),
    "stopped",
  );
  const silent = pipe();
  assertEquals(
    await relayToSocket({
      readFd: silent.readFd,
      socketName: "@unused",
      servicePid: 1,
      timeoutMs: 5,
    }),
    "timed out",
  );
  close(silent.writeFd);
});

Deno.test("relayToSocket() says to whom nothing can be sent", async () => {
  const service = pipe();
  writeAll(service.writeFd, bytes("\n"));
  const relaying = relayToSocket({
    readFd: service.readFd,
    socketName: "/nonexistent/socket",
    servicePid: 1,
    timeoutMs: 0,
  });
  await assertRejects(
    () => relaying,
    SyscallError,
    "unable to send a message to /nonexistent/socket: No such file or directory",
  );
  close(service.writeFd);
});
