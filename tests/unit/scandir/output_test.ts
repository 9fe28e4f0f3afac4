/**
 * Services without a logger whose output is named: a pipe, a log that reads it, and who ends when.
 */
import { assertEquals } from "@std/assert";
import { EMFILE } from "../../../lib/core/linux/errno.ts";
import { scanned, Svscan } from "../../fake/svscan.ts";

const NAMED = { namesOutput: true };

Deno.test("a service without a logger writes both of its outputs into a pipe that a log reads; one with a logger does not", () => {
  const svscan = new Svscan("web:d1 db:d2+l2 s6-svscan-log:d3", NAMED).begin();
  assertEquals(svscan.done(), [
    "scan",
    "pipe 100 101",
    "output of web from 100",
    "begin web stdout 101 stderr 101",
    "pipe 102 103",
    "begin db/log stdin 102",
    "begin db stdout 103",
    "begin s6-svscan-log",
  ]);
});

Deno.test("the pipe that a killed s6-svscan has left is read again", () => {
  const svscan = new Svscan("web:d1", NAMED);
  svscan.port.formerPipes.set("web", { readFd: 50, writeFd: 51 });
  assertEquals(svscan.begin().done(), [
    "scan",
    "former pipe 50 51",
    "output of web from 50",
    "begin web stdout 51 stderr 51",
  ]);
});

Deno.test("a restart of its supervisor keeps the pipe", () => {
  const svscan = scanned("web:d1", NAMED).end("web").elapse(1000);
  assertEquals(svscan.done(), ["begin web stdout 101 stderr 101"]);
});

Deno.test("no descriptor for the pipe: said once, tried again", () => {
  const svscan = new Svscan("web:d1", NAMED);
  svscan.port.faults.pipe = EMFILE;
  svscan.begin().elapse(2500);
  assertEquals(svscan.did("warn", "begin"), [
    "warn unable to create a pipe: Too many open files for web (trying again within 10 seconds)",
  ]);
  delete svscan.port.faults.pipe;
  assertEquals(svscan.elapse(1000).did("begin"), ["begin web stdout 101 stderr 101"]);
});

Deno.test("the end: the process leaves when the last log of output has ended", () => {
  const svscan = scanned("web:d1 db:d2", NAMED).send("t").end("web", "db");
  assertEquals(svscan.did("close", "output"), [
    "close 101",
    "output of web ends",
    "close 103",
    "output of db ends",
  ]);
  assertEquals(svscan.leaves, 0);
  svscan.port.outputEnds.get("web")!();
  assertEquals(svscan.leaves, 0);
  svscan.port.outputEnds.get("db")!();
  assertEquals([svscan.leaves, svscan.port.openFds.size], [1, 0]);
});

Deno.test("the end: logs of output are over before the catch-all logger is told to end", () => {
  const svscan = scanned("web:d1 s6-svscan-log:d2", NAMED).send("t").end("web");
  assertEquals(svscan.did("HUP"), []);
  svscan.port.outputEnds.get("web")!();
  assertEquals(svscan.did("output", "HUP"), ["output released", "HUP s6-svscan-log"]);
});

Deno.test("a service that is pruned lets go of its log", () => {
  const svscan = scanned("web:d1 db:d2", NAMED).holds("db:d2").send("an").end("web");
  assertEquals(svscan.did("TERM", "close", "output"), [
    "TERM web",
    "close 101",
    "output of web ends",
  ]);
  svscan.port.outputEnds.get("web")!();
  assertEquals([svscan.leaves, svscan.port.openFds.size], [0, 2]);
});

Deno.test("a logger that comes later takes the place of the log", () => {
  const svscan = scanned("web:d1", NAMED).holds("web:d1+l1").send("a");
  assertEquals(svscan.did("pipe", "close", "output", "begin"), [
    "pipe 102 103",
    "close 101",
    "output of web ends",
    "begin web/log stdin 102",
  ]);
  assertEquals(svscan.supervisor("web").service.stdio.stdout, 103);
  assertEquals(svscan.supervisor("web").service.stdio.stderr, undefined);
});
