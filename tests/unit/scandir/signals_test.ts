/**
 * Signals and control bytes: what they do by themselves, and what a program in .s6-svscan makes of
 * them.
 */
import { assertEquals } from "@std/assert";
import { orderOfByte } from "../../../lib/scandir/core/scandir.ts";
import { scanned, type Svscan } from "../../fake/svscan.ts";

/** One service there, one gone since the last scan, one that has come: each order shows. */
function changed(): Svscan {
  const svscan = scanned("db:d1 old:d2 web:d3").holds("db:d1 web:d3").send("a").holds(
    "db:d1 new:d4",
  );
  svscan.done();
  return svscan;
}

const SCAN = ["scan", "begin new"];
const SCAN_AND_PRUNE = ["scan", "TERM old", "TERM web", "begin new"];
const PRUNE = ["TERM old"];
const TERMINATE = ["TERM db", "TERM old", "TERM web"];

const bytes: readonly (readonly [byte: string, done: readonly string[], leaves: number])[] = [
  ["a", SCAN, 0],
  ["h", SCAN_AND_PRUNE, 0],
  ["n", PRUNE, 0],
  ["N", PRUNE, 0],
  ["an", ["scan", "begin new", "TERM old", "TERM web"], 0],
  ["t", TERMINATE, 0],
  ["i", TERMINATE, 0],
  ["q", TERMINATE, 0],
  ["z", ["reap"], 0],
  ["b", [], 1],
];

for (const [byte, done, leaves] of bytes) {
  Deno.test(`\`${byte}\` on the control FIFO: ${done.join(", ") || "leaves"}`, () => {
    const svscan = changed().send(byte);
    assertEquals([svscan.done(), svscan.leaves], [done, leaves]);
  });
}

const signals: readonly (readonly [name: string, done: readonly string[], leaves: number])[] = [
  ["SIGALRM", SCAN, 0],
  ["SIGHUP", SCAN_AND_PRUNE, 0],
  ["SIGTERM", TERMINATE, 0],
  ["SIGINT", TERMINATE, 0],
  ["SIGQUIT", TERMINATE, 0],
  ["SIGCHLD", ["reap"], 0],
  ["SIGABRT", [], 1],
  ["SIGUSR1", [], 0],
  ["SIGUSR2", [], 0],
  ["SIGPWR", [], 0],
  ["SIGWINCH", [], 0],
];

for (const [name, done, leaves] of signals) {
  Deno.test(`${name} without a program: ${done.join(", ") || (leaves > 0 ? "leaves" : "nothing")}`, () => {
    const svscan = changed().signal(name);
    assertEquals([svscan.done(), svscan.leaves], [done, leaves]);
  });
}

for (
  const name of [
    "SIGHUP",
    "SIGINT",
    "SIGTERM",
    "SIGQUIT",
    "SIGUSR1",
    "SIGUSR2",
    "SIGPWR",
    "SIGWINCH",
  ]
) {
  Deno.test(`${name} with a program: the program and nothing else, each time`, () => {
    const svscan = changed();
    svscan.port.signalPrograms.add(name);
    assertEquals(svscan.signal(name).signal(name).done(), [`program ${name}`, `program ${name}`]);
  });
}

for (const [name, done] of [["SIGCHLD", ["reap"]], ["SIGALRM", SCAN], ["SIGABRT", []]] as const) {
  Deno.test(`${name} can't be given to a program`, () => {
    const svscan = changed();
    svscan.port.signalPrograms.add(name);
    assertEquals(svscan.signal(name).done(), [...done]);
  });
}

Deno.test("QUIT and `q` are hard, TERM, INT, `t` and `i` are not: a logger tells", () => {
  for (const soft of ["SIGTERM", "SIGINT"]) {
    assertEquals(scanned("web:d1+l1").signal(soft).done(), ["TERM web"]);
  }
  for (const soft of "ti") assertEquals(scanned("web:d1+l1").send(soft).done(), ["TERM web"]);
  assertEquals(scanned("web:d1+l1").signal("SIGQUIT").done().sort(), ["TERM web", "TERM web/log"]);
  assertEquals(scanned("web:d1+l1").send("q").done().sort(), ["TERM web", "TERM web/log"]);
});

Deno.test("bytes that mean nothing are told, and nothing more", () => {
  const svscan = changed();
  let unknown = 0;
  for (let byte = 0; byte < 256; byte++) {
    if (orderOfByte(byte) !== undefined) continue;
    svscan.scandir.command(byte);
    unknown++;
  }
  const done = svscan.done();
  assertEquals(done.length, unknown);
  assertEquals(
    done.filter((entry) =>
      !/^warn received unknown control command: ".*" \(ignoring it\)$/.test(entry)
    ),
    [],
  );
  assertEquals(
    done.filter((entry) => entry.includes("\n") || entry.includes("\x1b")),
    [],
    "one line each, and no control characters",
  );
});
