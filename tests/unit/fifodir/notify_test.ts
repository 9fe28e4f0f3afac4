import { assertEquals, assertThrows } from "@std/assert";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { mkfifo, write } from "../../../lib/libc/file.ts";
import { NAME, received, TemporaryFifodir } from "./temporary_fifodir.ts";

Deno.test("notifyFifodir() writes the events to every listener and counts them", () => {
  using dir = new TemporaryFifodir();
  const fds = [dir.listen(1), dir.listen(2)];
  assertEquals(notifyFifodir(dir.path, "dD"), 2);
  assertEquals(fds.map(received), ["dD", "dD"]);
});

Deno.test("notifyFifodir() removes a FIFO that nobody reads", () => {
  using dir = new TemporaryFifodir();
  dir.listen(1);
  dir.fifo(2);
  assertEquals(notifyFifodir(dir.path, "u"), 1);
  assertEquals(dir.names(), [`${NAME}1`]);
});

Deno.test("notifyFifodir() loses an event for a listener whose FIFO is full, and goes on", () => {
  using dir = new TemporaryFifodir();
  const full = dir.listen(1);
  const other = dir.listen(2);
  while (write(full, new Uint8Array(4096)) > 0);
  assertEquals(notifyFifodir(dir.path, "u"), 1);
  assertEquals(received(other), "u");
});

Deno.test("notifyFifodir() never writes to what is no FIFO of a listener: a file, a link, another name", () => {
  using dir = new TemporaryFifodir();
  const victim = `${dir.path}/victim`;
  Deno.writeTextFileSync(victim, "untouched");
  Deno.symlinkSync(victim, `${dir.path}/${NAME}1`);
  Deno.linkSync(victim, `${dir.path}/${NAME}2`);
  Deno.mkdirSync(`${dir.path}/${NAME}3`);
  mkfifo(`${dir.path}/.${NAME}4`, 0o622);
  const before = dir.names();
  assertEquals(notifyFifodir(dir.path, "u"), 0);
  assertEquals(Deno.readTextFileSync(victim), "untouched");
  assertEquals(dir.names(), before);
});

Deno.test("notifyFifodir() follows a fifodir that is a link", () => {
  using dir = new TemporaryFifodir();
  using links = new TemporaryFifodir();
  const fd = dir.listen(1);
  Deno.symlinkSync(dir.path, `${links.path}/event`);
  assertEquals(notifyFifodir(`${links.path}/event`, "s"), 1);
  assertEquals(received(fd), "s");
});

Deno.test("notifyFifodir() says which fifodir is missing", () => {
  assertThrows(
    () => notifyFifodir("/nonexistent/event", "u"),
    SyscallError,
    "unable to notify /nonexistent/event: No such file or directory",
  );
});
