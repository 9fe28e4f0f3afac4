/**
 * flag-kill-leftovers on the built binary: what a dead ./run has left is gone before ./finish, and
 * nobody else is touched.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import { isAlive, processesOf } from "../../fixture/processes.ts";
import { startSupervise } from "../../fixture/scan.ts";
import { OURS } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { OURS_THEIRS, test } from "../pairing.ts";
import { openWorld, type World } from "../world.ts";

/**
 * Writes the pids of what it starts to `left`, one line each, before it goes on: `$1` is what it
 * leaves, the rest how it ends.
 */
function leaves(what: string, end: string): string {
  return `#!/bin/bash\n${what}\nmv left.tmp left\n${end}\n`;
}

const SLEEPER = "sleep 100000 & echo $! >>left.tmp";
/** Ignores SIGTERM, and is known to before its pid is written. */
const DEAF =
  'perl -e \'$SIG{TERM} = "IGNORE"; open my $f, ">>", "left.tmp"; print $f "$$\\n"; close $f; sleep 100000\' & \n' +
  "until [ -s left.tmp ]; do sleep 0.01; done";
/** A zombie that nobody has reaped does not live. */
const FINISH =
  "#!/bin/sh\nfor pid in $(cat left); do grep -qs '^State:[[:space:]]*[^ZX[:space:]]' /proc/$pid/status && echo finish: $pid lives; done\n" +
  "echo finish: done\n";

function pids(world: World, service = "app"): number[] {
  return world.tree.text(`${service}/left`).trim().split("\n").map(Number);
}

async function died(world: World): Promise<number[]> {
  await world.events("app").until("d");
  return pids(world);
}

for (
  const [what, left] of [
    ["a child", SLEEPER],
    ["children in process groups of their own", `set -m\n${SLEEPER}\n${SLEEPER}`],
    ["a grandchild whose parent is gone", "(sleep 100000 & echo $! >>left.tmp)"],
    ["a child that is stopped", `${SLEEPER}\nkill -STOP $!`],
    ["forty children", `for i in $(seq 40); do ${SLEEPER}; done`],
  ] as const
) {
  test(OURS_THEIRS, `${what}: gone before ./finish, and the service starts again`, async () => {
    const spec = {
      "app/run!": leaves(left, "exit 1"),
      "app/finish!": FINISH,
      "app/flag-kill-leftovers": "",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    const left1 = await died(world);
    await world.events("app").expect("D");
    assertEquals(left1.filter(isAlive), []);
    await world.events("app").expect("u");
    await world.ok("s6-svc", "-wD", "-d", "app");
    assertMatch(world.svscan.output.text, /^(finish: done\n)+$/);
  });
}

test(
  OURS_THEIRS,
  "one that ignores SIGTERM: down, not finished, as long as timeout-kill; then SIGKILL, and D",
  async () => {
    const spec = {
      "app/run!": leaves(DEAF, "exit 1"),
      "app/finish!": FINISH,
      "app/flag-kill-leftovers": "",
      "app/timeout-kill": "400\n",
      "app/restart-policy": "never",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    const [pid] = await died(world);
    assertMatch(
      await world.ok("s6-svstat", "app"),
      /^down \(exitcode 1\) \d+ seconds, normally up\n$/,
    );
    assert(isAlive(pid!));
    await world.events("app").expect("OD");
    assertEquals([isAlive(pid!), world.svscan.output.text], [false, "finish: done\n"]);
  },
);

test(
  OURS_THEIRS,
  "what has made a session of its own is nobody's: it stays, and so do other services and their children",
  async () => {
    const spec = {
      "app/run!": leaves(
        `${SLEEPER}\nsetsid sh -c 'echo $$ >own; exec sleep 100000' &\nuntil [ -s own ]; do sleep 0.01; done`,
        "exit 1",
      ),
      "app/flag-kill-leftovers": "",
      "app/restart-policy": "never",
      "other/run!": leaves(SLEEPER, "exec sleep 100000"),
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    const others = await eventually(
      "the other service",
      () => world.tree.exists("other/left") && pids(world, "other"),
    );
    await world.events("app").until("D");
    assertEquals(pids(world).filter(isAlive), []);
    const own = Number(world.tree.text("app/own"));
    assertEquals([own, ...others, world.status("other").pid].map(isAlive), [true, true, true]);
  },
);

test(OURS_THEIRS, "without the flag nothing is killed", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "app/run!": leaves(SLEEPER, "exit 1"),
    "app/restart-policy": "never",
  });
  await world.events("app").until("D");
  assertEquals(pids(world).map(isAlive), [true]);
});

test(OURS_THEIRS, "s6-svc -d: the service, then what it left", async () => {
  const spec = {
    "app/run!": leaves(SLEEPER, "exec sleep 100000"),
    "app/finish!": FINISH,
    "app/flag-kill-leftovers": "",
  };
  await using world = await openWorld(OURS_THEIRS, spec);
  await eventually("its child", () => world.tree.exists("app/left"));
  await world.ok("s6-svc", "-wD", "-d", "app");
  assertEquals([pids(world).filter(isAlive), world.svscan.output.text], [[], "finish: done\n"]);
});

test(
  OURS_THEIRS,
  "s6-svscanctl -t while leftovers are killed: s6-svscan ends after them",
  async () => {
    const spec = {
      "app/run!": leaves(DEAF, "exit 1"),
      "app/flag-kill-leftovers": "",
      "app/timeout-kill": "400\n",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    const [pid] = await died(world);
    assert(isAlive(pid!));
    await world.ok("s6-svscanctl", "-t", ".");
    await world.events("app").expect("Dx");
    assertEquals([isAlive(pid!), await world.svscan.ended()], [false, 0]);
  },
);

test(
  OURS_THEIRS,
  "s6-svscanctl -b while leftovers are killed: it leaves at once, and they stay",
  async () => {
    const spec = {
      "app/run!": leaves(DEAF, "exit 1"),
      "app/flag-kill-leftovers": "",
      "app/timeout-kill": "3600000\n",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    const [pid] = await died(world);
    await world.ok("s6-svscanctl", "-b", ".");
    assertEquals([await world.svscan.ended(), isAlive(pid!)], [0, true]);
  },
);

test(
  OURS_THEIRS,
  "s6-supervise, SIGQUIT while leftovers are killed: it goes at once, and they stay",
  async () => {
    using tree = makeTree({
      "app/run!": leaves(DEAF, "exit 1"),
      "app/flag-kill-leftovers": "",
      "app/timeout-kill": "3600000\n",
    });
    await using supervise = await startSupervise(OURS, tree, "app");
    await supervise.events.expect("ud");
    const pid = Number(tree.text("app/left"));
    supervise.kill("SIGQUIT");
    await supervise.events.expect("x");
    assertEquals([await supervise.ended(), isAlive(pid)], [0, true]);
  },
);

test(
  OURS_THEIRS,
  "s6-supervise, which reaps no orphans: leftovers are gone before ./finish all the same",
  async () => {
    using tree = makeTree({
      "app/run!": leaves(`(${SLEEPER})`, "exit 1"),
      "app/finish!": FINISH,
      "app/flag-kill-leftovers": "",
      "app/restart-policy": "never",
    });
    await using supervise = await startSupervise(OURS, tree, "app");
    await supervise.events.expect("udOD");
    await supervise.stdout.until("finish: done\n");
    assertEquals(supervise.stdout.text, "finish: done\n");
  },
);

test(OURS_THEIRS, "other services are served while leftovers take their time", async () => {
  const spec = {
    "app/run!": leaves(DEAF, "exit 1"),
    "app/flag-kill-leftovers": "",
    "app/timeout-kill": "3600000\n",
    "web/run!": "#!/bin/sh\nexec sleep 100000\n",
  };
  await using world = await openWorld(OURS_THEIRS, spec);
  const [pid] = await died(world);
  await world.ok("s6-svc", "-wr", "-r", "web");
  assert(isAlive(pid!));
});

test(OURS_THEIRS, "a storm of processes that start others: all of them are ended", async () => {
  const spawner =
    'perl -e \'$SIG{TERM} = "IGNORE"; open my $f, ">>", "left.tmp"; print $f "$$\\n"; close $f; ' +
    'while (1) { my $p = fork; if ($p == 0) { select undef, undef, undef, 0.05; exec "sleep", 100000 } select undef, undef, undef, 0.01 }\' &\n' +
    "until [ -s left.tmp ]; do sleep 0.01; done";
  const spec = {
    "app/run!": leaves(spawner, "sleep 0.3; exit 1"),
    "app/flag-kill-leftovers": "",
    "app/timeout-kill": "200\n",
    "app/restart-policy": "never",
  };
  await using world = await openWorld(OURS_THEIRS, spec);
  await world.events("app").until("D");
  // s6-svscan's own directory is that of the service that it has served last
  const rest = processesOf(world.tree.path("app")).filter((pid) =>
    pid !== world.svscan.pid && isAlive(pid)
  );
  assertEquals(rest, []);
});
