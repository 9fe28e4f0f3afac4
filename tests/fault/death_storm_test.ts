/**
 * Hundreds of services die in the same moment: commands are heard between the deaths, not after
 * them.
 */
import { assertLessOrEqual } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { signalProcess } from "../fixture/command.ts";
import { OpenFifo } from "./fifo.ts";
import { BYSTANDER, Patient, SLEEP } from "./patient.ts";

const COUNT = 300;
/** Deaths that are dealt with in one go. */
const AT_ONCE = 64;

Deno.test("300 deaths and a command, all of which waited for s6-svscan: the command is obeyed after no more than two goes of deaths", async () => {
  const names = Array.from({ length: COUNT }, (_, i) => `s${i}`);
  const spec = Object.fromEntries(names.map((name) => [`${name}/run!`, SLEEP]));
  await using patient = await Patient.admit(spec, { healthy: names });
  const { tree, pid } = patient;
  {
    using control = new OpenFifo(tree.path(`${BYSTANDER}/supervise/control`));
    signalProcess(pid, "SIGSTOP");
    for (const name of names) Deno.kill(patient.status(name).pid, "SIGKILL");
    control.write(new TextEncoder().encode("p"));
    signalProcess(pid, "SIGCONT");
  }
  const changed = (path: string): number => Deno.statSync(tree.path(path)).mtime!.getTime();
  const tally = (name: string): string => `${name}/supervise/death_tally`;
  await eventually(
    "all deaths to be on record",
    () => names.every((name) => Deno.statSync(tree.path(tally(name))).size > 0),
  );
  await eventually("the command to be obeyed", () => patient.status(BYSTANDER).flagpaused);
  const obeyedMs = changed(`${BYSTANDER}/supervise/status`);
  assertLessOrEqual(names.filter((name) => changed(tally(name)) < obeyedMs).length, 2 * AT_ONCE);
  await patient.client("s6-svc", ["-c"], BYSTANDER);
  await patient.recovered();
});
