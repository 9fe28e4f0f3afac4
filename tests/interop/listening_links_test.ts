/**
 * Links that have a process beside the program, at every place of a chain: ours beside Debian's,
 * under one supervisor. Ends, and what a probe sees, must be the same.
 */
import { assertEquals } from "@std/assert";
import { run } from "../fixture/command.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { LISTENING_CASES, LISTENING_DIFFERENCES } from "./execline/cases/listening_cases.ts";
import { without } from "./execline/lines.ts";
import { buildProbe, OUR_SIDE, outcomeOf, type Side, THEIR_SIDE } from "./execline/outcome.ts";
import { OURS_OURS } from "./pairing.ts";
import { openWorld, type World } from "./world.ts";

/** Once: a service that was ended stays down until the next case. */
async function bringUp(world: World): Promise<void> {
  await world.ok("s6-svc", "-wu", "-T", "20000", "-o", world.tree.path("db"));
}

Deno.test("links with a process beside the program: as Debian's, at every place of a chain", async (t) => {
  requireToolset(OURS);
  const directory = Deno.makeTempDirSync();
  try {
    const probe = await buildProbe(directory);
    await using world = await openWorld(OURS_OURS, {
      "db/run!": "#!/bin/sh\nread line <go\n",
      "db/go|": "",
      "db/down": "",
      "polled/run!": "#!/bin/sh\nexec sleep 100000\n",
      "polled/notification-fd": "5\n",
      "polled/data/check!": "#!/bin/sh\nexit 0\n",
    });
    await run("chmod", ["666", world.tree.path("db/go")]);
    await world.events("polled").expect("su");
    for (const one of LISTENING_CASES) {
      await t.step(one.title, async () => {
        const script = one.script!.replaceAll("ROOTS", world.tree.root);
        const outcome = async (side: Side): Promise<string> => {
          if (script.includes(`${world.tree.root}/db`)) await bringUp(world);
          return await outcomeOf({ ...one, script }, side, probe);
        };
        const { ours, theirs } = LISTENING_DIFFERENCES[one.title] ?? {};
        assertEquals(
          without(await outcome(OUR_SIDE), ours),
          without(await outcome(THEIR_SIDE), theirs),
        );
      });
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("s6-svlisten with an empty block becomes its program at once, where that has an argument", async () => {
  requireToolset(OURS);
  const svlisten = OURS.bin("s6-svlisten");
  const { stdout } = await run("sh", [
    "-c",
    'echo $$; exec "$0" -U "" sh -c "echo \$\$"',
    svlisten,
  ]);
  const [before, after] = stdout.split("\n");
  assertEquals(after, before);
  // as in C: three words are needed
  assertEquals((await run(svlisten, ["", "true"])).code, 100);
});
