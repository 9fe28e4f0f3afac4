/**
 * No descriptor left: at the start for some of the services, and later for what a running tree
 * needs.
 */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { Patient, SLEEP } from "./patient.ts";
import { setSoftLimit, softLimit, takeDescriptors } from "./descriptor_limit.ts";
import { openDescriptors } from "./process_facts.ts";

function services(count: number): TreeSpec {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}/run!`, SLEEP]));
}

Deno.test("a soft limit of 100 descriptors and 60 services: all come up, and a service itself has the soft limit", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
  await using patient = await Patient.admit(services(60), {
    under: ["prlimit", "--nofile=100:4000"],
  });
  await patient.up(...names);
  assertEquals(softLimit(patient.status("s0").pid), 100);
  patient.measure();
  await patient.recovered(...names);
});

Deno.test("a hard limit of 100 descriptors and 60 services: those that find room are up, the others come up when room is made", async () => {
  const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
  await using patient = await Patient.admit(services(60), {
    under: ["prlimit", "--nofile=100:100"],
  });
  await patient.says(/warning: unable to supervise s\d+: .*Too many open files/);
  const isUp = (name: string): boolean =>
    patient.tree.exists(`${name}/supervise/status`) && isAlive(patient.status(name).pid);
  const first = names.filter(isUp);
  assert(first.length > 10 && first.length < names.length, `${first.length} of 60 are up`);
  for (const name of first) patient.tree.remove(name);
  assertEquals((await patient.client("s6-svscanctl", ["-an", patient.tree.root])).code, 0);
  const others = names.filter((name) => !first.includes(name));
  await eventually(
    "the others to be up, as far as there is room",
    () => others.filter(isUp).length >= first.length - 1,
  );
  for (const name of others) patient.tree.rename(name, `.${name}`);
  assertEquals((await patient.client("s6-svscanctl", ["-an", patient.tree.root])).code, 0);
  await eventually(
    "all to be gone",
    () =>
      others.every((name) =>
        !patient.tree.exists(`.${name}/supervise/status`) || patient.status(`.${name}`).pid === 0
      ),
  );
  await eventually("their descriptors to be given back", () => openDescriptors(patient.pid) < 40);
  patient.measure();
  await patient.recovered();
});

Deno.test("no descriptor left while services run: a death is survived; with some again, s6-svc -u brings the service up", async () => {
  const spec = {
    "ill/run!": "#!/bin/sh\necho >&3\nexec sleep 1000000\n",
    "ill/notification-fd": "3\n",
  };
  await using patient = await Patient.admit(spec, { healthy: ["ill"] });
  const { pid } = patient.status("ill");
  const soft = takeDescriptors(patient.pid);
  Deno.kill(pid, "SIGKILL");
  await patient.says(/s6-supervise ill: warning: .*Too many open files/);
  setSoftLimit(patient.pid, soft);
  await patient.command("u", "ill");
  await patient.up("ill");
  await patient.recovered();
});

Deno.test("no descriptor left and a scan is asked for: a warning; with some again, the new service comes up", async () => {
  await using patient = await Patient.admit({});
  const soft = takeDescriptors(patient.pid);
  patient.tree.add({ "late/run!": SLEEP, "late/log/run!": "#!/bin/sh\nexec cat >/dev/null\n" });
  patient.svscan.signal("SIGALRM");
  await patient.says(/s6-svscan: warning: .*Too many open files/);
  setSoftLimit(patient.pid, soft);
  await patient.up("late", "late/log");
  patient.measure();
  await patient.recovered("late", "late/log");
});
