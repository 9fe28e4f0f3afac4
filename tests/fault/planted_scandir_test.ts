/**
 * Things that somebody has planted where s6-svscan has its own files, and in directories of
 * variables. s6-svscan begins, or says in one line why it does not; while it runs, nothing there
 * holds it up.
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { run } from "../fixture/command.ts";
import { type Plant, plant, PLANT_KINDS, plantRefusal } from "../fixture/plants.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { BYSTANDER, Patient, SLEEP, STACK_TRACE } from "./patient.ts";
import { testUnless } from "./refusal.ts";

const PATHS = [".s6-svscan/lock", ".s6-svscan/control", ".s6-svscan", ".s6-svscan/SIGUSR1"];
const REFUSED = /^s6-svscan: fatal: [^\n]*\n$/;

function plantAt(kind: typeof PLANT_KINDS[number], tree: Tree, path: string): Plant {
  const place = tree.path(path);
  Deno.mkdirSync(place.slice(0, place.lastIndexOf("/")), { recursive: true });
  return plant(kind, place, tree.path(".behind"));
}

/** Whether s6-svscan begins; if not, it has said why. */
async function begins(tree: Tree): Promise<boolean> {
  try {
    await using svscan = await startSvscan(OURS, tree);
    assertEquals(await svscan.stop(), 0);
    return true;
  } catch (error) {
    const said = /^s6-svscan ended with (?:100|111) before it was ready: ([^]*)$/.exec(
      error instanceof Error ? error.message : "",
    )?.[1];
    if (said === undefined) throw error;
    assertMatch(said, REFUSED);
    return false;
  }
}

for (const kind of PLANT_KINDS) {
  testUnless(
    plantRefusal(kind),
    `${kind} at each path of .s6-svscan before the start: it begins, or says why not`,
    async () => {
      requireToolset(OURS);
      for (const path of PATHS) {
        using tree = makeTree({ [`${BYSTANDER}/run!`]: SLEEP });
        const planted = plantAt(kind, tree, path);
        await begins(tree);
        if (path !== ".s6-svscan") planted.assertUntouched();
      }
    },
  );

  testUnless(
    plantRefusal(kind),
    `${kind} as a variable of s6-envdir: its value, nothing, or one line`,
    async () => {
      requireToolset(OURS);
      using tree = makeTree({ "env/GOOD": "value\n" });
      plant(kind, tree.path("env/ILL"), tree.path("behind"));
      for (const options of [[], ["-f"]]) {
        const { code, stdout, stderr } = await run(OURS.bin("s6-envdir"), [
          ...options,
          tree.path("env"),
          "/usr/bin/printenv",
          "GOOD",
        ]);
        assert(
          code === 0 ? stdout === "value\n" : /^s6-envdir: fatal: [^\n]*\n$/.test(stderr),
          `it exited ${code}: ${stderr}`,
        );
        assertNotMatch(stderr, STACK_TRACE);
      }
    },
  );
}

Deno.test("every kind at each path of .s6-svscan while s6-svscan runs: it scans, and services obey", async () => {
  await using patient = await Patient.admit({});
  for (const kind of PLANT_KINDS.filter((kind) => plantRefusal(kind) === undefined)) {
    for (const path of PATHS.filter((path) => path !== ".s6-svscan")) {
      const planted = plantAt(kind, patient.tree, path);
      const { code, stderr } = await run(OURS.bin("s6-svscanctl"), ["-a", patient.tree.root]);
      assert([0, 100, 111].includes(code), stderr);
      assertNotMatch(stderr, STACK_TRACE);
      patient.svscan.signal("SIGALRM");
      planted.assertUntouched();
      Deno.removeSync(planted.path, { recursive: true });
      if (patient.tree.exists(".behind")) patient.tree.remove(".behind");
    }
    await patient.killAndReturn(BYSTANDER);
  }
  await patient.recovered();
});
