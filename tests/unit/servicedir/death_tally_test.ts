import { assertEquals, assertThrows } from "@std/assert";
import { type Death, packDtally } from "../../../lib/servicedir/core/dtally.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { clearDtally, readDtally } from "../../../lib/servicedir/death_tally.ts";
import { TemporaryServicedir } from "./temporary_servicedir.ts";

function deaths(count: number): Death[] {
  return Array.from(
    { length: count },
    (_, i) => ({ stamp: { sec: BigInt(i), nano: i }, exitcode: i % 256, sig: 0 }),
  );
}

function supervised(): TemporaryServicedir {
  const dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  return dir;
}

Deno.test("readDtally() gives the deaths, oldest first", () => {
  using dir = supervised();
  dir.write("supervise/death_tally", packDtally(deaths(3)));
  assertEquals(readDtally(dir.path), deaths(3));
});

Deno.test("readDtally() gives the newest if there are more than asked for", () => {
  using dir = supervised();
  dir.write("supervise/death_tally", packDtally(deaths(100)));
  assertEquals(readDtally(dir.path, 2), deaths(100).slice(-2));
});

Deno.test("readDtally() never gives more than the most that a tally may hold", () => {
  using dir = supervised();
  dir.write("supervise/death_tally", packDtally(deaths(5000)));
  assertEquals(readDtally(dir.path), deaths(5000).slice(-4096));
});

Deno.test("readDtally() takes a file of a wrong size for empty and leaves it alone", () => {
  using dir = supervised();
  dir.write("supervise/death_tally", "garbage");
  assertEquals(readDtally(dir.path), []);
  assertEquals(Deno.readTextFileSync(`${dir.path}/supervise/death_tally`), "garbage");
});

Deno.test("readDtally(): no tally is an empty one, no supervise directory is an error", () => {
  using dir = supervised();
  assertEquals(readDtally(dir.path), []);
  assertThrows(
    () => readDtally(`${dir.path}/supervise`),
    SyscallError,
    `unable to read death tally for service ${dir.path}/supervise: No such file or directory`,
  );
});

Deno.test("readDtally() refuses what is no file", () => {
  using dir = supervised();
  dir.fifo("supervise/death_tally", { read: false });
  assertThrows(() => readDtally(dir.path), SyscallError, "it is a FIFO, a socket or a device");
});

Deno.test("clearDtally() empties the tally and leaves no other file", () => {
  using dir = supervised();
  dir.write("supervise/death_tally", packDtally(deaths(3)));
  clearDtally(dir.path);
  assertEquals(readDtally(dir.path), []);
  assertEquals([...Deno.readDirSync(`${dir.path}/supervise`)].map((entry) => entry.name), [
    "death_tally",
  ]);
});

Deno.test("clearDtally() says which service it could not do it for", () => {
  assertThrows(
    () => clearDtally("/nonexistent"),
    SyscallError,
    "unable to clear death tally for service /nonexistent: No such file or directory",
  );
});
