/** SIGSTOP and SIGCONT of s6-svscan itself: what happened meanwhile is done when it goes on. */
import { assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { subscribe } from "../fixture/events.ts";
import { isAlive } from "../fixture/processes.ts";
import { BYSTANDER, Patient, SLEEP } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";

async function stop(patient: Patient): Promise<void> {
  patient.svscan.signal("SIGSTOP");
  await eventually("s6-svscan to be stopped", () => stateLetter(patient.pid) === "T");
}

Deno.test("services die while s6-svscan is stopped: all are restarted when it goes on", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  await using patient = await Patient.admit(
    Object.fromEntries(names.map((name) => [`${name}/run!`, SLEEP])),
    { healthy: names },
  );
  await stop(patient);
  const pids = names.map((name) => patient.status(name).pid);
  for (const pid of pids) Deno.kill(pid, "SIGKILL");
  await eventually("the services to be dead", () => !pids.some(isAlive));
  patient.svscan.signal("SIGCONT");
  await eventually(
    "new processes",
    () => names.every((name, index) => ![0, pids[index]].includes(patient.status(name).pid)),
  );
  await patient.recovered();
});

Deno.test("commands are sent while s6-svscan is stopped: they are obeyed in their order when it goes on", async () => {
  await using patient = await Patient.admit({ "other/run!": SLEEP }, { healthy: ["other"] });
  await using events = subscribe(patient.tree.path("other/event"));
  await stop(patient);
  await patient.command("d", "other");
  await patient.command("u", "other");
  patient.tree.add({ "late/run!": SLEEP });
  assertEquals((await patient.client("s6-svscanctl", ["-a", patient.tree.root])).code, 0);
  patient.svscan.signal("SIGCONT");
  await events.expect("dDu");
  await patient.up("late");
  patient.measure();
  await patient.recovered("late");
});

Deno.test("s6-svscan is stopped and goes on again and again, with a command each time: none is lost", async () => {
  await using patient = await Patient.admit({});
  await using events = subscribe(patient.tree.path(`${BYSTANDER}/event`));
  for (let turn = 0; turn < 5; turn++) {
    await stop(patient);
    await patient.command("k", BYSTANDER);
    patient.svscan.signal("SIGCONT");
    await events.expect("dDu");
  }
  await patient.recovered();
});

Deno.test("SIGTERM while s6-svscan is stopped: it ends in order when it goes on", async () => {
  await using patient = await Patient.admit({});
  const { pid } = patient.status(BYSTANDER);
  await stop(patient);
  patient.svscan.signal("SIGTERM");
  patient.svscan.signal("SIGCONT");
  assertEquals(await patient.svscan.ended(), 0);
  assertEquals(isAlive(pid), false);
});
