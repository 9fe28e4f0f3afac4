/**
 * Long random stories: the fake throws at a second supervisor for a service and at a descriptor
 * that is closed twice.
 */
import { assert, assertEquals } from "@std/assert";
import { EACCES, EMFILE } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { seededRandom } from "../core/seeded_random.ts";
import { Svscan } from "../../fake/svscan.ts";

type Random = (below: number) => number;

/**
 * Up to five services out of six directories, some with a log/, some of whose directories are gone
 * or have moved.
 */
function randomDirectories(random: Random): string {
  const logs = Array.from({ length: 6 }, () => random(2) === 0 ? "" : `+l${random(6)}`);
  const words = ["a", "b", "c", "d"].filter(() => random(4) > 0).map((name) => {
    const directory = random(6);
    return `${name}:d${directory}${logs[directory]}`;
  });
  return [
    ...words,
    ...(random(3) === 0 ? [] : [`s6-svscan-log:special${random(4) === 0 ? "+sl" : ""}`]),
  ].join(" ");
}

function happen(svscan: Svscan, random: Random): void {
  const { port, alive } = svscan;
  switch (random(7)) {
    case 0:
      svscan.holds(randomDirectories(random), random(5) === 0 ? ["b"] : []);
      break;
    case 1:
      svscan.send("aahnN"[random(5)]!);
      break;
    case 2:
      svscan.elapse(random(12_000));
      break;
    case 3:
      if (random(4) === 0) port.faults.pipe = EMFILE;
      else delete port.faults.pipe;
      break;
    case 4:
      if (random(4) === 0) port.faults.supervise = new SyscallError("open it", EACCES);
      else delete port.faults.supervise;
      break;
    case 5:
      if (random(2) === 0) port.unread.clear();
      else for (const fd of port.openFds) port.unread.add(fd);
      break;
    default:
      alive[random(Math.max(alive.length, 1))]?.end();
  }
}

/** Lets those end that were told to, until all is over. */
function endAll(svscan: Svscan, random: Random): void {
  for (let left = 1000; svscan.leaves === 0; left--) {
    const told = svscan.alive.filter((supervisor) => supervisor.told.length > 0);
    assert(
      told.length > 0 && left > 0,
      `nobody is told to end, and ${svscan.alive.map(({ name }) => name)} live`,
    );
    told[random(told.length)]!.end();
  }
}

/**
 * No service is begun twice within a second, but for the life in which a logger only reads to the
 * end.
 */
function assertPaced(svscan: Svscan): void {
  const last = new Map<unknown, number>();
  for (const { service, begunAtMs, told, name } of svscan.port.supervisors) {
    const before = last.get(service.stdio);
    last.set(service.stdio, begunAtMs);
    if (before !== undefined && told[0] !== "HUP") {
      assert(begunAtMs - before >= 1000, `${name} after ${begunAtMs - before} ms`);
    }
  }
}

for (const last of ["t", "q"]) {
  Deno.test(`200 stories of 300 events, then \`${last}\`: it leaves, nobody lives, no descriptor is left`, () => {
    const random = seededRandom(last.charCodeAt(0));
    for (let story = 0; story < 200; story++) {
      const svscan = new Svscan(randomDirectories(random), {
        servicesMax: 4 + random(10),
        ...(random(2) === 0 ? {} : { rescanMs: 5000 }),
      })
        .begin();
      for (let i = 0; i < 300; i++) happen(svscan, random);
      svscan.send(last);
      endAll(svscan, random);
      assertEquals([svscan.leaves, svscan.alive.length, svscan.port.openFds.size], [1, 0, 0]);
      assertPaced(svscan);
    }
  });
}

Deno.test("100 stories that come to rest: all that is in the directory runs, and what is not was pruned", () => {
  const random = seededRandom(100);
  for (let story = 0; story < 100; story++) {
    const svscan = new Svscan(randomDirectories(random)).begin();
    for (let i = 0; i < 300; i++) happen(svscan, random);
    delete svscan.port.faults.pipe;
    delete svscan.port.faults.supervise;
    svscan.port.unread.clear();
    svscan.holds("a:d1+l1 b:d2 c:d3+l3");
    for (let round = 0; round < 5; round++) {
      svscan.send("hN");
      for (const supervisor of svscan.alive) if (supervisor.told.length > 0) supervisor.end();
      svscan.elapse(11_000);
    }
    const known = svscan.scandir.services.map(({ name, devino }) => `${name}:${devino}`).sort();
    assertEquals(known, ["a/log:l1", "a:d1", "b:d2", "c/log:l3", "c:d3"]);
    assertEquals(svscan.alive.length, 5);
    assertEquals(svscan.port.openFds.size, 4);
  }
});
