/**
 * An essential service that has ended takes all others with it, in order, and leaves its exit code.
 */
import { assertEquals } from "@std/assert";
import type { Caretaker } from "../../../lib/scandir/caretaker.ts";
import { scanned } from "../../fake/svscan.ts";

const warning = (name: string, code: number): string =>
  `warn the essential service ${name} has ended for good with exit code ${code} (ending all services)`;

Deno.test("essential: its end is said and ends all as -t does, loggers after their services; its exit code is kept", () => {
  const svscan = scanned("web:d1+l1 db:d2");
  svscan.supervisor("db").service.onEssentialEnd(3);
  assertEquals(svscan.done(), [warning("db", 3), "TERM web", "TERM db"]);
  assertEquals(svscan.end("db", "web").did("HUP"), ["HUP web/log"]);
  assertEquals([svscan.leaves, svscan.end("web/log").leaves, svscan.scandir.exitCode], [0, 1, 3]);
});

Deno.test("essential: none: no exit code", () => {
  assertEquals(scanned("web:d1").send("t").end("web").scandir.exitCode, undefined);
});

Deno.test("essential: the first end counts, 0 as well", () => {
  const svscan = scanned("web:d1 db:d2");
  const [web, db] = [svscan.supervisor("web"), svscan.supervisor("db")];
  web.service.onEssentialEnd(0);
  db.service.onEssentialEnd(111);
  assertEquals([svscan.did("warn"), svscan.scandir.exitCode], [[warning("web", 0)], 0]);
});

Deno.test("essential: its end while everything ends already: the exit code, and nobody is told twice", () => {
  const svscan = scanned("web:d1 db:d2").send("t");
  svscan.done();
  svscan.supervisor("web").service.onEssentialEnd(7);
  assertEquals([svscan.done(), svscan.scandir.exitCode], [[], 7]);
});

Deno.test("essential: after everything was left behind (-b), its end means nothing any more", () => {
  const svscan = scanned("web:d1");
  const web = svscan.supervisor("web");
  svscan.send("b");
  web.service.onEssentialEnd(7);
  assertEquals([svscan.leaves, svscan.scandir.exitCode], [1, undefined]);
});

Deno.test("essential: where a caretaker ends the tree, it is asked to, and finds the exit code", () => {
  const heard: unknown[] = [];
  const caretaker: Caretaker = {
    onEndAsked: (order) => void heard.push(order, svscan.scandir.exitCode),
    onServicesEnded: () => {},
  };
  const svscan = scanned("web:d1", { caretaker });
  svscan.supervisor("web").service.onEssentialEnd(5);
  assertEquals(heard, ["terminate", 5]);
});

Deno.test("essential: stopped with all others, while nobody had asked for it to be down: what its last life ended with", () => {
  const svscan = scanned("web:d1 db:d2").send("t");
  svscan.supervisor("db").end();
  svscan.supervisor("web").end(143);
  assertEquals([svscan.leaves, svscan.scandir.exitCode], [1, 143]);
});

Deno.test("essential: an administrator had stopped it before the end of everything: no exit code", () => {
  const svscan = scanned("web:d1");
  svscan.supervisor("web").unasked = false;
  svscan.send("t").supervisor("web").end(143);
  assertEquals([svscan.leaves, svscan.scandir.exitCode], [1, undefined]);
});

Deno.test("essential: it is asked about before it is told to end, which makes it unwanted", () => {
  const svscan = scanned("web:d1").send("t");
  const web = svscan.supervisor("web");
  web.unasked = false;
  svscan.send("q");
  web.end(143);
  assertEquals(svscan.scandir.exitCode, 143);
});

Deno.test("essential: its supervisor ends while all others stay, and begins anew: no exit code", () => {
  const svscan = scanned("web:d1");
  svscan.supervisor("web").end(1);
  svscan.elapse(1000).send("t").end("web");
  assertEquals([svscan.leaves, svscan.scandir.exitCode], [1, undefined]);
});

Deno.test("essential: one that has ended for good comes before those that are stopped", () => {
  const svscan = scanned("web:d1 db:d2");
  svscan.supervisor("db").service.onEssentialEnd(3);
  svscan.supervisor("web").end(143);
  svscan.supervisor("db").end(3);
  assertEquals([svscan.leaves, svscan.scandir.exitCode], [1, 3]);
});
