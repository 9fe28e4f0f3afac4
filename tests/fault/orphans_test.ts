/**
 * Processes that somebody else leaves behind in masses: s6-svscan is their parent from then on,
 * wherever it runs, and must reap them.
 */
import { assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { ROOT } from "../fixture/toolset.ts";
import { Patient, SLEEP } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";

const ORPHANS = 100_000;

/** A hundred thousand deaths take their time on a busy machine. */
const STORM_LIMIT_MS = 300_000;

/** How many children of a process are dead and not reaped. */
function zombiesOf(parent: number): number {
  const children = Deno.readTextFileSync(`/proc/${parent}/task/${parent}/children`).split(" ")
    .filter((pid) => pid !== "");
  return children.filter((pid) => stateOf(pid) === "Z").length;
}

/** The kernel's letter; undefined for a process that has gone meanwhile. */
function stateOf(pid: string): string | undefined {
  try {
    return stateLetter(Number(pid));
  } catch {
    return undefined; // between two looks: no such file, or no such process
  }
}

Deno.test(`${ORPHANS} orphans: each is reaped, and meanwhile services are restarted and commands obeyed`, async () => {
  await using patient = await Patient.admit({ "other/run!": SLEEP }, { healthy: ["other"] });
  patient.measure();
  const maker = patient.tree.path("other/orphan_maker");
  const { code, stderr } = await run("gcc", [
    "-O1",
    "-static",
    "-o",
    maker,
    `${ROOT}/tests/fault/orphan_maker.c`,
  ]);
  assertEquals([code, stderr], [0, ""]);
  patient.tree.add({ "maker/run!": `#!/bin/sh\nexec ${maker} ${ORPHANS}\n` });
  patient.svscan.signal("SIGALRM");
  const made = (): number =>
    patient.tree.exists("maker/made") ? Number(patient.tree.text("maker/made")) : 0;
  await eventually("the first orphans", () => made() > 0, STORM_LIMIT_MS);
  await patient.killAndReturn("other");
  await patient.command("r", "other");
  await patient.up("other");
  await eventually(`the last orphan, of ${made()}`, () => made() === ORPHANS, STORM_LIMIT_MS);
  await eventually("no zombie", () => zombiesOf(patient.pid) === 0);
  await patient.command("dx", "maker");
  await eventually(
    "the end of what made them",
    () => !patient.tree.exists("maker/supervise/status") || patient.status("maker").pid === 0,
  );
  patient.tree.rename("maker", ".maker");
  assertEquals((await patient.client("s6-svscanctl", ["-an", patient.tree.root])).code, 0);
  await patient.recovered();
});
