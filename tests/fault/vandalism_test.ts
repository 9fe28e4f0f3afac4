/**
 * Files of supervise/ and whole directories that are removed, replaced or filled with garbage while
 * their service runs.
 */
import { assertEquals } from "@std/assert";
import { unpackDtally } from "../../lib/servicedir/core/dtally.ts";
import { SIGKILL } from "../../lib/core/linux/signals.ts";
import { SVSTATUS_SIZE } from "../../lib/servicedir/core/svstatus.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { seededRandom } from "../unit/core/seeded_random.ts";
import { Patient, SLEEP } from "./patient.ts";

/** It tells its process by itself, for what tells it is going to be destroyed. */
const RUN = "#!/bin/sh\necho $$ >pid\nexec sleep 1000000\n";

function admit(): Promise<Patient> {
  return Patient.admit({ "ill/run!": RUN }, { healthy: ["ill"] });
}

/** Kills the service. @returns when another process has taken its place */
async function killAndReturn(patient: Patient): Promise<void> {
  const before = patient.tree.text("ill/pid");
  Deno.kill(Number(before), "SIGKILL");
  await eventually("another process", () => !["", before].includes(patient.tree.text("ill/pid")));
}

async function svscanctl(patient: Patient, letters: string): Promise<void> {
  assertEquals((await patient.client("s6-svscanctl", [`-${letters}`, patient.tree.root])).code, 0);
}

/**
 * Takes the service away from s6-svscan and gives it back: another supervisor takes possession of
 * its directory.
 */
async function renew(patient: Patient): Promise<void> {
  const pid = Number(patient.tree.text("ill/pid"));
  patient.tree.rename("ill", ".ill");
  await svscanctl(patient, "an");
  await eventually("the old process to be gone", () => !isAlive(pid));
  patient.tree.rename(".ill", "ill");
  await svscanctl(patient, "a");
  await eventually(
    "another process",
    () => !["", String(pid)].includes(patient.tree.text("ill/pid").trim()),
  );
}

for (const file of ["status", "death_tally"] as const) {
  const random = seededRandom(4);
  const garbage = (length: number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length }, () => random(256));
  for (const length of [0, 1, SVSTATUS_SIZE - 1, SVSTATUS_SIZE, 14 * 3, 100_000]) {
    Deno.test(`${length} bytes of garbage in supervise/${file}: the next death replaces them`, async () => {
      await using patient = await admit();
      const { pid } = patient.status("ill");
      Deno.writeFileSync(patient.tree.path("ill/supervise", file), garbage(length));
      Deno.kill(pid, "SIGKILL");
      await eventually("a status of the next process", () => isHealed(patient, pid));
      assertEquals(
        unpackDtally(patient.tree.bytes("ill/supervise/death_tally")).at(-1)?.sig,
        SIGKILL,
      );
      await patient.recovered();
    });
  }

  Deno.test(`supervise/${file} is removed: the next death writes it`, async () => {
    await using patient = await admit();
    const { pid } = patient.status("ill");
    patient.tree.remove(`ill/supervise/${file}`);
    Deno.kill(pid, "SIGKILL");
    await eventually(
      "a status of the next process",
      () => patient.tree.exists("ill/supervise/status") && isHealed(patient, pid),
    );
    assertEquals(patient.tree.bytes("ill/supervise/death_tally").length, 14);
    await patient.recovered();
  });

  Deno.test(`supervise/${file} is replaced by a directory: a warning, and the service is restarted`, async () => {
    await using patient = await admit();
    const { pid } = patient.status("ill");
    const path = `ill/supervise/${file}`;
    patient.tree.remove(path);
    patient.tree.add({ [`${path}/in the way`]: "" });
    Deno.kill(pid, "SIGKILL");
    await patient.says(
      /s6-supervise ill: warning: unable to (write status file|update supervise\/death_tally): /,
    );
    patient.tree.remove(path);
    await patient.command("k", "ill");
    await patient.up("ill");
    await patient.recovered();
  });
}

/** Whether the status is whole and tells a living process other than `pid`. */
function isHealed(patient: Patient, pid: number): boolean {
  if (patient.tree.bytes("ill/supervise/status").length !== SVSTATUS_SIZE) return false;
  const status = patient.status("ill");
  return status.pid !== pid && status.pid > 0 && isAlive(status.pid);
}

Deno.test("the control FIFO is removed: the service is still supervised, and a new supervisor makes a new one", async () => {
  await using patient = await admit();
  patient.tree.remove("ill/supervise/control");
  await patient.killAndReturn("ill");
  await renew(patient);
  await patient.command("k", "ill");
  await patient.recovered();
});

Deno.test("the control FIFO is replaced by a regular file: nothing is read from it, the service is still supervised", async () => {
  await using patient = await admit();
  patient.tree.remove("ill/supervise/control");
  patient.tree.add({ "ill/supervise/control": "dddxxx" });
  await patient.killAndReturn("ill");
  assertEquals(patient.tree.text("ill/supervise/control"), "dddxxx");
  patient.tree.remove("ill/supervise/control");
  await renew(patient);
  await patient.recovered();
});

Deno.test("s6-svscan's control FIFO is removed: signals still work", async () => {
  await using patient = await admit();
  patient.tree.remove(".s6-svscan/control");
  patient.tree.add({ "late/run!": SLEEP });
  patient.svscan.signal("SIGALRM");
  await patient.up("late");
  patient.measure();
  await patient.recovered("late");
});

Deno.test("supervise/ is removed: warnings, the service is restarted; there again, its status is; given back, all is well", async () => {
  await using patient = await admit();
  patient.tree.remove("ill/supervise");
  await killAndReturn(patient);
  await patient.says(/s6-supervise ill: warning: unable to write status file: /);
  patient.tree.add({ "ill/supervise/": "" });
  await killAndReturn(patient);
  await patient.up("ill");
  await renew(patient);
  await patient.recovered();
});

Deno.test("a service directory is removed while the service runs: it runs on until it is pruned, and leaves nothing", async () => {
  await using patient = await Patient.admit({});
  patient.tree.add({ "gone/run!": SLEEP });
  patient.svscan.signal("SIGALRM");
  await patient.up("gone");
  const { pid } = patient.status("gone");
  patient.tree.remove("gone");
  patient.svscan.signal("SIGALRM");
  await patient.killAndReturn("bystander");
  assertEquals(isAlive(pid), true);
  await svscanctl(patient, "an");
  await eventually("the removed service's process to end", () => !isAlive(pid));
  await patient.recovered();
});

Deno.test("a service directory is removed and its service dies: no restart of what is not there, no noise without end", async () => {
  await using patient = await Patient.admit({});
  patient.tree.add({ "gone/run!": SLEEP });
  patient.svscan.signal("SIGALRM");
  await patient.up("gone");
  const { pid } = patient.status("gone");
  patient.tree.remove("gone");
  Deno.kill(pid, "SIGKILL");
  await patient.says(/s6-supervise gone: warning: its service directory was removed while/);
  patient.tree.add({ "gone/run!": SLEEP });
  await svscanctl(patient, "an");
  await patient.up("gone");
  patient.measure();
  await patient.recovered("gone");
});

Deno.test("the scan directory's content is all removed: s6-svscan waits, and goes on when services come back", async () => {
  await using patient = await Patient.admit({ "ill/run!": SLEEP }, { healthy: ["ill"] });
  for (const name of ["ill", "bystander"]) patient.tree.rename(name, `.${name}`);
  await svscanctl(patient, "an");
  await eventually(
    "the services to be pruned",
    () => ["ill", "bystander"].every((name) => patient.status(`.${name}`).pid === 0),
  );
  for (const name of ["ill", "bystander"]) patient.tree.rename(`.${name}`, name);
  await svscanctl(patient, "a");
  await patient.recovered();
});

Deno.test("two services change names and their supervisors end before the next scan: each is still supervised as itself", async () => {
  await using patient = await Patient.admit({ "web/run!": RUN, "job/run!": RUN }, {
    healthy: ["web", "job"],
  });
  const { tree } = patient;
  const isSupervised = async (name: string): Promise<boolean> =>
    (await patient.client("s6-svok", [], name)).code === 0;
  for (const [from, to] of [["web", ".between"], ["job", "web"], [".between", "job"]] as const) {
    tree.rename(from, to);
  }
  // each of the two is begun again by the name that the other one has now
  await patient.client("s6-svc", ["-xd"], "web", "job");
  await patient.says(/warning: unable to supervise (web|job): another directory has this name/);
  await svscanctl(patient, "a");
  await patient.up("web", "job");
  tree.rename("job", ".job");
  await svscanctl(patient, "an");
  await eventually("the hidden one to be let go", async () => !await isSupervised(".job"));
  assertEquals(await isSupervised("web"), true);
  tree.rename(".job", "job");
  await svscanctl(patient, "a");
  await patient.recovered("web", "job");
});
