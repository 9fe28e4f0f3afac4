/**
 * `hexad logs -f`: services and log directories that come when it runs already, in trees of ours
 * and of C s6.
 */
import { assertEquals } from "@std/assert";
import { start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, type World } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

/** Prints what is written to its FIFO. */
const REPEATS = '#!/bin/sh\nexec 4<>in\nwhile read -r line <&4; do echo "$line"; done\n';
const LOGGER = "#!/bin/sh\nexec s6-log t ./main\n";

function logged(service: string, logger = LOGGER): TreeSpec {
  return { [`${service}/run!`]: REPEATS, [`${service}/in|`]: "", [`${service}/log/run!`]: logger };
}

function say(world: World, service: string, line: string): Promise<void> {
  return Deno.writeTextFile(world.tree.path(service, "in"), `${line}\n`);
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  const env = { PATH: `${pairing.daemon.bin("").slice(0, -1)}:${Deno.env.get("PATH")}` };

  Deno.test(`${pairing.name}: logs -f picks up a service that comes later, but none of its older lines`, async () => {
    requireToolset(pairing.daemon);
    await using world = await openWorld(pairing, logged("web"), { env });
    await world.events("web").until("u");
    await say(world, "web", "before");
    await eventually("the line in the log", () => {
      const path = "web/log/main/current";
      return world.tree.exists(path) && world.tree.text(path).includes("before");
    });
    await using following = start(HEXAD, [
      "logs",
      "-f",
      "-n",
      "0",
      "-t",
      "none",
      "-S",
      world.tree.root,
    ]);
    await world.subscribers("web", 2);
    await say(world, "web", "first");
    await following.stdout.until("web: first\n");
    world.tree.add({
      ...logged(".late"),
      ".late/log/main/current": "@400000006b0230d90556ad0c long ago\n",
    });
    world.tree.rename(".late", "late");
    await world.ok("s6-svscanctl", "-a", ".");
    await say(world, "late", "second");
    await following.stdout.until("late: second\n");
    await say(world, "web", "third");
    await following.stdout.until("web: third\n");
    await say(world, "late", "fourth");
    await following.stdout.until("late: fourth\n");
    assertEquals(following.stdout.text, "web: first\nlate: second\nweb: third\nlate: fourth\n");
    assertEquals(following.stderr.text, "");
    following.kill("SIGTERM");
    assertEquals(await following.ended(), 143);
    await world.unsubscribed("web");
  });

  Deno.test(`${pairing.name}: logs -f waits for a log directory that is made late, also where there was none at all`, async () => {
    const slow = "#!/bin/sh\nread go <../go\nexec s6-log t ./main\n";
    await using world = await openWorld(pairing, { ...logged("web", slow), "web/go|": "" }, {
      env,
    });
    await world.events("web").until("u");
    await world.events("web/log").until("u");
    await say(world, "web", "first");
    await using named = start(HEXAD, ["logs", "-f", "-t", "none", "-S", world.tree.root, "web"]);
    await using all = start(HEXAD, ["logs", "-f", "-j", "-S", world.tree.root]);
    await world.subscribers("web", 3);
    await world.subscribers("web/log", 3);
    await named.stderr.until(
      /^hexad logs: warning: web has no log directory that could be found: .*\n/,
    );
    await all.stderr.until(
      `hexad logs: info: no service of ${world.tree.root} has a log directory yet; waiting for one `,
    );
    await world.tree.feed("web/go", "go\n");
    await named.stdout.until("first\n");
    await all.stdout.until(/"service":"web".*"text":"first"}\n/);
    await say(world, "web", "second");
    await named.stdout.until("second\n");
    await all.stdout.until(/"text":"second"}\n/);
    assertEquals(named.stdout.text, "first\nsecond\n");
    assertEquals(all.stdout.text.split("\n").length, 3);
  });

  Deno.test(`${pairing.name}: logs -f goes on with a service that is removed and comes again`, async () => {
    await using world = await openWorld(pairing, { ...logged("web"), ...logged("db") }, { env });
    for (const service of ["web", "db"]) await world.events(service).until("u");
    await using following = start(HEXAD, ["logs", "-f", "-t", "none", "-S", world.tree.root]);
    await say(world, "web", "one");
    await say(world, "db", "two");
    await following.stdout.until("web: one\n");
    await following.stdout.until("db: two\n");
    world.tree.rename("web", ".away");
    await world.ok("s6-svscanctl", "-an", ".");
    await say(world, "db", "three");
    await following.stdout.until("db: three\n");
    world.tree.add(logged(".new"));
    // whole at once: a scan that still goes on would begin it without its logger
    world.tree.rename(".new", "web");
    await world.ok("s6-svscanctl", "-an", ".");
    await say(world, "web", "four");
    await following.stdout.until("web: four\n");
    assertEquals(following.stdout.text.match(/four/g)?.length, 1);
  });
}
