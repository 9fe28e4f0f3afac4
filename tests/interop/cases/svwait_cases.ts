/** s6-svwait, s6-svlisten and s6-svlisten1. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Background, run } from "../../fixture/command.ts";
import { OURS } from "../../fixture/toolset.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, READY_ON_GO, STAYS, STAYS_READY, type World } from "../world.ts";

const FAILS = {
  "run!": "#!/bin/sh\nexit 1\n",
  "finish!": "#!/bin/sh\nexit 125\n",
  "notification-fd": "3",
  "down": "",
};

/** A table with the files of `service` under `name`. */
function named(name: string, service: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service).map(([key, value]) => [`${name}/${key}`, value]),
  );
}

const ON_GO = { "run!": READY_ON_GO, "go|": "", "notification-fd": "3" };

async function go(world: World, service: string): Promise<void> {
  await world.tree.feed(`${service}/go`, "\n");
}

function nowCases(p: Pairing): void {
  const states: readonly (readonly [string, "up" | "ready" | "down", boolean])[] = [
    ["-u", "up", true],
    ["-U", "up", false],
    ["-d", "up", false],
    ["-D", "up", false],
    ["-u", "ready", true],
    ["-U", "ready", true],
    ["-d", "ready", false],
    ["-u", "down", false],
    ["-U", "down", false],
    ["-d", "down", true],
    ["-D", "down", true],
  ];
  for (const [letter, state, reached] of states) {
    test(
      p,
      `s6-svwait ${letter} on a service that is ${state}: ${
        reached ? "0 at once" : "times out with 99"
      }`,
      async () => {
        const service = {
          up: { "run!": STAYS },
          ready: { "run!": STAYS_READY, "notification-fd": "3" },
          down: { "run!": STAYS, "down": "" },
        };
        await using world = await openWorld(p, named("db", service[state]));
        await world.events("db").expect({ up: "su", ready: "suU", down: "s" }[state]);
        const { code, stderr } = await world.client(
          "s6-svwait",
          letter,
          ...(reached ? [] : ["-t", "500"]),
          "db",
        );
        assertEquals(code, reached ? 0 : 99);
        if (!reached) assertStringIncludes(stderr, "timed out");
      },
    );
  }
}

/**
 * Starts a client and lets it subscribe: its FIFO beside the test's own in each fifodir shows that
 * it has.
 */
async function subscribed(
  world: World,
  services: readonly string[],
  program: string,
  ...args: string[]
): Promise<Background> {
  const client = world.start(program, ...args);
  try {
    for (const service of services) await world.subscribers(service, 2);
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
  return client;
}

function waitCases(p: Pairing): void {
  test(p, "s6-svwait -U wakes at the newline on the notification-fd", async () => {
    await using world = await openWorld(p, named("db", ON_GO));
    await world.events("db").expect("su");
    await using wait = await subscribed(world, ["db"], "s6-svwait", "-U", "db");
    await go(world, "db");
    assertEquals(await wait.ended(), 0);
    assertEquals(world.status("db").ready, true);
  });
  test(p, "s6-svwait -D wakes at the end of the finish script", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/finish!": "#!/bin/sh\nread line <go\n",
      "db/go|": "",
    });
    await world.events("db").expect("su");
    await using wait = await subscribed(world, ["db"], "s6-svwait", "-D", "db");
    await world.svc("-d", "db");
    await world.events("db").expect("d");
    await go(world, "db");
    assertEquals(await wait.ended(), 0);
    assertEquals(world.status("db").finishing, false);
  });
  test(p, "s6-svwait -R wakes when the service has been down and is ready again", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    const { pid } = world.status("db");
    await using wait = await subscribed(world, ["db"], "s6-svwait", "-R", "db");
    await world.svc("-t", "db");
    await world.events("db").expect("dDuU");
    assertEquals(await wait.ended(), 0);
    assertEquals(world.status("db").pid === pid, false);
  });
  test(p, "s6-svwait waits for all of several services", async () => {
    await using world = await openWorld(p, { ...named("a", ON_GO), ...named("b", ON_GO) });
    await world.events("a").expect("su");
    await world.events("b").expect("su");
    await using wait = await subscribed(world, ["a", "b"], "s6-svwait", "-U", "-a", "a", "b");
    await go(world, "a");
    await world.events("a").expect("U");
    await go(world, "b");
    assertEquals(await wait.ended(), 0);
    assertEquals([world.status("a").ready, world.status("b").ready], [true, true]);
  });
  test(p, "s6-svwait -o: one of several services is enough", async () => {
    await using world = await openWorld(p, { ...named("a", ON_GO), ...named("b", ON_GO) });
    await world.events("a").expect("su");
    await world.events("b").expect("su");
    await using wait = await subscribed(world, ["a", "b"], "s6-svwait", "-U", "-o", "a", "b");
    await go(world, "b");
    assertEquals(await wait.ended(), 0);
    assertEquals([world.status("a").ready, world.status("b").ready], [false, true]);
  });
}

/** Two services that are up and ready. */
async function twoReady(p: Pairing): Promise<World> {
  const ready = { "run!": STAYS_READY, "notification-fd": "3" };
  const world = await openWorld(p, { ...named("a", ready), ...named("b", ready) });
  for (const name of ["a", "b"]) await world.events(name).expect("suU");
  return world;
}

function restartCases(p: Pairing): void {
  for (const letter of ["-r", "-R"]) {
    for (const how of ["-a", "-o"]) {
      const options = ["s6-svwait", letter, how, "a", "b"] as const;
      test(p, `s6-svwait ${letter} ${how} on services that are all down for a moment`, async () => {
        await using world = await twoReady(p);
        await using wait = await subscribed(world, ["a", "b"], ...options);
        for (const name of ["a", "b"]) {
          await world.svc("-d", name);
          await world.events(name).expect("dD");
        }
        await world.svc("-u", "b");
        await world.events("b").expect("uU");
        if (how === "-a") {
          await world.svc("-u", "a");
          await world.events("a").expect("uU");
        }
        assertEquals(await wait.ended(), 0);
      });
      const seen = p.client === OURS;
      const title = `s6-svwait ${letter} ${how} on services that restart one after the other: ${
        seen ? "each has been down" : "C waits for a moment when all are down"
      }`;
      test(p, title, async () => {
        await using world = await twoReady(p);
        const [program, ...args] = options;
        const limit = seen ? [] : ["-t", "3000"];
        await using wait = await subscribed(world, ["a", "b"], program, ...limit, ...args);
        for (const name of ["a", "b"]) {
          await world.svc("-t", name);
          await world.events(name).expect("dDuU");
        }
        assertEquals(await wait.ended(), seen ? 0 : 99);
      });
    }
  }
}

function failureCases(p: Pairing): void {
  test(p, "s6-svwait -U: a permanent failure is told by 1", async () => {
    await using world = await openWorld(p, named("db", FAILS));
    await world.events("db").expect("s");
    await using wait = await subscribed(world, ["db"], "s6-svwait", "-U", "db");
    await world.svc("-u", "db");
    assertEquals(await wait.ended(), 1);
    await world.events("db").expect("udOD");
  });
  test(p, "s6-svwait -u: the end of the supervisor is told by 1", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    await using wait = await subscribed(world, ["db"], "s6-svwait", "-U", "db");
    await world.svc("-x", "db");
    assertEquals(await wait.ended(), 1);
  });
  test(
    p,
    "s6-svwait -d: the end of the supervisor of a service that went down is no failure",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS });
      await world.events("db").expect("su");
      await using wait = await subscribed(world, ["db"], "s6-svwait", "-D", "db");
      await world.svc("-xd", "db");
      assertEquals(await wait.ended(), 0);
    },
  );
  if (is215(p.client)) {
    test(p, "s6-svwait -U: permanent failures of two services are told by 2", async () => {
      await using world = await openWorld(p, { ...named("a", FAILS), ...named("b", FAILS) });
      await world.events("a").expect("s");
      await world.events("b").expect("s");
      await using wait = await subscribed(world, ["a", "b"], "s6-svwait", "-U", "a", "b");
      await world.svc("-u", "a");
      await world.svc("-u", "b");
      assertEquals(await wait.ended(), 2);
    });
  }
  test(p, "s6-svwait on a directory that never had a supervisor: 111", async () => {
    await using world = await openWorld(p, { ".other/run!": STAYS });
    assertEquals((await world.client("s6-svwait", "-t", "1000", ".other")).code, 111);
    assertEquals((await world.client("s6-svwait", "-t", "1000", "missing")).code, 111);
  });
  testAlone(
    p,
    "s6-svwait: wrong usage is 100, and no directory at all is nothing to wait for",
    async () => {
      const svwait = p.client.bin("s6-svwait");
      assertEquals((await run(svwait, ["-z", "."])).code, 100);
      assertEquals((await run(svwait, ["-t", "soon", "."])).code, 100);
      assertEquals((await run(svwait, [])).code, is215(p.client) ? 0 : 100);
    },
  );
}

function listenCases(p: Pairing): void {
  test(p, "s6-svlisten subscribes before it runs the program", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    await world.ok("s6-svlisten", "-u", "db", "", p.client.bin("s6-svc"), "-u", "db");
    assertEquals(await world.field("db", "up"), "true");
  });
  test(p, "s6-svlisten -D waits for all of several services", async () => {
    await using world = await openWorld(p, { "a/run!": STAYS, "b/run!": STAYS });
    await world.events("a").expect("su");
    await world.events("b").expect("su");
    const svc = p.client.bin("s6-svc");
    await world.ok(
      "s6-svlisten",
      "-D",
      "a",
      "b",
      "",
      "/bin/sh",
      "-c",
      `${svc} -d a && ${svc} -d b`,
    );
    assertEquals(world.status("a").pid, 0);
    assertEquals(world.status("b").pid, 0);
  });
  test(p, "s6-svlisten takes service directories in execline's notation of a block", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    assertEquals(await world.ok("s6-svlisten", "-u", " db", "", "echo", "ran"), "ran\n");
  });
  test(p, "s6-svlisten -r: the program restarts the service", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.ok("s6-svlisten", "-r", "db", "", p.client.bin("s6-svc"), "-r", "db");
    await world.events("db").expect("dDu");
  });
  test(p, "s6-svlisten -t times out with 99 and says so", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    const { code, stderr } = await world.client("s6-svlisten", "-t", "500", "-d", "db", "", "true");
    assertEquals(code, 99);
    assertStringIncludes(stderr, "timed out");
  });
  test(p, "s6-svlisten1 runs the program and waits for its one service", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS_READY,
      "db/notification-fd": "3",
      "db/down": "",
    });
    await world.events("db").expect("s");
    await world.ok("s6-svlisten1", "-U", "db", p.client.bin("s6-svc"), "-u", "db");
    assertEquals(world.status("db").ready, true);
    assertEquals((await world.client("s6-svlisten1", "-t", "500", "-d", "db", "true")).code, 99);
  });
  test(p, "s6-svlisten1 tells a permanent failure by 1", async () => {
    await using world = await openWorld(p, named("db", FAILS));
    await world.events("db").expect("s");
    assertEquals(
      (await world.client("s6-svlisten1", "-U", "db", p.client.bin("s6-svc"), "-u", "db")).code,
      1,
    );
  });
  test(p, "s6-svlisten and s6-svlisten1 tell a program that can't be run by 111", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    const listen = await world.client("s6-svlisten", "-u", "db", "", "no-such-program");
    assertEquals(listen.code, 111);
    assertStringIncludes(
      listen.stderr,
      "unable to spawn no-such-program: No such file or directory",
    );
    assertEquals((await world.client("s6-svlisten1", "-u", "db", "no-such-program")).code, 111);
  });
  const wrong = [["s6-svlisten"], ["s6-svlisten", "db"], ["s6-svlisten", "db", "true"], [
    "s6-svlisten",
    "db",
    "",
  ], ["s6-svlisten1", "db"]];
  for (const [program, ...args] of wrong) {
    testAlone(
      p,
      `${program} ${args.map((arg) => arg || '""').join(" ")} is wrong usage: 100`,
      async () => {
        assertEquals((await run(p.client.bin(program!), args)).code, 100);
      },
    );
  }
}

export function svwaitCases(p: Pairing): void {
  nowCases(p);
  waitCases(p);
  restartCases(p);
  failureCases(p);
  listenCases(p);
}
