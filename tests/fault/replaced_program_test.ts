/**
 * The file of the program that runs is removed or replaced, as by an upgrade: what runs goes on
 * starting what it needs of itself.
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../fixture/deadline.ts";
import type { Tree } from "../fixture/tree.ts";
import { logFiles } from "./log_lines.ts";
import { ownCopy } from "./own_copy.ts";
import { Patient } from "./patient.ts";

/**
 * A service with a hosted log, and one that is started through s6-setlock: both need a process of
 * ours besides s6-svscan.
 */
const SERVICES = {
  "web/run!": "#!/bin/sh\necho started\nexec sleep 1000000\n",
  "web/log/logscript": "./lines\n",
  "locked/run!": "#!/bin/sh\nexec sleep 1000000\n",
  "locked/lock-fd": "7\n",
};

const CHANGES: Readonly<Record<string, (tree: Tree) => void>> = {
  "removed": (tree) => tree.remove(".bin/hexad"),
  "replaced by another program": (tree) => tree.add({ ".bin/hexad!": "#!/bin/false\n" }),
  "moved": (tree) => tree.rename(".bin", ".moved"),
};

for (const [change, make] of Object.entries(CHANGES)) {
  Deno.test(`the program's file is ${change} while it runs: loggers and services with a lock are started again`, async () => {
    await using patient = await Patient.admit(SERVICES, {
      toolset: ownCopy,
      healthy: ["web", "web/log", "locked"],
    });
    const { tree } = patient;
    const logdir = tree.path("web/log/lines");
    const started = (): number =>
      tree.exists("web/log/lines") ? logFiles(logdir).join("").split("started").length - 1 : 0;
    await eventually("the first line", () => started() === 1);
    make(tree);
    await patient.killAndReturn("locked");
    await patient.killAndReturn("web/log");
    await patient.killAndReturn("web");
    await eventually("the second line", () => started() === 2);
    await patient.recovered();
    assertEquals(patient.said, "");
  });
}
