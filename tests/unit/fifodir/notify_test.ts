import { assertEquals, assertThrows } from "@std/assert";
import { Delivery, notifyFifodir } from "../../../lib/fifodir/notify.ts";
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

/** In one go. */
const AT_ONCE = 128;

/** Names of listeners, by number. */
function plant(dir: TemporaryFifodir, count: number): void {
  for (let i = 0; i < count; i++) {
    Deno.writeTextFileSync(`${dir.path}/${NAME.slice(0, -5)}${String(i).padStart(6, "0")}`, "");
  }
}

Deno.test("Delivery: a thousand entries are gone through in goes of 128, and every listener gets the events once", () => {
  using dir = new TemporaryFifodir();
  plant(dir, 1000);
  const fds = [1, 2, 3].map((digit) => dir.listen(digit));
  const delivery = new Delivery(dir.path, "dD");
  let goes = 1;
  while (delivery.next()) goes++;
  assertEquals([goes, delivery.reached, delivery.tooMany], [
    Math.ceil((1003 + 3) / AT_ONCE),
    3,
    false,
  ]);
  assertEquals(fds.map(received), ["dD", "dD", "dD"]);
});

Deno.test("Delivery: what happens meanwhile is told after it, in order, to those too who have come meanwhile", () => {
  using dir = new TemporaryFifodir();
  plant(dir, 300);
  const first = dir.listen(1);
  const delivery = new Delivery(dir.path, "dD");
  assertEquals(delivery.next(), true);
  delivery.add("u");
  delivery.add("U");
  const second = dir.listen(2);
  while (delivery.next());
  assertEquals(received(first), "dDuU");
  assertEquals(received(second).endsWith("uU"), true);
});

Deno.test("Delivery: no more entries than its bound are looked at, and it tells that there are more", () => {
  using dir = new TemporaryFifodir();
  plant(dir, 500);
  const delivery = new Delivery(dir.path, "u", { maxEntries: 200 });
  let goes = 1;
  while (delivery.next()) goes++;
  assertEquals([goes, delivery.tooMany], [2, true]);
});

Deno.test("Delivery: FIFOs that nobody reads are removed while it is gone through, and none is left out", () => {
  using dir = new TemporaryFifodir();
  for (let i = 0; i < 700; i++) {
    mkfifo(`${dir.path}/${NAME.slice(0, -5)}${String(i).padStart(6, "0")}`, 0o622);
  }
  const fd = dir.listen(1);
  const delivery = new Delivery(dir.path, "u");
  while (delivery.next());
  assertEquals(dir.names(), [`${NAME}1`]);
  assertEquals(received(fd), "u");
});
