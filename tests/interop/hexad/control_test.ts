/**
 * `hexad start`, `stop`, `restart` and their like: what they do, and what they tell of how it went.
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { is215, OURS_OURS, type Pairing, THEIRS_OURS } from "../pairing.ts";
import { openWorld, READY_ON_GO, STAYS, STAYS_READY, TELLS_SIGNALS, type World } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

function hexad(world: World, ...args: string[]): Promise<Result> {
  return run(HEXAD, [args[0]!, "-S", world.tree.root, ...args.slice(1)]);
}

function withLogger(pairing: Pairing): Readonly<Record<string, string>> {
  return { PATH: `${pairing.daemon.bin("").slice(0, -1)}:${Deno.env.get("PATH")}` };
}

/** Says three lines, then dies. */
const CRASHES = "#!/bin/sh\necho one\necho two\necho three, and out\nexit 7\n";

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  const test = (behaviour: string, body: () => Promise<void>): void =>
    Deno.test(`${pairing.name}: ${behaviour}`, async () => {
      requireToolset(pairing.daemon);
      await body();
    });

  test("start, restart and stop --wait tell what became of each service", async () => {
    const spec = {
      "web/run!": STAYS_READY,
      "web/notification-fd": "3",
      "web/down": "",
      "plain/run!": STAYS,
      "plain/down": "",
    };
    await using world = await openWorld(pairing, spec);
    const started = await hexad(world, "start", "--wait", "web", "plain");
    assertEquals([started.code, started.stderr], [0, ""]);
    const pid = await world.field("web", "pid");
    assertEquals(started.stdout.split("\n").sort(), [
      "",
      `plain: up, pid ${await world.field("plain", "pid")}`,
      `web: ready, pid ${pid}`,
    ]);
    const again = await hexad(world, "start", "--wait", "web", "plain");
    assertEquals([again.code, again.stdout.split("\n").length], [0, 3]);
    assertEquals(await world.field("web", "pid"), pid);
    const restarted = await hexad(world, "restart", "-w", "web");
    assertNotEquals(await world.field("web", "pid"), pid);
    assertEquals(restarted, {
      code: 0,
      stdout: `web: ready, pid ${await world.field("web", "pid")}\n`,
      stderr: "",
    });
    assertEquals(await hexad(world, "stop", "-w", "web"), {
      code: 0,
      stdout: "web: down, SIGTERM\n",
      stderr: "",
    });
    assertEquals(await world.field("web", "up,wantedup"), "false false");
    const fromDown = await hexad(world, "restart", "-w", "web");
    assertEquals(fromDown.stdout, `web: ready, pid ${await world.field("web", "pid")}\n`);
  });

  test("without --wait a command is passed on, and that is told", async () => {
    await using world = await openWorld(pairing, { "web/run!": STAYS, "web/down": "" });
    await world.events("web").until("s");
    assertEquals(await hexad(world, "start", "web"), {
      code: 0,
      stdout: "web: told to start\n",
      stderr: "",
    });
    await world.events("web").until("u");
    assertEquals(await hexad(world, "restart", "web"), {
      code: 0,
      stdout: "web: told to restart\n",
      stderr: "",
    });
    await world.events("web").until("u");
    assertEquals(await hexad(world, "stop", "web"), {
      code: 0,
      stdout: "web: told to stop\n",
      stderr: "",
    });
    await world.events("web").until("D");
  });

  test("start --timeout: each death on the way is told, and in the end the state, the last exit and the last lines", async () => {
    const spec = {
      "bad/run!": CRASHES,
      "bad/down": "",
      "bad/log/run!": "#!/bin/sh\nexec s6-log T ./main\n",
    };
    await using world = await openWorld(pairing, spec, { env: withLogger(pairing) });
    await world.events("bad").until("s");
    const { code, stdout, stderr } = await hexad(world, "start", "--timeout", "1500ms", "bad");
    assertEquals(code, 99);
    assertMatch(stdout, /^(bad: died: exit 7\n)+$/);
    const lines = stderr.split("\n");
    assertMatch(
      lines[0]!,
      /^hexad start: warning: bad did not come up within 1\.5s: (backing off|up); last exit: exit 7$/,
    );
    assertEquals(
      lines[1],
      `hexad start: info: the last lines in ${world.tree.path("bad/log/main")}:`,
    );
    assert(lines.includes("hexad start: info:   three, and out"), stderr);
  });

  test("start --wait: a failure for good ends the waiting", async () => {
    const spec = {
      "bad/run!": "#!/bin/sh\nexit 7\n",
      "bad/down": "",
      "bad/finish!": "#!/bin/sh\nexit 125\n",
    };
    await using world = await openWorld(pairing, spec);
    const { code, stdout, stderr } = await hexad(world, "start", "--wait", "--timeout", "0", "bad");
    assertEquals([code, stdout], [1, "bad: died: exit 7\n"]);
    const state = is215(pairing.daemon) ? "failed" : "(finishing|down)";
    assertMatch(
      stderr,
      new RegExp(`^hexad start: warning: bad did not come up: ${state}; last exit: exit 7\n$`),
    );
  });

  test("once --wait: a service that dies is not waited for any longer; one that stays is up", async () => {
    const spec = {
      "brief/run!": "#!/bin/sh\nexit 3\n",
      "brief/down": "",
      "long/run!": STAYS,
      "long/down": "",
    };
    await using world = await openWorld(pairing, spec);
    const { code, stdout, stderr } = await hexad(world, "once", "--wait", "brief", "long");
    assertEquals(code, 1);
    assertMatch(stderr, /^hexad once: warning: brief did not come up: down; last exit: exit 3\n$/);
    assertEquals(
      stdout,
      `brief: died: exit 3\nlong: up, wanted down, pid ${await world.field("long", "pid")}\n`,
    );
  });

  test("stop --timeout: a service that does not go is told, and readiness is waited for as long as it takes", async () => {
    const stubborn = "#!/bin/sh\ntrap '' TERM\necho >&3\nwhile :; do sleep 1; done\n";
    const spec = {
      "mule/run!": stubborn,
      "mule/notification-fd": "3",
      "slow/run!": READY_ON_GO,
      "slow/notification-fd": "3",
      "slow/go|": "",
    };
    await using world = await openWorld(pairing, spec);
    await world.events("mule").until("U");
    const { code, stderr } = await hexad(world, "stop", "--timeout", "200ms", "mule");
    assertEquals([code, stderr], [
      99,
      "hexad stop: warning: mule did not go down within 0.2s: ready, wanted down\n",
    ]);
    const early = await hexad(world, "start", "--timeout", "200ms", "slow");
    assertEquals([early.code, early.stderr], [
      99,
      "hexad start: warning: slow did not come up within 0.2s: up, not ready\n",
    ]);
    const waiting = hexad(world, "start", "--wait", "slow");
    await world.subscribers("slow", 2);
    await world.tree.feed("slow/go", "\n");
    assertEquals((await waiting).stdout, `slow: ready, pid ${await world.field("slow", "pid")}\n`);
  });

  test("--wait: pause and continue are done, reload is lived through or not, kill is died of", async () => {
    const spec = {
      "web/run!": TELLS_SIGNALS,
      "web/notification-fd": "3",
      "frail/run!": "#!/bin/sh\ntrap 'exit 5' HUP\necho >&3\nwhile :; do sleep 0.1; done\n",
      "frail/notification-fd": "3",
      "idle/run!": STAYS,
      "idle/down": "",
    };
    await using world = await openWorld(pairing, spec);
    await world.events("web").until("U");
    await world.events("frail").until("U");
    const pid = await world.field("web", "pid");
    const paused = await hexad(world, "pause", "--wait", "web", "idle");
    assertEquals([paused.code, paused.stdout, await world.field("web", "paused")], [
      1,
      `web: ready, paused, pid ${pid}\n`,
      "true",
    ]);
    assertEquals(
      paused.stderr,
      "hexad pause: warning: idle does not run, so nothing was sent: down\n",
    );
    const continued = await hexad(world, "continue", "--wait", "web");
    assertEquals([continued.code, continued.stdout, await world.field("web", "paused")], [
      0,
      `web: ready, pid ${pid}\n`,
      "false",
    ]);
    const reloaded = await hexad(world, "reload", "--wait", "web", "frail");
    assertEquals(reloaded.code, 0);
    const lines = reloaded.stdout.split("\n");
    assertEquals(lines.filter((line) => line.startsWith("web:")), [`web: ready, pid ${pid}`]);
    assertEquals(lines.filter((line) => line.startsWith("frail:"))[0], "frail: died: exit 5");
    assertMatch(reloaded.stdout, /^frail: ready, pid \d+$/m);
    const survived = await hexad(world, "kill", "-s", "USR1", "--timeout", "100ms", "web");
    assertEquals([survived.code, survived.stderr], [
      99,
      "hexad kill: warning: web has not died of it within 0.1s: ready\n",
    ]);
    const killed = await hexad(world, "kill", "--wait", "web");
    assertEquals([killed.code, killed.stdout], [0, "web: died: SIGKILL\n"]);
  });

  test("reload, kill, pause and continue send their signals", async () => {
    const spec = {
      "web/run!": TELLS_SIGNALS,
      "web/notification-fd": "3",
      "idle/run!": STAYS,
      "idle/down": "",
    };
    await using world = await openWorld(pairing, spec);
    await world.events("web").until("U");
    assertEquals((await hexad(world, "reload", "web")).stdout, "web: told to reload\n");
    await world.svscan.output.until("got HUP");
    assertEquals(
      (await hexad(world, "kill", "-s", "usr1", "web")).stdout,
      "web: was sent SIGUSR1\n",
    );
    await world.svscan.output.until("got USR1");
    if (is215(pairing.daemon)) {
      world.tree.add({ "web/reload-signal": "USR2" });
      await hexad(world, "reload", "web");
      await world.svscan.output.until("got USR2");
    }
    await hexad(world, "pause", "web");
    await eventually(
      "the service to be paused",
      async () => (await world.field("web", "paused")) === "true",
    );
    await hexad(world, "continue", "web");
    await world.svscan.output.until("got CONT");
    assertEquals((await hexad(world, "kill", "web")).stdout, "web: was sent SIGKILL\n");
    await world.events("web").until("d");
    for (const command of ["kill", "reload", "pause", "continue"]) {
      for (const more of [[], ["--wait"]]) {
        const { code, stdout, stderr } = await hexad(world, command, ...more, "idle");
        assertEquals([code, stdout], [1, ""]);
        assertMatch(stderr, /warning: idle does not run, so nothing was sent: down$/m);
      }
    }
    const refused = await hexad(world, "kill", "-g", "-s", "TERM", "web");
    assertEquals([refused.code, refused.stderr.split("\n")[0]], [
      100,
      "hexad kill: fatal: a supervisor can't send TERM to a group; it can send KILL STOP CONT",
    ]);
  });

  test("what can't be done is told for each service, with the cure, and the others get theirs", async () => {
    await using world = await openWorld(pairing, { "web/run!": STAYS, "web/down": "" });
    await world.events("web").until("s");
    world.tree.add({ "late/run!": STAYS });
    const { code, stdout, stderr } = await hexad(world, "start", "late", "web");
    assertEquals([code, stdout], [102, "web: told to start\n"]);
    assertEquals(
      stderr,
      "hexad start: warning: late is not supervised; s6-svscanctl -a SCANDIR makes an s6-svscan look for new services\n",
    );
    const waiting = await hexad(world, "start", "--wait", "late");
    assertEquals([waiting.code, waiting.stderr], [102, stderr]);
    const nobody = [
      "--reuid=65534",
      "--regid=65534",
      "--clear-groups",
      HEXAD,
      "stop",
      "-S",
      world.tree.root,
      "web",
    ];
    const denied = await run("setpriv", nobody);
    assertEquals([denied.code, denied.stderr], [
      111,
      `hexad stop: warning: web: unable to control ${world.tree.path("web")}: Permission denied; ` +
      `be root, or have root allow it: s6-svperms -G GROUP ${world.tree.path("web")}\n`,
    ]);
    const deaf = await run("setpriv", [...nobody.slice(0, 4), "start", "-w", ...nobody.slice(5)]);
    assertEquals(deaf.code, 111);
    assertMatch(
      deaf.stderr,
      /^hexad start: warning: web: unable to (subscribe to|read status for) .*: Permission denied; be root, .* or leave out --wait\n$/,
    );
    const nameless = await hexad(world, "stop");
    assertEquals([nameless.code, nameless.stderr.split("\n")[0]], [
      100,
      "hexad stop: fatal: no service given; --all means all of them",
    ]);
    const wrong = await hexad(world, "start", "--timeout", "soon", "web");
    assertEquals([wrong.code, wrong.stderr.split("\n")[0]], [
      100,
      "hexad start: fatal: no duration: soon (e.g. 90s, 2m, 1h30m)",
    ]);
  });
}
