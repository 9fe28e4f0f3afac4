/**
 * A file system that hangs: what writes there waits in the kernel, where no signal is heard;
 * everything else goes on.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import { FrozenDisk, frozenDiskRefusal } from "./frozen_disk.ts";
import { assertComplete, lastLogged } from "./log_lines.ts";
import { isAlive } from "../fixture/processes.ts";
import type { TreeSpec } from "../fixture/tree.ts";
import { Patient } from "./patient.ts";
import { stateLetter } from "./process_facts.ts";
import { ORDERED_PRODUCER } from "./producers.ts";
import { testUnless } from "./refusal.ts";

const REFUSAL = frozenDiskRefusal();
const NAMES = ["a", "b", "c"] as const;

function order(patient: Patient, name: string, lines: number): void {
  Deno.writeTextFileSync(patient.tree.path(`${name}/go`), `${lines}\n`);
}

testUnless(
  REFUSAL,
  "the disk of one log hangs: the others log on, s6-svscan obeys, and when it goes on every line is there",
  async () => {
    const spec = Object.assign(
      {
        ".disk/": "",
        "a/log/logscript": "../../.disk/lines",
        "b/log/logscript": "./lines",
        "c/log/logscript": "o ./lines",
      },
      ...NAMES.map((name) => ({ [`${name}/run!`]: ORDERED_PRODUCER, [`${name}/go|`]: "" })),
    );
    let mounted: FrozenDisk | undefined;
    await using patient = await Patient.admit(spec, {
      healthy: [...NAMES, ...NAMES.map((name) => `${name}/log`)],
      prepare: (tree) => {
        mounted = new FrozenDisk(tree.path(".disk"), tree.path(".image"));
      },
    });
    using disk = mounted!;
    const { pid } = patient.status("a/log");
    assertNotEquals(pid, patient.status("b/log").pid);
    assertEquals(patient.status("b/log").pid, patient.status("c/log").pid);
    order(patient, "a", 10);
    await eventually("line 10 of a", () => lastLogged(patient.tree.path(".disk/lines")) === 10);
    disk.freeze();
    order(patient, "a", 10);
    await eventually("the log host of that disk to hang", () => stateLetter(pid) === "D");
    for (const name of ["b", "c"]) {
      order(patient, name, 100);
      const logdir = patient.tree.path(`${name}/log/lines`);
      await eventually(`line 100 of ${name}`, () => lastLogged(logdir) === 100);
      assertComplete(logdir, 100);
    }
    await patient.command("r", "b/log");
    await patient.killAndReturn("a");
    await patient.killAndReturn("c");
    assertEquals(stateLetter(pid), "D");
    disk.thaw();
    await eventually("line 20 of a", () => lastLogged(patient.tree.path(".disk/lines")) === 20);
    assertComplete(patient.tree.path(".disk/lines"), 20);
    await patient.recovered();
    assert(patient.status("a/log").pid === pid);
  },
);

testUnless(
  REFUSAL,
  "SIGTERM while the disk of a log hangs: every service is ended at once, and s6-svscan leaves when the disk goes on",
  async () => {
    const spec: TreeSpec = {
      ".disk/": "",
      "a/run!": ORDERED_PRODUCER,
      "a/go|": "",
      "a/log/logscript": "../../.disk/lines",
      "b/run!": ORDERED_PRODUCER,
      "b/go|": "",
      "b/log/logscript": "./lines",
    };
    let mounted: FrozenDisk | undefined;
    await using patient = await Patient.admit(spec, {
      healthy: ["a", "b", "a/log", "b/log"],
      prepare: (tree) => {
        mounted = new FrozenDisk(tree.path(".disk"), tree.path(".image"));
      },
    });
    using disk = mounted!;
    const { pid } = patient.status("a/log");
    disk.freeze();
    order(patient, "a", 10);
    await eventually("the log host of that disk to hang", () => stateLetter(pid) === "D");
    Deno.kill(patient.pid, "SIGTERM");
    const ended = ["a", "b", "b/log", "bystander"];
    await eventually(
      "the others to end",
      () => ended.every((name) => patient.status(name).pid === 0),
    );
    assert(isAlive(patient.pid));
    disk.thaw();
    await patient.svscan.ended();
    assertComplete(patient.tree.path(".disk/lines"), 10);
  },
);
