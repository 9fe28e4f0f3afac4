/**
 * s6-svperms: who may read the status, command and subscribe; and what that means for those who may
 * not.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

const SERVICE = { "db/run!": STAYS };

function modes(world: World): string {
  const one = (path: string): string => {
    const { mode, gid } = Deno.statSync(world.tree.path("db", path));
    return `${path} ${(mode! & 0o7777).toString(8)} ${gid}`;
  };
  return [one("supervise"), one("supervise/control"), one("event")].join(", ");
}

const SETTINGS: readonly (readonly [readonly string[], string, string])[] = [
  [
    ["-u"],
    "supervise 700 0, supervise/control 600 0, event 3730 0",
    "status: owner, control: owner, events: group root",
  ],
  [
    ["-g", "daemon"],
    "supervise 710 1, supervise/control 600 0, event 3730 0",
    "status: group daemon, control: owner, events: group root",
  ],
  [
    ["-G", "daemon"],
    "supervise 710 1, supervise/control 620 1, event 3730 0",
    "status: group daemon, control: group daemon, events: group root",
  ],
  [
    ["-o"],
    "supervise 711 0, supervise/control 600 0, event 3730 0",
    "status: public, control: owner, events: group root",
  ],
  [
    ["-O", ":1"],
    "supervise 711 0, supervise/control 620 1, event 3730 0",
    "status: public, control: group daemon, events: group root",
  ],
  [
    ["-e"],
    "supervise 700 0, supervise/control 600 0, event 1733 0",
    "status: owner, control: owner, events: public",
  ],
  [
    ["-E", "daemon"],
    "supervise 700 0, supervise/control 600 0, event 3730 1",
    "status: owner, control: owner, events: group daemon",
  ],
  [
    ["-O", "daemon", "-e"],
    "supervise 711 0, supervise/control 620 1, event 1733 0",
    "status: public, control: group daemon, events: public",
  ],
];

/** Runs a client as an ordinary user (1000) of the given group. */
function asUser(
  world: World,
  group: number,
  program: string,
  ...args: string[]
): ReturnType<typeof run> {
  const words = [
    "--reuid=1000",
    `--regid=${group}`,
    "--clear-groups",
    world.pairing.client.bin(program),
    ...args,
  ];
  return run("setpriv", words, { cwd: world.tree.root });
}

export function svpermsCases(p: Pairing): void {
  for (const [options, onDisk, told] of SETTINGS) {
    test(
      p,
      `s6-svperms ${options.join(" ")} sets modes and groups, and -v tells them`,
      async () => {
        await using world = await openWorld(p, SERVICE);
        await world.events("db").expect("su");
        await world.ok("s6-svperms", "-u", "-E", "root", "db");
        await world.ok("s6-svperms", ...options, "db");
        assertEquals(modes(world), onDisk);
        assertEquals(
          await world.ok("s6-svperms", "-v", "db"),
          told.split(", ").map((line) => `db ${line}\n`).join(""),
        );
      },
    );
  }
  test(
    p,
    "s6-svperms without options tells what a supervisor makes of a service with a fifodir for all: owner, owner, public",
    async () => {
      await using world = await openWorld(p, SERVICE);
      await world.events("db").expect("su");
      assertEquals(
        await world.ok("s6-svperms", "db"),
        "db status: owner\ndb control: owner\ndb events: public\n",
      );
    },
  );
  test(
    p,
    "s6-svperms does several directories, and changes and tells with -v together",
    async () => {
      await using world = await openWorld(p, { ...SERVICE, "web/run!": STAYS });
      await world.events("db").expect("su");
      await world.events("web").expect("su");
      const told = await world.ok("s6-svperms", "-vo", "db", "web");
      assertEquals(told.split("\n").filter((line) => line.includes("status")), [
        "db status: public",
        "web status: public",
      ]);
    },
  );
  test(
    p,
    "after s6-svperms -O GROUP -E GROUP a member of the group commands and waits; before, and as another, not",
    async () => {
      await using world = await openWorld(p, SERVICE);
      await world.events("db").expect("su");
      await world.ok("s6-svperms", "-u", "-E", "root", "db");
      assertEquals((await asUser(world, 1, "s6-svstat", "db")).code, 111);
      assertEquals((await asUser(world, 1, "s6-svc", "-d", "db")).code, 111);
      await world.ok("s6-svperms", "-O", "daemon", "-E", "daemon", "db");
      assertEquals((await asUser(world, 1, "s6-svwait", "-t", "5000", "-u", "db")).code, 0);
      assertEquals((await asUser(world, 1000, "s6-svstat", "db")).code, 0);
      assertEquals((await asUser(world, 1000, "s6-svc", "-d", "db")).code, 111);
      assertEquals((await asUser(world, 1, "s6-svc", "-wD", "-T", "5000", "-d", "db")).code, 0);
      await world.events("db").expect("dD");
    },
  );
  test(p, "s6-svperms -v warns about modes that are none of its own: 1", async () => {
    await using world = await openWorld(p, SERVICE);
    await world.events("db").expect("su");
    Deno.chmodSync(world.tree.path("db/supervise"), 0o755);
    const { code, stderr } = await world.client("s6-svperms", "db");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "db/supervise has incorrect permissions: 755");
  });
  testAlone(p, "s6-svperms: an unknown group and wrong usage are 100", async () => {
    const svperms = p.client.bin("s6-svperms");
    assertEquals((await run(svperms, ["-g", "no-such-group", "."])).code, 100);
    assertEquals((await run(svperms, ["-g", ":x", "."])).code, 100);
    assertEquals((await run(svperms, [])).code, 100);
    assertEquals((await run(svperms, ["-z", "."])).code, 100);
  });
}
