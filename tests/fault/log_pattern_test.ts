/**
 * Regular expressions that take for ever, take long, or would need all of the memory: in one log of
 * several, that is the matter of that log.
 */
import { assertEquals, assertNotEquals } from "@std/assert";
import { SIGKILL } from "../../lib/core/linux/signals.ts";
import { eventually } from "../fixture/deadline.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { assertComplete, lastLogged } from "./log_lines.ts";
import { Patient } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";
import { ORDERED_PRODUCER } from "./producers.ts";

const NEIGHBOURS = ["b", "c"] as const;
const HEALTHY = ["a", ...NEIGHBOURS, "b/log", "c/log"];

/** `a` writes `text` as soon as there is `a/go`, and then nothing. */
function tree(script: string, text: string): TreeSpec {
  const neighbour = (name: string): TreeSpec => ({
    [`${name}/run!`]: ORDERED_PRODUCER,
    [`${name}/go|`]: "",
    [`${name}/log/logscript`]: "./lines",
  });
  return {
    "a/run!": "#!/bin/sh\nread x <go\ncat text\nexec sleep 1000000\n",
    "a/go|": "",
    "a/text": text,
    "a/log/logscript": script,
    ...neighbour("b"),
    ...neighbour("c"),
  };
}

/** Has the neighbours write lines up to the number `last`, and waits for them. */
async function logNeighbours(patient: Patient, last: number): Promise<void> {
  for (const name of NEIGHBOURS) Deno.writeTextFileSync(patient.tree.path(`${name}/go`), "10\n");
  for (const name of NEIGHBOURS) {
    const logdir = patient.tree.path(`${name}/log/lines`);
    await eventually(`line ${last} of ${name}`, () => lastLogged(logdir) === last);
    assertComplete(logdir, last);
  }
}

function writeText(patient: Patient): void {
  Deno.writeTextFileSync(patient.tree.path("a/go"), "x\n");
}

Deno.test("a regular expression that never comes to an end: the other logs go on, and s6-svc -k ends that one", async () => {
  // with a back-reference, a line of 200 bytes has more ways to match than can be tried
  await using patient = await Patient.admit(
    tree("-- -(a*)*\\\\1b ./lines", `${"a".repeat(200)}\n`),
    { healthy: [...HEALTHY, "a/log"] },
  );
  const { pid } = patient.status("a/log");
  assertNotEquals(pid, patient.status("b/log").pid);
  await logNeighbours(patient, 10);
  writeText(patient);
  await eventually("its log host to be at it", () => stateLetter(pid) === "R");
  await logNeighbours(patient, 20);
  await patient.command("k", "a/log");
  await eventually("another log host of its own", () => {
    const { pid: now, wstat, flagready } = patient.status("a/log");
    return now > 0 && now !== pid && flagready && wstat === SIGKILL;
  });
  await logNeighbours(patient, 30);
  await patient.recovered();
});

Deno.test("a regular expression that takes long on long lines: that log goes on in a process of its own, and no line is lost", async () => {
  const line = "x".repeat(8000);
  const text = Array.from({ length: 20 }, (_, i) => `${i + 1} ${line}\n`).join("");
  await using patient = await Patient.admit(tree("-- -(x|xx)+\\\\>y s10000000 ./lines", text), {
    healthy: [...HEALTHY, "a/log"],
  });
  const host = patient.status("b/log").pid;
  assertEquals(patient.status("a/log").pid, host);
  writeText(patient);
  await logNeighbours(patient, 10);
  await eventually("a log host of its own", () => ![0, host].includes(patient.status("a/log").pid));
  await eventually("the last line", () => lastLogged(patient.tree.path("a/log/lines")) === 20);
  assertComplete(patient.tree.path("a/log/lines"), 20);
  assertEquals(patient.status("b/log").pid, host);
  await patient.says(
    /a\/log: warning: its regular expressions take long: it goes on in a process of its own/,
  );
  patient.measure(); // with the socket to that process
  await patient.recovered();
});

Deno.test("counts within counts that would need all of the memory: refused with the cure, and nobody else notices", async () => {
  await using patient = await Patient.admit(tree("-- -((a{1,100}){1,100}){1,100} ./lines", ""), {
    healthy: HEALTHY,
  });
  await patient.says(/a\/log: warning: .*regular expression too large: .*use smaller counts/);
  await logNeighbours(patient, 10);
  await patient.recovered();
});
