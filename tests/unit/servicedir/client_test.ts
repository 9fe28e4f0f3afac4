import { assertEquals, assertThrows } from "@std/assert";
import { packSvstatus, type Svstatus } from "../../../lib/servicedir/core/svstatus.ts";
import { TAIN_ZERO } from "../../../lib/core/time/tain.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import {
  isSupervised,
  readStatus,
  sendCommands,
  writeControl,
} from "../../../lib/servicedir/client.ts";
import { received, TemporaryServicedir } from "./temporary_servicedir.ts";

const STATUS: Svstatus = {
  stamp: TAIN_ZERO,
  readystamp: TAIN_ZERO,
  pid: 42,
  wstat: 0,
  flagpaused: false,
  flagfinishing: false,
  flagwantup: true,
  flagready: false,
};

Deno.test("isSupervised(): no lock file, or one that nobody holds: no", () => {
  using dir = new TemporaryServicedir();
  assertEquals(isSupervised(dir.path), false);
  dir.mkdir("supervise");
  dir.write("supervise/lock", "");
  assertEquals(isSupervised(dir.path), false);
});

Deno.test("isSupervised() says what it could not check", () => {
  using dir = new TemporaryServicedir();
  dir.write("file", "");
  assertThrows(
    () => isSupervised(`${dir.path}/file`),
    SyscallError,
    `unable to check ${dir.path}/file: Not a directory`,
  );
});

Deno.test("sendCommands() delivers the letters in order", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  const fd = dir.fifo("supervise/control", { read: true });
  assertEquals(sendCommands(dir.path, "supervise", "odU"), { kind: "ok" });
  assertEquals(received(fd), "odU");
});

Deno.test("sendCommands() without letters only looks for a listener", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  const fd = dir.fifo("supervise/control", { read: true });
  assertEquals(sendCommands(dir.path, "supervise", ""), { kind: "ok" });
  assertEquals(received(fd), "");
});

Deno.test("sendCommands(): a FIFO without reader, or no control directory: not listening", () => {
  using dir = new TemporaryServicedir();
  assertEquals(sendCommands(dir.path, ".s6-svscan", "t"), { kind: "not listening" });
  dir.mkdir(".s6-svscan");
  dir.fifo(".s6-svscan/control", { read: false });
  assertEquals(sendCommands(dir.path, ".s6-svscan", "t"), { kind: "not listening" });
});

Deno.test("sendCommands() tells what is broken in the control directory", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  assertEquals(sendCommands(dir.path, "supervise", "u"), {
    kind: "broken",
    reason: "control: No such file or directory",
  });
  dir.write("plain", "");
  assertEquals(sendCommands(dir.path, "plain", "u"), { kind: "broken", reason: "Not a directory" });
});

Deno.test("sendCommands() does not write into a file that took the FIFO's place", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  dir.write("victim", "untouched");
  Deno.symlinkSync(`${dir.path}/victim`, `${dir.path}/supervise/control`);
  assertEquals(sendCommands(dir.path, "supervise", "u"), {
    kind: "broken",
    reason: "control is not a FIFO",
  });
  assertEquals(Deno.readTextFileSync(`${dir.path}/victim`), "untouched");
});

Deno.test("sendCommands() says which directory is missing", () => {
  assertThrows(
    () => sendCommands("/nonexistent", "supervise", "u"),
    SyscallError,
    "unable to control /nonexistent: No such file or directory",
  );
});

Deno.test("writeControl() answers for a FIFO by its path", () => {
  using dir = new TemporaryServicedir();
  const commands = new TextEncoder().encode("h");
  assertEquals(writeControl(`${dir.path}/control`, commands), "no fifo");
  const fd = dir.fifo("control", { read: true });
  assertEquals(writeControl(`${dir.path}/control`, commands), "ok");
  assertEquals(received(fd), "h");
});

Deno.test("readStatus() reads what a supervisor wrote", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  dir.write("supervise/status", packSvstatus(STATUS));
  assertEquals(readStatus(dir.path), STATUS);
});

Deno.test("readStatus() looks no further than the size of a status", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  const long = new Uint8Array(100_000);
  long.set(packSvstatus(STATUS));
  dir.write("supervise/status", long);
  assertEquals(readStatus(dir.path), STATUS);
});

Deno.test("readStatus() tells that a file is too short, missing, or no file", () => {
  using dir = new TemporaryServicedir();
  const action = `unable to read status for ${dir.path}`;
  dir.mkdir("supervise");
  assertThrows(() => readStatus(dir.path), SyscallError, `${action}: No such file or directory`);
  dir.write("supervise/status", "short");
  assertThrows(() => readStatus(dir.path), RangeError, "supervise/status has 5 bytes of 35");
  Deno.removeSync(`${dir.path}/supervise/status`);
  dir.mkdir("supervise/status");
  assertThrows(() => readStatus(dir.path), SyscallError, `${action}: Is a directory`);
});

Deno.test("readStatus() does not wait for a writer of a FIFO", () => {
  using dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  dir.fifo("supervise/status", { read: false });
  assertThrows(
    () => readStatus(dir.path),
    SyscallError,
    `unable to read status for ${dir.path}: it is a FIFO, a socket or a device`,
  );
});
