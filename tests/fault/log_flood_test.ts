/**
 * A service that writes without a pause into one log of many: the log host keeps within what is
 * said, and the others are logged.
 */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { archivesOf, assertComplete, lastLogged } from "./log_lines.ts";
import { Patient } from "./patient.ts";
import { ownBytes } from "./process_facts.ts";
import { ORDERED_PRODUCER } from "./producers.ts";

const MOST_BYTES = 32_000_000;
const NEIGHBOURS = ["b", "c", "d", "e", "f", "g", "h", "i", "j"] as const;
const ROTATIONS = 40;

function tree(flood: string, script: string): TreeSpec {
  const neighbour = (name: string): TreeSpec => ({
    [`${name}/run!`]: ORDERED_PRODUCER,
    [`${name}/go|`]: "",
    [`${name}/log/logscript`]: "n1000 s4096 ./lines",
  });
  return Object.assign(
    { "a/run!": `#!/bin/sh\nexec ${flood}\n`, "a/log/logscript": script },
    ...NEIGHBOURS.map(neighbour),
  );
}

const CASES: readonly (readonly [what: string, flood: string, script: string])[] = [
  ["as it is", "yes", "n3 s1000000 ./lines"],
  ["with stamps that make each line 26 times as long", "yes", "n3 s1000000 T ./lines"],
  ["through a regular expression", "yes", "n3 s1000000 -z t ./lines"],
  ["to a status file too", "yes", "n3 s1000000 ./lines =./last"],
  ["without a line end", "sh -c 'yes | tr -d \"\\n\"'", "n3 s1000000 ./lines"],
];

for (const [what, flood, script] of CASES) {
  Deno.test(`a flood into one of ten logs, ${what}: the log host needs no 32 MB of its own, and every line of the neighbours is there`, async () => {
    const logs = ["a", ...NEIGHBOURS].map((name) => `${name}/log`);
    await using patient = await Patient.admit(tree(flood, script), {
      healthy: ["a", ...NEIGHBOURS, ...logs],
    });
    const host = patient.status("a/log").pid;
    const lines = (name: string): string => patient.tree.path(`${name}/log/lines`);
    await eventually("what the start needed to be given back", () => ownBytes(host) < MOST_BYTES);
    let archive = "";
    for (let round = 1; round <= ROTATIONS; round++) {
      for (const name of NEIGHBOURS) Deno.writeTextFileSync(patient.tree.path(`${name}/go`), "1\n");
      for (const name of NEIGHBOURS) {
        await eventually(`line ${round} of ${name}`, () => lastLogged(lines(name)) === round);
      }
      const bytes = ownBytes(host);
      assert(bytes < MOST_BYTES, `${bytes} bytes after ${round} rotations`);
      await eventually("another rotation", () => (archivesOf(lines("a")).at(-1) ?? "") > archive);
      archive = archivesOf(lines("a")).at(-1) ?? archive;
    }
    for (const name of NEIGHBOURS) assertComplete(lines(name), ROTATIONS);
    assertEquals(patient.status("a/log").pid, host);
    await patient.recovered();
  });
}
