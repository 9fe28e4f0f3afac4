/**
 * A service directory on a file system that hangs: its supervisor is a process of its own, and
 * waits; everything else goes on.
 */
import { assert, assertNotEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { Patient } from "./patient.ts";
import { testUnless } from "./refusal.ts";
import { StalledDisk, stalledDiskRefusal } from "./stalled_disk.ts";

const REFUSAL = stalledDiskRefusal();
const SLEEP = "#!/bin/sh\nexec sleep 1000000\n";

/** With the services web and, on the disk, db. */
async function admit(disk: StalledDisk): Promise<Patient> {
  Deno.mkdirSync(`${disk.path}/db`);
  Deno.writeTextFileSync(`${disk.path}/db/run`, SLEEP, { mode: 0o755 });
  return await Patient.admit({ "web/run!": SLEEP }, {
    healthy: ["web", "db"],
    prepare: (tree) => Deno.symlinkSync(`${disk.path}/db`, tree.path("db")),
  });
}

testUnless(
  REFUSAL,
  "the file system of a service directory hangs: the others are restarted and obey, and it is supervised again when that goes on",
  async () => {
    await using disk = await StalledDisk.mount();
    await using patient = await admit(disk);
    const { pid } = patient.status("db");
    disk.stall();
    Deno.kill(pid, "SIGKILL");
    await eventually("the service to die", () => !isAlive(pid));
    await patient.killAndReturn("web");
    await patient.command("p", "web");
    await patient.command("c", "web");
    await patient.killAndReturn("bystander");
    disk.goOn();
    await eventually(
      "the service to be restarted",
      () => ![0, pid].includes(patient.status("db").pid),
    );
    await patient.command("d", "db");
    await patient.down("db");
    await patient.command("u", "db");
    await patient.up("db");
    assertNotEquals(patient.status("db").pid, pid);
  },
);

testUnless(
  REFUSAL,
  "SIGTERM while the file system of a service directory hangs: all others end, and s6-svscan leaves when that goes on",
  async () => {
    await using disk = await StalledDisk.mount();
    await using patient = await admit(disk);
    const { pid } = patient.status("db");
    disk.stall();
    Deno.kill(pid, "SIGKILL");
    Deno.kill(patient.pid, "SIGTERM");
    await eventually(
      "the others to end",
      () => ["web", "bystander"].every((name) => patient.status(name).pid === 0),
    );
    assert(isAlive(patient.pid));
    disk.goOn();
    await patient.svscan.ended();
  },
);
