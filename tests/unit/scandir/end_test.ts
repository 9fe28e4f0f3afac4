/**
 * The order in which all ends: services, then what logs for them, then the catch-all logger. And
 * the prune of what is gone.
 */
import { assertEquals } from "@std/assert";
import { EACCES } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { scanned, Svscan } from "../../fake/svscan.ts";

Deno.test("terminate: services are told at once, a logger when its service has ended and nobody holds the pipe's writing end", () => {
  const svscan = scanned("web:d1+l1 db:d2+l2 cron:d3").send("t");
  assertEquals(svscan.done(), ["TERM web", "TERM db", "TERM cron"]);
  assertEquals(svscan.end("db").done(), ["close 103", "HUP db/log"]);
  assertEquals(svscan.end("web").done(), ["close 101", "HUP web/log"]);
  assertEquals([svscan.end("web/log", "cron").done(), svscan.leaves], [["close 100"], 0]);
  assertEquals([svscan.end("db/log").done(), svscan.leaves], [["close 102"], 1]);
  assertEquals(svscan.port.openFds.size, 0);
});

Deno.test("terminate: the catch-all logger is last, after our output has been let go", () => {
  const svscan = scanned("s6-svscan-log:d1 web:d2+l2 db:d3").send("t");
  assertEquals(svscan.done(), ["TERM web", "TERM db"]);
  svscan.end("db", "web");
  assertEquals(svscan.done(), ["close 101", "HUP web/log"]);
  assertEquals(svscan.end("web/log").done(), ["close 100", "output released", "HUP s6-svscan-log"]);
  assertEquals([svscan.leaves, svscan.end("s6-svscan-log").leaves], [0, 1]);
});

Deno.test("terminate: the catch-all logger alone is let go at once", () => {
  assertEquals(scanned("s6-svscan-log:d1").send("t").done(), [
    "output released",
    "HUP s6-svscan-log",
  ]);
});

Deno.test("terminate: our output is let go once, whatever else is asked while the catch-all logger ends", () => {
  const svscan = scanned("s6-svscan-log:d1 db:d2").send("t").end("db").send("tq");
  assertEquals(svscan.did("output", "HUP"), ["output released", "HUP s6-svscan-log"]);
  assertEquals(svscan.end("s6-svscan-log").leaves, 1);
});

Deno.test("terminate: a catch-all logger that has a logger of its own: both end, it first", () => {
  const svscan = scanned("s6-svscan-log:d1+l1 db:d2").send("t").end("db");
  assertEquals(svscan.did("TERM", "HUP", "output"), [
    "TERM db",
    "output released",
    "HUP s6-svscan-log",
  ]);
  assertEquals(svscan.end("s6-svscan-log").did("close", "HUP"), [
    "close 101",
    "HUP s6-svscan-log/log",
  ]);
  assertEquals([svscan.end("s6-svscan-log/log").leaves, svscan.port.openFds.size], [1, 0]);
});

Deno.test("terminate: nothing to end: leaves at once, and once", () => {
  const svscan = scanned("").send("ttq");
  assertEquals(svscan.leaves, 1);
});

Deno.test("terminate: services that end while they are told to (nothing of them runs): the same order", () => {
  const svscan = scanned("s6-svscan-log:d1 web:d2+l2 db:d3");
  for (const name of ["s6-svscan-log", "web", "web/log", "db"]) svscan.port.endsAtOnce.add(name);
  assertEquals(svscan.send("t").done(), [
    "TERM web",
    "close 101",
    "HUP web/log",
    "close 100",
    "TERM db",
    "output released",
    "HUP s6-svscan-log",
  ]);
  assertEquals(svscan.leaves, 1);
});

Deno.test("terminate: what waits to be begun again is not waited for", () => {
  const svscan = scanned("web:d1+l1 db:d2").end("db", "web").send("t");
  assertEquals(svscan.did("TERM", "HUP", "close"), ["close 101", "HUP web/log"]);
  assertEquals(svscan.end("web/log").leaves, 1);
  assertEquals(svscan.elapse(60_000).did("begin", "scan"), []);
});

for (
  const [what, service, without] of [["logger", "web/log", "web:d1"], [
    "catch-all logger",
    "s6-svscan-log",
    "web:d1+l1",
  ]] as const
) {
  Deno.test(`terminate: a ${what} that was pruned, came back and waits to be begun again is not waited for`, () => {
    const all = "web:d1+l1 s6-svscan-log:d2";
    const svscan = scanned(all).holds(without === "web:d1" ? "web:d1 s6-svscan-log:d2" : without)
      .send("h").holds(all).send("a");
    svscan.end(service).send("t").end("web");
    for (const supervisor of svscan.alive) supervisor.end();
    for (const supervisor of svscan.alive) supervisor.end();
    assertEquals([svscan.leaves, svscan.port.openFds.size], [1, 0]);
  });
}

Deno.test("terminate: what could never be begun does not keep it", () => {
  const svscan = new Svscan("db:d1 web:d2+l2");
  svscan.port.faults.supervise = new SyscallError("open db", EACCES);
  svscan.begin().send("t");
  assertEquals([svscan.leaves, svscan.port.openFds.size], [1, 0]);
});

Deno.test("terminate: nothing is scanned or begun any more, whatever is asked", () => {
  const svscan = scanned("db:d1", { rescanMs: 1000 }).holds("db:d1 web:d2").send("t");
  svscan.done();
  assertEquals(svscan.send("ah").signal("SIGALRM").elapse(60_000).did("scan", "begin"), []);
  assertEquals(svscan.port.timerAtMs, undefined);
});

for (const again of ["t", "i"]) {
  Deno.test(`terminate a second time (\`${again}\`) does no harm: nobody is told twice`, () => {
    const svscan = scanned("web:d1+l1 db:d2").send("t");
    svscan.done();
    assertEquals(svscan.send(again).signal("SIGTERM").signal("SIGINT").done(), []);
    svscan.end("db", "web");
    svscan.done();
    assertEquals(svscan.send(again).done(), []);
    assertEquals(svscan.end("web/log").send(again).leaves, 1);
  });
}

Deno.test("terminate: a logger that ends with unread bytes gets one more life, in which it reads to the end", () => {
  const svscan = scanned("web:d1+l1").send("t").end("web");
  svscan.port.unread.add(100);
  svscan.done();
  assertEquals(svscan.end("web/log").done(), ["begin web/log stdin 100", "HUP web/log"]);
  assertEquals([svscan.leaves, svscan.end("web/log").did("begin", "close"), svscan.leaves], [0, [
    "close 100",
  ], 1]);
});

Deno.test("terminate: a logger that has read everything gets no other life", () => {
  const svscan = scanned("web:d1+l1").send("t").end("web", "web/log");
  assertEquals([svscan.did("begin"), svscan.leaves], [[], 1]);
});

Deno.test("terminate: a logger that ends before its service: its last life reads what the service still says", () => {
  const svscan = scanned("web:d1+l1").send("t");
  svscan.port.unread.add(100);
  svscan.done();
  assertEquals(svscan.end("web/log").done(), ["begin web/log stdin 100", "HUP web/log"]);
  assertEquals(svscan.end("web").done(), ["close 101"]);
  assertEquals(svscan.end("web/log").leaves, 1);
});

Deno.test("terminate: the one more life that can't be begun is told, and does not keep it", () => {
  const svscan = scanned("web:d1+l1").send("t").end("web");
  svscan.port.unread.add(100);
  svscan.port.faults.supervise = new SyscallError("open web/log", EACCES);
  svscan.end("web/log");
  assertEquals(svscan.did("warn"), [
    "warn unable to supervise web/log: unable to open web/log: Permission denied (trying again every second)",
  ]);
  assertEquals([svscan.leaves, svscan.port.openFds.size], [1, 0]);
});

Deno.test("hard terminate: all are told TERM, loggers among them, and unread bytes give no other life", () => {
  const svscan = scanned("s6-svscan-log:d3 web:d1+l1").send("q");
  svscan.port.unread.add(100);
  assertEquals(svscan.did("TERM", "HUP").sort(), [
    "TERM s6-svscan-log",
    "TERM web",
    "TERM web/log",
  ]);
  svscan.end("web/log", "s6-svscan-log", "web");
  assertEquals([svscan.did("begin"), svscan.leaves, svscan.port.openFds.size], [[], 1, 0]);
});

Deno.test("hard terminate after a soft one: those that are left are told TERM; a third one does nothing", () => {
  const svscan = scanned("web:d1+l1 db:d2").send("t").end("web");
  svscan.done();
  assertEquals(svscan.send("q").did("TERM", "HUP"), ["TERM web/log", "TERM db"]);
  assertEquals(svscan.send("qt").did("TERM", "HUP"), []);
  svscan.end("web/log", "db");
  assertEquals(svscan.leaves, 1);
});

Deno.test("abort: leaves at once, nobody is told anything", () => {
  const svscan = scanned("web:d1+l1").send("b");
  assertEquals([svscan.did("TERM", "HUP", "close"), svscan.leaves, svscan.port.timerAtMs], [
    [],
    1,
    undefined,
  ]);
});

Deno.test("abort while all are ending: leaves at once", () => {
  assertEquals(scanned("web:d1+l1").send("tb").leaves, 1);
});

Deno.test("after it has left nothing is scanned, begun or told, and it leaves no second time", () => {
  const svscan = scanned("db:d1 web:d2").send("b").holds("db:d1 web:d2 new:d3");
  svscan.done();
  svscan.send("aht").signal("SIGALRM").elapse(60_000);
  assertEquals([svscan.did("scan", "begin", "TERM"), svscan.leaves, svscan.port.timerAtMs], [
    [],
    1,
    undefined,
  ]);
});

Deno.test("prune: what was gone at the last scan is told TERM, what is there is not", () => {
  const svscan = scanned("db:d1 web:d2").holds("web:d2").send("a");
  svscan.done();
  assertEquals(svscan.send("n").done(), ["TERM db"]);
  assertEquals(svscan.end("db").elapse(60_000).did("begin"), []);
});

Deno.test("prune does not look at the directory by itself, `h` does", () => {
  const svscan = scanned("db:d1 web:d2").holds("web:d2");
  assertEquals(svscan.send("n").done(), []);
  assertEquals(svscan.send("h").done(), ["scan", "TERM db"]);
});

Deno.test("`h` prunes after its own scan and after no other", () => {
  const svscan = scanned("db:d1 web:d2").send("h").holds("web:d2").send("a");
  assertEquals(svscan.did("TERM"), []);
});

Deno.test("prune of a service with its logger: the logger after the service, when nothing can come any more", () => {
  const svscan = scanned("web:d1+l1 db:d2").holds("db:d2").send("h");
  assertEquals(svscan.did("TERM", "HUP"), ["TERM web"]);
  assertEquals(svscan.end("web").done(), ["close 101", "HUP web/log"]);
  assertEquals(svscan.end("web/log").done(), ["close 100"]);
  assertEquals(svscan.scandir.services.map(({ name }) => name), ["db"]);
});

Deno.test("hard prune: service and logger are both told TERM", () => {
  const svscan = scanned("web:d1+l1 db:d2").holds("db:d2").send("aN");
  assertEquals(svscan.did("TERM", "HUP").sort(), ["TERM web", "TERM web/log"]);
});

Deno.test("prune of a catch-all logger: HUP", () => {
  assertEquals(scanned("s6-svscan-log:d1 db:d2").holds("db:d2").send("h").did("TERM", "HUP"), [
    "HUP s6-svscan-log",
  ]);
});

Deno.test("prune of a logger whose log/ is gone: HUP, the service stays", () => {
  const svscan = scanned("web:d1+l1").holds("web:d1").send("h");
  assertEquals(svscan.did("TERM", "HUP"), ["HUP web/log"]);
  assertEquals(svscan.end("web/log").did("close"), ["close 100", "close 101"]);
});

Deno.test("prune: a pruned logger with unread bytes gets its one more life too", () => {
  const svscan = scanned("web:d1+l1").holds("").send("h").end("web");
  svscan.port.unread.add(100);
  svscan.done();
  assertEquals(svscan.end("web/log").done(), ["begin web/log stdin 100", "HUP web/log"]);
  assertEquals(svscan.end("web/log").did("begin", "close"), ["close 100"]);
});

Deno.test("prune when the directory can't be read: nobody is ended, until it can", () => {
  const svscan = scanned("db:d1").holds("");
  svscan.port.faults.list = EACCES;
  assertEquals(svscan.send("h").did("TERM"), []);
  delete svscan.port.faults.list;
  assertEquals(svscan.elapse(5000).did("scan", "TERM"), ["scan", "TERM db"]);
});

Deno.test("a pruned service whose directory comes back before it has ended is begun again", () => {
  const svscan = scanned("db:d1").elapse(5000).holds("").send("h").holds("db:d1").send("a");
  assertEquals(svscan.end("db").elapse(0).did("begin"), ["begin db"]);
});

Deno.test("terminate after a prune that is not through: nobody is told twice what it was told", () => {
  const svscan = scanned("web:d1+l1 db:d2").holds("db:d2").send("h").end("web");
  svscan.done();
  assertEquals(svscan.send("t").done(), ["TERM db"]);
  svscan.end("db", "web/log");
  assertEquals([svscan.leaves, svscan.port.openFds.size], [1, 0]);
});
