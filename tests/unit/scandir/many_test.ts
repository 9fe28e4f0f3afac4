/**
 * Very many services that can't be begun, names that are wrong, orders that are the same: little
 * work and few lines.
 */
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { EACCES, EMFILE } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { scanned, Svscan } from "../../fake/svscan.ts";

const MANY = Array.from({ length: 20_000 }, (_, i) => `s${i}:d${i}`).join(" ");

/** Services that are tried to be begun count themselves. */
function countTries(svscan: Svscan, error: Error): { count: number } {
  const tries = { count: 0 };
  svscan.port.supervise = () => {
    tries.count++;
    throw error;
  };
  return tries;
}

Deno.test("20,000 services and no descriptor: one line, and some tries in ten seconds for all of them together", () => {
  const svscan = new Svscan(MANY, { servicesMax: 30_000 });
  const tries = countTries(svscan, new SyscallError("open it", EMFILE));
  svscan.begin().elapse(60_000);
  assertEquals(svscan.did("warn"), [
    "warn unable to supervise s0: unable to open it: Too many open files (19999 more services wait; trying again within 10 seconds)",
  ]);
  assertLessOrEqual(tries.count, 10 * 32); // after 0, 1, 3, 7, 15, 25, 35, 45 and 55 seconds
});

Deno.test("no descriptor: when a supervisor ends or a scan is asked for it is tried at once, and with room all are begun", () => {
  const names = Array.from({ length: 100 }, (_, i) => `s${i}:d${i}`).join(" ");
  const svscan = scanned("db:d-db");
  svscan.port.faults.supervise = new SyscallError("open it", EMFILE);
  svscan.holds(`db:d-db ${names}`).send("a").elapse(25_500);
  svscan.done();
  delete svscan.port.faults.supervise;
  assertEquals(svscan.end("db").elapse(0).did("begin").length, 101);
  assertEquals(svscan.port.timerAtMs, undefined);
  svscan.port.faults.supervise = new SyscallError("open it", EMFILE);
  svscan.holds(`db:d-db ${names} late:d-late`).send("a").elapse(25_500);
  delete svscan.port.faults.supervise;
  assertEquals(svscan.send("a").elapse(0).did("begin"), ["begin late"]);
});

Deno.test("20,000 services each of which has a fault of its own: 33 lines, and some hundred tries a second", () => {
  const svscan = new Svscan(MANY, { servicesMax: 30_000 });
  const tries = countTries(svscan, new SyscallError("open it", EACCES));
  svscan.begin();
  const warnings = svscan.elapse(0).did("warn");
  assertEquals([warnings.length, warnings.at(-1)], [
    33,
    "warn more than 32 services can't be supervised (telling no more of them, trying again; hexad check tells what is wrong)",
  ]);
  assertEquals(tries.count, 20_000);
  assertEquals(svscan.elapse(300_000).did("warn"), []);
  assertLessOrEqual(tries.count, 20_000 * 7);
});

Deno.test("20,000 services more than there may be: one line when it is scanned, and no other until somebody asks", () => {
  const svscan = new Svscan(MANY, { servicesMax: 10 }).begin();
  const line =
    "warn unable to start supervisor for s10 and 19989 others: too many services (s6-svscan -C raises the limit of 10)";
  assertEquals(svscan.did("warn"), [line]);
  assertEquals(svscan.elapse(600_000).did("warn"), []);
  assertEquals(svscan.send("a").did("warn"), [line]);
});

Deno.test("names that are wrong: told at each scan that is asked for, else only when they are new, and never more than 32", () => {
  const svscan = scanned("", { rescanMs: 1000 });
  svscan.port.warnings = ["one"];
  assertEquals(svscan.elapse(5000).did("warn"), ["warn one"]);
  svscan.port.warnings = ["one", "two"];
  assertEquals(svscan.elapse(1000).did("warn"), ["warn two"]);
  assertEquals(svscan.send("a").did("warn"), ["warn one", "warn two"]);
  svscan.port.warnings = Array.from({ length: 1000 }, (_, i) => `name ${i}`);
  const many = svscan.elapse(1000).did("warn");
  assertEquals([many.length, many.at(-1)], [
    33,
    "warn 968 more warnings of this scan (not telling them)",
  ]);
});

Deno.test("512 orders to scan and to prune that come together are one scan and one pruning", () => {
  const svscan = scanned("web:d1 db:d2").holds("db:d2");
  svscan.scandir.command(...Array.from({ length: 512 }, (_, i) => "an"[i % 2]!.charCodeAt(0)));
  assertEquals(svscan.done(), ["scan", "TERM web"]);
  svscan.scandir.command(...Array.from({ length: 512 }, (_, i) => "nNha"[i % 4]!.charCodeAt(0)));
  assertEquals(svscan.did("scan"), ["scan"]);
});

Deno.test("512 bytes that are no orders are one line", () => {
  const svscan = scanned("db:d1");
  svscan.scandir.command(...Array.from({ length: 512 }, (_, i) => "XYZ"[i % 3]!.charCodeAt(0)));
  assertEquals(svscan.done(), [
    'warn received unknown control command: "X" and 2 others (ignoring it)',
  ]);
});

Deno.test("a scan that takes several portions: between them orders are heard, and what it means is done at its end", () => {
  const svscan = scanned("db:d1");
  const { port } = svscan;
  port.lookPortions = 3;
  const turn = (): void => port.turns.shift()!();
  svscan.holds("db:d1 web:d2").send("a");
  assertEquals(svscan.done(), ["scan"]);
  turn();
  svscan.holds("web:d2").send("h");
  assertEquals([svscan.done(), port.timerAtMs], [[], undefined], "the look is not over");
  turn();
  assertEquals(
    svscan.done(),
    ["scan", "begin web"],
    "what was asked for meanwhile is looked at now",
  );
  turn();
  turn();
  assertEquals([svscan.done(), port.turns.length], [["TERM db"], 0]);
  svscan.send("a").send("t");
  for (const name of ["db", "web"]) svscan.end(name);
  while (port.turns.length > 0) turn();
  assert(svscan.leaves === 1);
});
