/**
 * A service directory on a disk of this machine that hangs: whatever is to be written there waits,
 * and nobody else does. The service itself is supervised meanwhile.
 */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import type { Tree } from "../fixture/tree.ts";
import { FrozenDisk, frozenDiskRefusal } from "./frozen_disk.ts";
import { Patient, SLEEP } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";
import { testUnless } from "./refusal.ts";

const REFUSAL = frozenDiskRefusal();
const NAMES = ["db", "cache"] as const;

/** With the services web and, on a disk of their own, db and cache, which tell their pids elsewhere. */
async function admit(): Promise<{ readonly patient: Patient; readonly disk: FrozenDisk }> {
  let disk: FrozenDisk | undefined;
  const prepare = (tree: Tree): void => {
    Deno.mkdirSync(tree.path(".disk"));
    disk = new FrozenDisk(tree.path(".disk"), tree.path(".image"));
    for (const name of NAMES) {
      Deno.mkdirSync(tree.path(".disk", name));
      const run = `#!/bin/sh\necho $$ >${tree.path(`.pid-${name}`)}\nexec sleep 1000000\n`;
      Deno.writeTextFileSync(tree.path(".disk", name, "run"), run, { mode: 0o755 });
      Deno.symlinkSync(`.disk/${name}`, tree.path(name));
    }
  };
  const patient = await Patient.admit({ "web/run!": SLEEP }, {
    healthy: ["web", ...NAMES],
    prepare,
  });
  return { patient, disk: disk! };
}

function toldPid({ tree }: Patient, name: string): number {
  return Number(tree.text(`.pid-${name}`));
}

testUnless(
  REFUSAL,
  "a local disk hangs under service directories: they are restarted, everybody else obeys, and status and events follow when it goes on",
  async () => {
    const { patient: admitted, disk: mounted } = await admit();
    await using patient = admitted;
    using disk = mounted;
    const pids = NAMES.map((name) => toldPid(patient, name));
    disk.freeze();
    for (const pid of pids) Deno.kill(pid, "SIGKILL");
    for (const [i, name] of NAMES.entries()) {
      await eventually(`${name} to be started again`, () => {
        const pid = toldPid(patient, name);
        return pid !== pids[i] && isAlive(pid);
      });
    }
    await patient.says(/the disk on .* is stuck/);
    await patient.killAndReturn("web");
    await patient.command("p", "web");
    await patient.command("c", "web");
    await patient.killAndReturn("bystander");
    patient.svscan.signal("SIGALRM"); // a scan looks at them, too
    await patient.command("d", "db");
    await eventually("db to be ended", () => !isAlive(toldPid(patient, "db")));
    assert(stateLetter(patient.pid) !== "D");
    // nothing of it has been written
    assertEquals(NAMES.map((name) => patient.status(name).pid), pids);
    disk.thaw();
    await patient.says(/the disk on .* goes on/);
    await patient.down("db");
    await eventually(
      "the status of cache",
      () => patient.status("cache").pid === toldPid(patient, "cache"),
    );
    await patient.command("u", "db");
    await patient.up("db");
    await patient.recovered(...NAMES);
  },
);

testUnless(
  REFUSAL,
  "SIGTERM while a local disk hangs under service directories: every service ends, and s6-svscan leaves when it goes on",
  async () => {
    const { patient: admitted, disk: mounted } = await admit();
    await using patient = admitted;
    using disk = mounted;
    const pids = NAMES.map((name) => toldPid(patient, name));
    disk.freeze();
    patient.svscan.signal("SIGTERM");
    await eventually("all services to end", () => pids.every((pid) => !isAlive(pid)));
    await patient.down("web");
    assert(isAlive(patient.pid));
    disk.thaw();
    assertEquals(await patient.svscan.ended(), 0);
  },
);
