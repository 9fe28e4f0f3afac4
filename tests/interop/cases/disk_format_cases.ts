/**
 * What supervisors leave on the disk, byte for byte and bit for bit: the same for both
 * implementations.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import { OURS } from "../../fixture/toolset.ts";
import { is215, type Pairing, test } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY, type World } from "../world.ts";

const TAI_OF_UNIX_NOW = 37n;

/** `name type mode size` of every file in a directory; sizes of FIFOs are none. */
function listing(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => {
    const { mode, size, isFile } = Deno.lstatSync(`${directory}/${name}`);
    const kind = mode! & 0o170000;
    const type = isFile
      ? "file"
      : kind === 0o010000
      ? "fifo"
      : kind === 0o140000
      ? "socket"
      : "directory";
    return `${name} ${type} ${(mode! & 0o7777).toString(8)}${isFile ? ` ${size}` : ""}`;
  }).toSorted();
}

function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** The status file with its stamps and its pid blanked; the pid is told as zero or not. */
function statusShape(world: World): string {
  const bytes = world.tree.bytes("db/supervise/status");
  assertEquals(bytes.length, 35);
  const { pid } = world.status("db");
  return `${pid === 0 ? "no process" : "a process"}, ${hex(bytes.subarray(32))}`;
}

function assertNow(seconds: bigint): void {
  const off = seconds - (1n << 62n) - TAI_OF_UNIX_NOW - BigInt(Math.floor(Date.now() / 1000));
  assertEquals(off <= 0n && off > -30n, true, `the stamp is off by ${off} s`);
}

function statusCases(p: Pairing): void {
  test(p, "status of a service that is up: wanted up", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    assertEquals(statusShape(world), "a process, 000004");
    assertNow(world.status("db").stampSeconds);
  });
  test(p, "status of a service that is ready: wanted up and ready", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    assertEquals(statusShape(world), "a process, 00000c");
    assertNow(world.status("db").readySeconds);
  });
  test(
    p,
    "status of a service that exited with 3 and is wanted down: ready, the raw wait status big-endian",
    async () => {
      await using world = await openWorld(p, { "db/run!": "#!/bin/sh\nexit 3\n", "db/down": "" });
      await world.events("db").expect("s");
      await world.svc("-o", "db");
      await world.events("db").expect("udD");
      assertEquals(statusShape(world), "no process, 030008");
    },
  );
  test(
    p,
    "status while finish runs: finishing and wanted up, the signal in the wait status",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": STAYS,
        "db/finish!": STAYS,
        "db/timeout-finish": "0",
      });
      await world.events("db").expect("su");
      await world.svc("-t", "db");
      await world.events("db").expect("d");
      assertEquals(statusShape(world), "a process, 000f06");
    },
  );
  test(p, "status of a paused service that is wanted down: paused", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-Op", "db");
    await eventually("the status to say paused", () => world.status("db").paused);
    assertEquals(statusShape(world), "a process, 000001");
  });
  test(p, "status of a service that was never started", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    assertEquals(statusShape(world), is215(p.daemon) ? "no process, 000009" : "no process, 000008");
  });
}

function tallyCases(p: Pairing): void {
  test(
    p,
    "death_tally: 14 bytes a death: stamp, exit code (128 and the signal), signal",
    async () => {
      const run = "#!/bin/sh\nif test -e once; then kill -INT $$; fi\n: >once\nexit 4\n";
      await using world = await openWorld(p, { "db/run!": run, "db/down": "" });
      await world.events("db").expect("s");
      await world.svc("-o", "db");
      await world.events("db").expect("udD");
      const death = world.status("db");
      await world.svc("-o", "db");
      await world.events("db").expect("udD");
      const tally = world.tree.bytes("db/supervise/death_tally");
      assertEquals(tally.length, 28);
      assertEquals([hex(tally.subarray(12, 14)), hex(tally.subarray(26))], ["0400", "8202"]);
      const stamp = new DataView(tally.buffer);
      assertEquals([stamp.getBigUint64(0), stamp.getUint32(8)], [
        death.stampSeconds,
        death.stampNano,
      ]);
    },
  );
}

function fileCases(p: Pairing): void {
  test(p, "the files in supervise, event and .s6-svscan, with their modes", async () => {
    await using world = await openWorld(p, { ".db/run!": STAYS });
    await Deno.remove(world.tree.path(".db/event"), { recursive: true });
    world.tree.rename(".db", "db");
    await world.ok("s6-svscanctl", "-a", ".");
    await eventually(
      "the service to be up",
      () => world.tree.exists("db/supervise/status") && world.status("db").pid > 0,
    );
    assertEquals(
      listing(world.tree.path("db")),
      ["event directory 3730", "run file 755 38", "supervise directory 700"].map((line) =>
        line.replace("38", `${STAYS.length}`)
      ),
    );
    // hexad's locks hold what the next supervisor needs
    const sizes = p.daemon === OURS ? { lock: 141, scanLock: 306 } : { lock: 0, scanLock: 0 };
    assertEquals(listing(world.tree.path("db/supervise")), [
      "control fifo 600",
      "death_tally file 644 0",
      `lock file 644 ${sizes.lock}`,
      "status file 644 35",
    ]);
    assertEquals(listing(world.tree.path("db/event")), []);
    const control = listing(world.tree.root).find((line) => line.startsWith(".s6-svscan "));
    assertEquals(control, ".s6-svscan directory 700");
    // hexad's s6-svscan has a socket there on which s6-rc-init finds it, and one for metrics, which
    // comes after the first starts
    const own = p.daemon === OURS ? ["counts socket 600", "hexad socket 600"] : [];
    if (p.daemon === OURS) {
      await eventually("the socket for counts", () => world.tree.exists(".s6-svscan/counts"));
    }
    assertEquals(
      listing(world.tree.path(".s6-svscan")),
      [
        "control fifo 600",
        ...own,
        `lock file 600 ${sizes.scanLock}`,
      ].sort(),
    );
  });
  test(p, "the locks are POSIX write locks over the whole file, held by a supervisor", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    for (const path of ["db/supervise/lock", ".s6-svscan/lock"]) {
      const { ino } = Deno.statSync(world.tree.path(path));
      const line = Deno.readTextFileSync("/proc/locks").split("\n").find((one) =>
        one.includes(`:${ino} `)
      );
      assertMatch(line ?? `no lock on ${path}`, /POSIX +ADVISORY +WRITE +\d+ \S+ 0 EOF$/);
    }
  });
  test(
    p,
    "a status is replaced, never rewritten: a reader that has it open keeps the old one",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS });
      await world.events("db").expect("su");
      using file = Deno.openSync(world.tree.path("db/supervise/status"));
      const { ino } = file.statSync();
      await world.svc("-d", "db");
      await world.events("db").expect("dD");
      assertEquals(Deno.statSync(world.tree.path("db/supervise/status")).ino === ino, false);
      assertEquals(world.tree.exists("db/supervise/status.new"), false);
    },
  );
  test(
    p,
    "a supervisor removes FIFOs that nobody reads from its fifodir when it starts",
    async () => {
      await using world = await openWorld(p, { ".db/run!": STAYS });
      const stale = `ftrig1:@${"40".padEnd(24, "0")}:stale0`;
      world.tree.add({ [`.db/event/${stale}|`]: "" });
      world.tree.rename(".db", "db");
      await world.ok("s6-svscanctl", "-a", ".");
      await world.events(".db").expect("su");
      assertEquals(world.tree.exists(`db/event/${stale}`), false);
    },
  );
}

export function diskFormatCases(p: Pairing): void {
  statusCases(p);
  tallyCases(p);
  fileCases(p);
}
