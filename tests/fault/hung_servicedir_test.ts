/**
 * A service directory on a file system that hangs: its supervisor is a process of its own, and
 * waits; everything else goes on.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Svstatus } from "../../lib/servicedir/core/svstatus.ts";
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree } from "../fixture/tree.ts";
import { Patient } from "./patient.ts";
import { testUnless } from "./refusal.ts";
import { StalledDisk, stalledDiskRefusal } from "./stalled_disk.ts";

const REFUSAL = stalledDiskRefusal();
const SLEEP = "#!/bin/sh\nexec sleep 1000000\n";

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]);
}

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

testUnless(
  REFUSAL,
  "under /init too, a service directory on a file system that hangs has a supervisor of its own",
  async () => {
    requireToolset(OURS);
    await using disk = await StalledDisk.mount();
    using tree = makeTree({ "init=": OURS.bin("hexad"), "etc/services.d/web/run!": SLEEP });
    Deno.mkdirSync(`${disk.path}/db`);
    Deno.writeTextFileSync(`${disk.path}/db/run`, SLEEP, { mode: 0o755 });
    const env = { S6_RUNDIR: tree.path("run"), S6_RUNTIME_PROFILE: tree.path("etc") };
    await using init = start(tree.path("init"), ["sleep", "1000000"], { env, cwd: tree.root });
    const status = (name: string): Svstatus | undefined =>
      tree.exists(`run/service/${name}/supervise/status`)
        ? unpackSvstatus(tree.bytes(`run/service/${name}/supervise/status`))
        : undefined;
    await eventually("web to be up", () => (status("web")?.pid ?? 0) > 0);
    Deno.symlinkSync(`${disk.path}/db`, tree.path("run/service/db"));
    const scan = await run(OURS.bin("s6-svscanctl"), ["-a", tree.path("run/service")]);
    assertEquals([scan.code, scan.stderr], [0, ""]);
    await eventually("db to be up", () => (status("db")?.pid ?? 0) > 0);
    const supervisor = parentOf(status("db")!.pid);
    assertEquals(Deno.readTextFileSync(`/proc/${supervisor}/cmdline`).split("\0").slice(-2), [
      "db",
      "",
    ]);
    assertEquals(parentOf(supervisor), init.pid);
    disk.stall();
    Deno.kill(status("web")!.pid, "SIGKILL");
    const { pid } = status("web")!;
    await eventually("web to be restarted", () => ![0, pid].includes(status("web")?.pid ?? 0));
    disk.goOn();
    init.kill("SIGTERM");
    await init.ended();
    assert(!isAlive(supervisor));
  },
);

testUnless(
  REFUSAL,
  "a live folder of s6-rc on such a file system: its services are s6-svscan's, and changes hear of them",
  async () => {
    await using disk = await StalledDisk.mount();
    await using patient = await Patient.admit({
      ".src/db/type": "longrun\n",
      ".src/db/run!": SLEEP,
    });
    const { tree } = patient;
    const live = `${disk.path}/live`;
    for (
      const [program = "", ...args] of [
        ["s6-rc-compile", tree.path(".db"), tree.path(".src")],
        ["s6-rc-init", "-c", tree.path(".db"), "-l", live, tree.root],
        ["s6-rc", "-l", live, "-t", "15000", "change", "db"],
        ["s6-rc", "-l", live, "-t", "15000", "-d", "change", "db"],
      ]
    ) {
      const { code, stderr } = await run(OURS.bin(program), args);
      assertEquals([program, code, stderr], [program, 0, ""]);
    }
  },
);
