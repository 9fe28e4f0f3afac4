/**
 * What is begun, when, with which ends of which pipes; and what becomes of it when the directory
 * changes.
 */
import { assertEquals } from "@std/assert";
import { EACCES, EMFILE, ENFILE, ENOENT } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { UnsuitableError } from "../../../lib/supervise/control.ts";
import { scanned, Svscan } from "../../fake/svscan.ts";

Deno.test("begin: one scan, one supervisor for each service, and then nothing is waited for", () => {
  const svscan = new Svscan("db:d1 web:d2").begin();
  assertEquals(svscan.done(), ["scan", "begin db", "begin web"]);
  assertEquals(svscan.port.timerAtMs, undefined);
});

Deno.test("begin: an empty directory is no reason to leave", () => {
  const svscan = new Svscan("").begin();
  assertEquals(svscan.done(), ["scan"]);
  assertEquals([svscan.leaves, svscan.port.timerAtMs], [0, undefined]);
});

Deno.test("begin: a service and its logger get the ends of one pipe", () => {
  const svscan = new Svscan("web:d1+l1 db:d2+l2").begin();
  assertEquals(svscan.done(), [
    "scan",
    "pipe 100 101",
    "begin web/log stdin 100",
    "begin web stdout 101",
    "pipe 102 103",
    "begin db/log stdin 102",
    "begin db stdout 103",
  ]);
});

Deno.test("begin: the pipe that a killed s6-svscan has left between a service and its logger is taken over", () => {
  const svscan = new Svscan("web:d1+l1 db:d2+l2");
  svscan.port.formerPipes.set("web", { readFd: 50, writeFd: 51 });
  assertEquals(svscan.begin().done(), [
    "scan",
    "former pipe 50 51",
    "begin web/log stdin 50",
    "begin web stdout 51",
    "pipe 100 101",
    "begin db/log stdin 100",
    "begin db stdout 101",
  ]);
});

Deno.test("begin: the catch-all logger gets the console as its standard error, nobody else", () => {
  const svscan = new Svscan("s6-svscan-log:d1 web:d2+l2", { consoleFd: 9 }).begin();
  assertEquals(svscan.did("begin"), [
    "begin s6-svscan-log stderr 9",
    "begin web/log stdin 100",
    "begin web stdout 101",
  ]);
});

Deno.test("begin: 100 services in goes of 32, and between them signals are heard", () => {
  const svscan = new Svscan(Array.from({ length: 100 }, (_, i) => `s${i}:d${i}`).join(" "));
  const goes = [];
  for (let i = 0; i < 4; i++) {
    svscan.scandir.wake();
    goes.push(svscan.alive.length);
    if (i < 3) {
      assertEquals(svscan.port.timerAtMs! <= svscan.port.nowMs, true, "the next go is due at once");
    }
  }
  assertEquals(goes, [32, 64, 96, 100]);
  assertEquals(svscan.elapse(5000).port.settledAt, [100], "the start is over once, and then");
  assertEquals(svscan.port.timerAtMs, undefined);
});

for (const lookPortions of [1, 3]) {
  Deno.test(`begin: the start is over when all have been begun, also when time passes during a scan in ${lookPortions} portions`, () => {
    const svscan = new Svscan(Array.from({ length: 40 }, (_, i) => `s${i}:d${i}`).join(" "));
    const { port } = svscan;
    port.lookPortions = lookPortions;
    port.monotonicMs = () => port.nowMs++;
    svscan.scandir.wake();
    if (lookPortions === 1) assertEquals(svscan.alive.length, 32, "no turn of the loop is waited");
    while (port.turns.length > 0) port.turns.shift()!();
    assertEquals(port.settledAt, [], "it goes on");
    svscan.elapse(1000);
    assertEquals(port.settledAt, [40]);
  });
}

Deno.test("begin: a stop between two goes begins nothing more, and waits for those that were begun", () => {
  const svscan = new Svscan(Array.from({ length: 100 }, (_, i) => `s${i}:d${i}`).join(" "));
  svscan.scandir.wake();
  svscan.signal("SIGTERM").elapse(60_000);
  assertEquals([svscan.did("begin").length, svscan.leaves], [32, 0]);
  for (const supervisor of svscan.alive) supervisor.end();
  assertEquals(svscan.leaves, 1);
});

for (const lifeMs of [0, 1, 999]) {
  Deno.test(`a supervisor that ends after ${lifeMs} ms is begun again one second after it was begun`, () => {
    const svscan = scanned("db:d1").elapse(lifeMs).end("db");
    assertEquals(svscan.elapse(999 - lifeMs).done(), []);
    assertEquals(svscan.elapse(1).done(), ["begin db"]);
  });
}

Deno.test("a supervisor that ends after a second is begun again at once", () => {
  assertEquals(scanned("db:d1").elapse(1000).end("db").elapse(0).done(), ["begin db"]);
});

Deno.test("a supervisor that ends again and again is begun once a second", () => {
  const svscan = scanned("db:d1");
  for (let i = 0; i < 60; i++) svscan.end("db").elapse(1000);
  assertEquals(svscan.did("begin").length, 60);
});

Deno.test("one that is begun again gets the same end of the same pipe, whichever it was", () => {
  const svscan = scanned("web:d1+l1").elapse(5000);
  assertEquals(svscan.end("web/log").elapse(0).done(), ["begin web/log stdin 100"]);
  assertEquals(svscan.elapse(5000).end("web").elapse(0).done(), ["begin web stdout 101"]);
});

for (
  const [error, text] of [
    [new SyscallError("open db", EACCES), "unable to open db: Permission denied"],
    [
      new UnsuitableError("event exists and is not a directory"),
      "event exists and is not a directory",
    ],
  ] as const
) {
  Deno.test(`a service that can't be supervised (${text}): told once, tried again each second, until it can`, () => {
    const svscan = new Svscan("db:d1 web:d2");
    svscan.port.faults.supervise = error;
    svscan.begin().elapse(10_999);
    assertEquals(svscan.did("warn"), [
      `warn unable to supervise db: ${text} (trying again every second)`,
      `warn unable to supervise web: ${text} (trying again every second)`,
    ]);
    delete svscan.port.faults.supervise;
    assertEquals(svscan.elapse(1).done(), ["begin db", "begin web"]);
    assertEquals(svscan.port.timerAtMs, undefined);
  });
}

Deno.test("a service that can't be supervised: another reason is told, and the same one after a success", () => {
  const svscan = new Svscan("db:d1");
  svscan.port.faults.supervise = new SyscallError("open db", EACCES);
  svscan.begin().elapse(2000);
  svscan.port.faults.supervise = new SyscallError("open db", ENFILE);
  svscan.elapse(2000);
  delete svscan.port.faults.supervise;
  svscan.elapse(5000);
  svscan.port.faults.supervise = new SyscallError("open db", ENFILE);
  svscan.end("db").elapse(2000);
  assertEquals(svscan.did("warn").map((text) => text.split(": ")[2]), [
    "Permission denied (trying again every second)",
    "Too many open files in system (trying again within 10 seconds)",
    "Too many open files in system (trying again within 10 seconds)",
  ]);
});

Deno.test("no descriptor for a pipe: told once, neither end is begun, others are; tried again after 1, 2 and 4 seconds", () => {
  const svscan = new Svscan("web:d1+l1 db:d2");
  svscan.port.faults.pipe = EMFILE;
  svscan.begin().elapse(4999);
  assertEquals(svscan.did("warn", "begin"), [
    "warn unable to create a pipe: Too many open files for web/log (2 more services wait; trying again within 10 seconds)",
    "begin db",
  ]);
  delete svscan.port.faults.pipe;
  assertEquals(svscan.elapse(2000).done(), []);
  assertEquals(svscan.elapse(1).done(), [
    "pipe 100 101",
    "begin web/log stdin 100",
    "begin web stdout 101",
  ]);
});

Deno.test("a directory that can't be read: told, tried again after 5 s, what runs stays", () => {
  const svscan = scanned("db:d1");
  svscan.port.faults.list = EACCES;
  assertEquals(svscan.holds("").send("a").done(), [
    "scan",
    "warn unable to open directory .: Permission denied (waiting 5 seconds)",
  ]);
  assertEquals(svscan.elapse(4999).done(), []);
  assertEquals(svscan.elapse(1).did("scan"), ["scan"]);
  delete svscan.port.faults.list;
  assertEquals(svscan.holds("db:d1 web:d2").elapse(5000).done(), ["scan", "begin web"]);
  assertEquals(svscan.port.timerAtMs, undefined);
});

Deno.test("without -t nothing is scanned until somebody asks", () => {
  const svscan = scanned("db:d1").holds("db:d1 web:d2").elapse(86_400_000);
  assertEquals(svscan.done(), []);
  assertEquals(svscan.send("a").done(), ["scan", "begin web"]);
});

Deno.test("with -t the directory is scanned so often", () => {
  const svscan = scanned("db:d1", { rescanMs: 3000 }).holds("db:d1 web:d2");
  assertEquals(svscan.elapse(2999).done(), []);
  assertEquals(svscan.elapse(1).done(), ["scan", "begin web"]);
  assertEquals(svscan.elapse(6000).done(), ["scan", "scan"]);
});

Deno.test("with -t a failed scan is tried again after 5 s or at the usual time, whichever is earlier", () => {
  const rare = scanned("", { rescanMs: 60_000 });
  rare.port.faults.list = ENOENT;
  assertEquals(rare.elapse(60_000).did("scan"), ["scan"]);
  assertEquals(rare.elapse(5000).did("scan"), ["scan"]);
  const often = scanned("", { rescanMs: 1000 });
  often.port.faults.list = ENOENT;
  assertEquals(often.elapse(3000).did("scan"), ["scan", "scan", "scan"]);
});

Deno.test("too many services: those that fit are begun, and a minute later there is another look", () => {
  const svscan = new Svscan("a:d1 b:d2 c:d3", { servicesMax: 2 }).begin();
  assertEquals(svscan.did("begin"), ["begin a", "begin b"]);
  assertEquals(svscan.holds("b:d2 c:d3").end("a").elapse(59_999).did("scan"), []);
  assertEquals(svscan.elapse(1).did("scan", "warn"), ["scan"], "it has been said");
  // a was active until this scan, so it had been begun again
  svscan.end("a");
  assertEquals(svscan.elapse(60_000).did("begin"), ["begin c"]);
});

Deno.test("a directory that is gone: its supervisor is left alone, not begun again when it ends, and its pipe is given back", () => {
  const svscan = scanned("web:d1+l1 db:d2").holds("db:d2").send("a");
  assertEquals(svscan.elapse(5000).done(), ["scan"]);
  assertEquals(svscan.end("web").did("begin", "close", "HUP"), ["close 101", "HUP web/log"]);
  assertEquals(svscan.end("web/log").elapse(60_000).did("begin", "close"), ["close 100"]);
  assertEquals(svscan.scandir.services.map(({ name }) => name), ["db"]);
});

Deno.test("a directory that is gone while its supervisor waits to be begun: forgotten at once", () => {
  const svscan = scanned("web:d1+l1").end("web", "web/log").holds("").send("a");
  assertEquals(svscan.elapse(60_000).did("begin"), []);
  assertEquals([svscan.scandir.services.length, svscan.port.openFds.size], [0, 0]);
});

Deno.test("a directory that comes back before its supervisor has ended: the same service, begun again when it ends", () => {
  const svscan = scanned("db:d1").elapse(5000).holds("").send("a").holds("db:d1").send("a");
  assertEquals(svscan.did("begin"), []);
  assertEquals(svscan.end("db").elapse(0).did("begin"), ["begin db"]);
});

Deno.test("a directory that has another name now: its supervisor stays, the next one is begun under the new name", () => {
  const svscan = scanned("db:d1").elapse(5000).holds("sql:d1").send("a");
  assertEquals(svscan.done(), ["scan"]);
  assertEquals(svscan.end("db").elapse(0).done(), ["begin sql"]);
});

Deno.test("two directories that have swapped their names: nobody is ended, each goes on under its new name with its own logger", () => {
  const svscan = scanned("a:d1+l1 b:d2").elapse(5000).holds("a:d2 b:d1+l1").send("a");
  assertEquals(svscan.done(), ["scan"]);
  assertEquals(svscan.end("a", "b", "a/log").elapse(0).done(), [
    "begin b/log stdin 100",
    "begin b stdout 101",
    "begin a",
  ]);
});

Deno.test("another directory under an old name: the old supervisor is left alone, the new one is begun beside it", () => {
  const svscan = scanned("db:d1").holds("db:d9").send("a");
  assertEquals(svscan.done(), ["scan", "begin db"]);
  assertEquals(svscan.alive.length, 2);
});

Deno.test("two names for one directory: one supervisor", () => {
  assertEquals(new Svscan("a:d1 b:d1").begin().did("begin"), ["begin a"]);
});

Deno.test("a log/ that appears: its logger is begun, and the service writes into the pipe from its next start on", () => {
  const svscan = scanned("web:d1");
  const { stdio } = svscan.supervisor("web").service;
  assertEquals(stdio.stdout, undefined);
  assertEquals(svscan.holds("web:d1+l1").send("a").done(), [
    "scan",
    "pipe 100 101",
    "begin web/log stdin 100",
  ]);
  assertEquals(stdio.stdout, 101);
});

Deno.test("a log/ that vanishes: when its logger has ended, the service's next start writes where s6-svscan writes", () => {
  const svscan = scanned("web:d1+l1");
  const { stdio } = svscan.supervisor("web").service;
  svscan.holds("web:d1").send("a");
  assertEquals([svscan.did("TERM", "HUP", "close"), stdio.stdout], [[], 101]);
  assertEquals(svscan.end("web/log").did("begin", "close"), ["close 100", "close 101"]);
  assertEquals(stdio.stdout, undefined);
});

Deno.test("another log/: begun when the old logger has ended", () => {
  const svscan = scanned("web:d1+l1").holds("web:d1+l9").send("a");
  assertEquals(svscan.did("begin", "warn"), ["warn old logger of web still exists, waiting"]);
  assertEquals(svscan.end("web/log").elapse(9999).did("begin"), []);
  assertEquals(svscan.elapse(1).did("scan", "pipe", "begin"), [
    "scan",
    "pipe 102 103",
    "begin web/log stdin 102",
  ]);
});

Deno.test("an unclear name: its service stays, and is begun again when it ends", () => {
  const svscan = scanned("web:d1+l1").elapse(5000).holds("", ["web"]).send("h");
  assertEquals(svscan.did("TERM", "HUP"), []);
  assertEquals(svscan.end("web").elapse(0).did("begin"), ["begin web stdout 101"]);
});
