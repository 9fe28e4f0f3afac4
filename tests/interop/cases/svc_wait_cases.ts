/** s6-svc -w and -T: a command, and the wait for what it brings about. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { is215, type Pairing, test } from "../pairing.ts";
import { openWorld, READY_ON_GO, STAYS, STAYS_READY } from "../world.ts";

/** A service whose finish script ends when somebody writes a line to the FIFO `go`. */
const SLOW_FINISH = { "db/run!": STAYS, "db/finish!": "#!/bin/sh\nread line <go\n", "db/go|": "" };

function say(path: string): Promise<void> {
  return Deno.writeTextFile(path, "\n");
}

function upCases(p: Pairing): void {
  test(p, "s6-svc -wu returns when the service is up, ready or not", async () => {
    await using world = await openWorld(p, {
      "db/run!": READY_ON_GO,
      "db/go|": "",
      "db/notification-fd": "3",
      "db/down": "",
    });
    await world.events("db").expect("s");
    await world.svc("-wu", "-u", "db");
    assertEquals(await world.field("db", "up,ready"), "true false");
  });
  test(p, "s6-svc -wU returns when the service is ready", async () => {
    await using world = await openWorld(p, {
      "db/run!": READY_ON_GO,
      "db/go|": "",
      "db/notification-fd": "3",
      "db/down": "",
    });
    await world.events("db").expect("s");
    await using svc = world.start("s6-svc", "-wU", "-u", "db");
    await world.events("db").expect("u");
    await say(world.tree.path("db/go"));
    assertEquals(await svc.ended(), 0);
    assertEquals(await world.field("db", "up,ready"), "true true");
  });
  test(p, "s6-svc -wU -T gives up on a service that does not become ready: 99", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/notification-fd": "3",
      "db/down": "",
    });
    await world.events("db").expect("s");
    const { code, stderr } = await world.client("s6-svc", "-wU", "-T", "150", "-u", "db");
    assertEquals(code, 99);
    assertStringIncludes(stderr, "timed out");
    await world.events("db").expect("u");
  });
  for (const [letter, lesser] of [["U", "u"], ["R", "r"]]) {
    test(
      p,
      `s6-svc -w${letter} without notification-fd is -w${lesser}, with a warning`,
      async () => {
        await using world = await openWorld(p, { "db/run!": STAYS });
        await world.events("db").expect("su");
        const { code, stderr } = await world.client(
          "s6-svc",
          `-w${letter}`,
          letter === "R" ? "-r" : "-u",
          "db",
        );
        assertEquals(code, 0);
        assertStringIncludes(
          stderr,
          "db/notification-fd not present - ignoring request for readiness notification",
        );
      },
    );
  }
  test(p, "s6-svc -wU tells a permanent failure by 1", async () => {
    await using world = await openWorld(p, {
      "db/run!": "#!/bin/sh\nexit 1\n",
      "db/finish!": "#!/bin/sh\nexit 125\n",
      "db/notification-fd": "3",
      "db/down": "",
    });
    await world.events("db").expect("s");
    const { code, stderr } = await world.client("s6-svc", "-wU", "-u", "db");
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      is215(p.client)
        ? "permanent failure or their supervisor died"
        : "db failed permanently or its supervisor died",
    );
    await world.events("db").expect("udOD");
  });
}

function downCases(p: Pairing): void {
  test(
    p,
    "s6-svc -wd returns when the service is dead, while its finish script still runs",
    async () => {
      await using world = await openWorld(p, SLOW_FINISH);
      await world.events("db").expect("su");
      await world.svc("-wd", "-d", "db");
      assertEquals(world.status("db").finishing, true);
    },
  );
  test(p, "s6-svc -wD returns when the finish script has ended", async () => {
    await using world = await openWorld(p, SLOW_FINISH);
    await world.events("db").expect("su");
    await using svc = world.start("s6-svc", "-wD", "-d", "db");
    await world.events("db").expect("d");
    await say(world.tree.path("db/go"));
    assertEquals(await svc.ended(), 0);
    assertEquals(world.status("db").finishing, false);
    assertEquals(await world.field("db", "up,wantedup"), "false false");
  });
  test(p, "s6-svc -wd -T gives up on a service that does not die: 99", async () => {
    await using world = await openWorld(p, {
      "db/run!": "#!/bin/sh\ntrap '' TERM\necho >&3\nexec sleep 100000\n",
      "db/notification-fd": "3",
    });
    await world.events("db").expect("suU");
    assertEquals((await world.client("s6-svc", "-wd", "-T", "150", "-d", "db")).code, 99);
  });
}

function restartCases(p: Pairing): void {
  test(p, "s6-svc -wr returns when the service is up again", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    const { pid } = world.status("db");
    await world.svc("-wr", "-r", "db");
    await world.events("db").expect("dDu");
    assertEquals(await world.field("db", "up"), "true");
    assertEquals(world.status("db").pid === pid, false);
  });
  test(p, "s6-svc -wR returns when the service is ready again", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    await world.svc("-wR", "-r", "db");
    await world.events("db").expect("dDuU");
    assertEquals(await world.field("db", "up,ready"), "true true");
  });
}

function pureWaitCases(p: Pairing): void {
  test(p, "s6-svc -w without a command waits for what is so already, or comes", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svc("-wu", "db");
    assertEquals((await world.client("s6-svc", "-wd", "-T", "100", "db")).code, 99);
  });
  if (!is215(p.client)) return;
  test(p, "s6-svc -wD waits for all of several services", async () => {
    await using world = await openWorld(p, { ...SLOW_FINISH, "web/run!": STAYS });
    await world.events("db").expect("su");
    await world.events("web").expect("su");
    await using svc = world.start("s6-svc", "-wD", "-d", "web", "db");
    await world.events("web").expect("dD");
    await world.events("db").expect("d");
    await say(world.tree.path("db/go"));
    assertEquals(await svc.ended(), 0);
    assertEquals(world.status("db").finishing, false);
  });
}

export function svcWaitCases(p: Pairing): void {
  upCases(p);
  downCases(p);
  restartCases(p);
  pureWaitCases(p);
}
