/** What s6-svscan is told, by s6-svscanctl and by signals, and the programs in .s6-svscan. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { isAlive } from "../../fixture/processes.ts";
import { type Events, subscribeAhead } from "../../fixture/events.ts";
import { makeTree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

const PAIR = { "db/run!": STAYS, "db/log/run!": "#!/bin/sh\nexec cat >lines\n" };
/** Its input may end before a signal comes. */
const DEAF_LOGGER = { "db/log/run!": "#!/bin/sh\ncat >lines\nexec sleep 1000000\n" };

/** Starts PAIR and waits until both run. */
async function openPair(p: Pairing, more: Readonly<Record<string, string>> = {}): Promise<World> {
  const world = await openWorld(p, { ...PAIR, ...more });
  await world.events("db").expect("su");
  await world.events("db/log").expect("su");
  return world;
}

/** A service that is in the directory from now on, and is unknown until the next scan. */
function addService(world: World, name: string): Events {
  const events = subscribeAhead(world.tree.path(`.${name}/event`));
  world.tree.add({ [`.${name}/run!`]: STAYS });
  world.tree.rename(`.${name}`, name);
  return events;
}

function scanCases(p: Pairing): void {
  for (
    const [what, tell] of [
      ["s6-svscanctl -a", (world: World) => world.ok("s6-svscanctl", "-a", ".")],
      ["SIGALRM", (world: World) => world.svscan.signal("SIGALRM")],
    ] as const
  ) {
    test(
      p,
      `${what}: s6-svscan finds a new service, and leaves one that is gone running`,
      async () => {
        await using world = await openPair(p);
        await using events = addService(world, "web");
        world.tree.rename("db", ".db");
        await tell(world);
        await events.expect("su");
        assertEquals(isAlive(world.status(".db").pid), true);
        assertEquals((await world.client("s6-svok", ".db")).code, 0);
      },
    );
  }
  for (
    const [what, tell] of [
      ["s6-svscanctl -h", (world: World) => world.ok("s6-svscanctl", "-h", ".")],
      ["s6-svscanctl -an", (world: World) => world.ok("s6-svscanctl", "-an", ".")],
      ["s6-svscanctl -aN", (world: World) => world.ok("s6-svscanctl", "-aN", ".")],
      ["SIGHUP", (world: World) => world.svscan.signal("SIGHUP")],
    ] as const
  ) {
    test(
      p,
      `${what}: s6-svscan finds a new service, and ends one that is gone, with its logger`,
      async () => {
        await using world = await openPair(p);
        await using events = addService(world, "web");
        world.tree.rename("db", ".db");
        await tell(world);
        await events.expect("su");
        await world.events("db").expect("dDx");
        await world.events("db/log").expect("dDx");
        await world.unsupervised(".db");
      },
    );
  }
  test(p, "s6-svscanctl -n ends what an earlier scan did not find", async () => {
    await using world = await openPair(p);
    await using events = addService(world, "web");
    world.tree.rename("db", ".db");
    await world.ok("s6-svscanctl", "-a", ".");
    await events.expect("su");
    await world.ok("s6-svscanctl", "-n", ".");
    await world.events("db").expect("dDx");
    await world.events("db/log").expect("dDx");
  });
  test(p, "s6-svscanctl -z is obeyed and changes nothing that runs", async () => {
    await using world = await openPair(p);
    await world.ok("s6-svscanctl", "-z", ".");
    await using events = addService(world, "web");
    await world.ok("s6-svscanctl", "-za", ".");
    await events.expect("su");
    assertEquals(world.events("db").pending, "");
  });
}

/** An order to end, whether loggers get SIGTERM rather than the end of their input. */
const ENDS: readonly (readonly [string, (world: World) => unknown, boolean])[] = [
  ["s6-svscanctl -t", (world) => world.ok("s6-svscanctl", "-t", "."), false],
  ["s6-svscanctl -i", (world) => world.ok("s6-svscanctl", "-i", "."), false],
  ["s6-svscanctl -q", (world) => world.ok("s6-svscanctl", "-q", "."), true],
  ["SIGTERM", (world) => world.svscan.signal("SIGTERM"), false],
  ["SIGINT", (world) => world.svscan.signal("SIGINT"), false],
  ["SIGQUIT", (world) => world.svscan.signal("SIGQUIT"), true],
];

function endCases(p: Pairing): void {
  for (const [what, tell, hard] of ENDS) {
    test(
      p,
      `${what}: s6-svscan ends every service, loggers ${
        hard ? "by SIGTERM" : "at the end of their input"
      }, and leaves with 0`,
      async () => {
        await using world = await openPair(p, hard ? DEAF_LOGGER : {});
        await tell(world);
        assertEquals(await world.svscan.ended(), 0);
        await world.events("db").expect("dDx");
        await world.events("db/log").expect("dDx");
        assertEquals([world.status("db").wstat, world.status("db/log").wstat], [15, hard ? 15 : 0]);
      },
    );
  }
  for (
    const [what, tell] of [
      ["s6-svscanctl -b", (world: World) => world.ok("s6-svscanctl", "-b", ".")],
      ["SIGABRT", (world: World) => world.svscan.signal("SIGABRT")],
    ] as const
  ) {
    test(p, `${what}: s6-svscan leaves at once and the services stay`, async () => {
      await using world = await openPair(p);
      await tell(world);
      assertEquals(await world.svscan.ended(), 0);
      assertEquals(isAlive(world.status("db").pid), true);
    });
  }
  // 2.11 has no handlers any more while it waits
  if (!is215(p.daemon)) return;
  test(
    p,
    "a second SIGTERM while s6-svscan is waiting does no harm: it waits for a finish script",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": STAYS,
        "db/finish!": "#!/bin/sh\nread line <go\necho finished $line\n",
        "db/go|": "",
      });
      await world.events("db").expect("su");
      world.svscan.signal("SIGTERM");
      await world.events("db").expect("d");
      world.svscan.signal("SIGTERM");
      world.svscan.signal("SIGINT");
      await world.tree.feed("db/go", "well\n");
      assertEquals(await world.svscan.ended(), 0);
      await world.events("db").expect("Dx");
      assertStringIncludes(world.svscan.output.text, "finished well\n");
    },
  );
}

function programCases(p: Pairing): void {
  for (const order of ["-t", "-b"]) {
    test(
      p,
      `s6-svscanctl ${order}: s6-svscan becomes .s6-svscan/finish in the scan directory, and that decides the exit code`,
      async () => {
        await using world = await openPair(p, {
          ".s6-svscan/finish!": '#!/bin/sh\necho "finish $$ in $PWD"\nexit 3\n',
        });
        await world.ok("s6-svscanctl", order, ".");
        assertEquals(await world.svscan.ended(), 3);
        assertStringIncludes(
          world.svscan.output.text,
          `finish ${world.svscan.pid} in ${world.tree.root}\n`,
        );
      },
    );
  }
  test(
    p,
    ".s6-svscan/finish that can't be executed: s6-svscan says so and becomes .s6-svscan/crash",
    async () => {
      const crash = "#!/bin/sh\necho crashed $$\nexit 9\n";
      await using world = await openPair(p, {
        ".s6-svscan/finish": "#!/bin/sh\n",
        ".s6-svscan/crash!": crash,
      });
      await world.ok("s6-svscanctl", "-t", ".");
      assertEquals(await world.svscan.ended(), 9);
      assertStringIncludes(world.svscan.output.text, "executing into .s6-svscan/crash");
      assertStringIncludes(world.svscan.output.text, `crashed ${world.svscan.pid}\n`);
    },
  );
  test(p, "neither .s6-svscan/finish nor crash can be executed: 127", async () => {
    await using world = await openPair(p, { ".s6-svscan/finish": "#!/bin/sh\n" });
    await world.ok("s6-svscanctl", "-t", ".");
    assertEquals(await world.svscan.ended(), is215(p.daemon) ? 127 : 111);
  });
  for (
    const name of [
      "SIGHUP",
      "SIGINT",
      "SIGTERM",
      "SIGQUIT",
      "SIGUSR1",
      "SIGUSR2",
      "SIGPWR",
      "SIGWINCH",
    ] as const
  ) {
    test(
      p,
      `.s6-svscan/${name} is run instead of what ${name} does, and s6-svscan stays`,
      async () => {
        const program = `#!/bin/sh\necho "${name} in $PWD, $# arguments"\n`;
        await using world = await openPair(p, { [`.s6-svscan/${name}!`]: program });
        await using events = addService(world, "web");
        world.svscan.signal(name);
        await world.svscan.output.until(`${name} in ${world.tree.root}, 0 arguments\n`);
        await world.ok("s6-svscanctl", "-a", ".");
        await events.expect("su");
        assertEquals(world.events("db").pending, "");
      },
    );
  }
  test(p, "SIGUSR1, SIGUSR2, SIGPWR and SIGWINCH without a program do nothing", async () => {
    await using world = await openPair(p);
    for (const name of ["SIGUSR1", "SIGUSR2", "SIGPWR", "SIGWINCH"] as const) {
      world.svscan.signal(name);
    }
    await using events = addService(world, "web");
    await world.ok("s6-svscanctl", "-a", ".");
    await events.expect("su");
    assertEquals([world.events("db").pending, world.svscan.output.text], ["", ""]);
  });
  test(p, "a program of .s6-svscan that is not executable is as good as none", async () => {
    await using world = await openPair(p, { ".s6-svscan/SIGTERM": "#!/bin/sh\n" });
    assertEquals(await world.svscan.stop(), 0);
    await world.events("db").expect("dDx");
  });
}

function controlCases(p: Pairing): void {
  test(p, "an unknown byte in the control FIFO is a warning", async () => {
    await using world = await openPair(p);
    await Deno.writeTextFile(world.tree.path(".s6-svscan/control"), "Ya");
    await world.svscan.output.until(/warning: received unknown control command: "?Y/);
    await using events = addService(world, "web");
    await world.ok("s6-svscanctl", "-a", ".");
    await events.expect("su");
  });
  testAlone(
    p,
    "s6-svscanctl: nobody there is 100, no such directory 111, wrong usage 100",
    async () => {
      using tree = makeTree({ "idle/": "", "broken/.s6-svscan/": "" });
      const ctl = (...args: string[]): Promise<number> =>
        run(p.client.bin("s6-svscanctl"), args, { cwd: tree.root }).then(({ code }) => code);
      assertEquals(await ctl("-a", "idle"), 100);
      assertEquals(await ctl("-a", "broken"), 100);
      assertEquals(await ctl("-a", "missing"), 111);
      assertEquals(await ctl("-a"), 100);
      assertEquals(await ctl("-Y", "idle"), 100);
    },
  );
  test(p, "s6-svscanctl without a letter tells whether an s6-svscan listens", async () => {
    await using world = await openPair(p);
    await world.ok("s6-svscanctl", ".");
    await world.svscan.stop();
    assertEquals((await world.client("s6-svscanctl", ".")).code, 100);
  });
}

export function svscanctlCases(p: Pairing): void {
  scanCases(p);
  endCases(p);
  programCases(p);
  controlCases(p);
}
