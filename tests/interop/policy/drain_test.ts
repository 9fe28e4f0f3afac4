/**
 * timeout-drain on the built binary: wanted down at once, signalled when the time is over; C's
 * clients command and watch.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { run, signalProcess } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { isAlive } from "../../fixture/processes.ts";
import { startSupervise } from "../../fixture/scan.ts";
import { OURS } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { OURS_THEIRS, test } from "../pairing.ts";
import { readStatusFile } from "../status_file.ts";
import { openWorld, STAYS, TELLS_SIGNALS } from "../world.ts";

/** Longer than any test waits: what happens in these does not happen because the time is over. */
const LONG_MS = "3600000\n";

test(
  OURS_THEIRS,
  "s6-svc -d: up and wanted down while it is drained, then down; C's s6-svwait waits through it",
  async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "web/run!": STAYS,
      "web/timeout-drain": "300\n",
    });
    await world.events("web").expect("su");
    const { pid } = world.status("web");
    await world.svc("-d", "web");
    await using wait = world.start("s6-svwait", "-D", "-t", "15000", "web");
    assertEquals([await wait.ended(), isAlive(pid)], [0, false]);
    await world.events("web").expect("dD");
    assertEquals(await world.field("web", "signal"), "SIGTERM");
  },
);

test(
  OURS_THEIRS,
  "while it is drained: C's s6-svstat says want down; nothing was sent; a second s6-svc -d sends it",
  async () => {
    const spec = {
      "web/run!": TELLS_SIGNALS,
      "web/notification-fd": "3",
      "web/timeout-drain": LONG_MS,
      "web/down-signal": "USR1",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    await world.events("web").expect("suU");
    await world.svc("-d", "web");
    await world.svc("-2", "web"); // obeyed after the first
    await world.svscan.output.until("got USR2\n");
    assertMatch(
      await world.ok("s6-svstat", "web"),
      /^up \(pid \d+\) \d+ seconds, want down, ready \d+ seconds\n$/,
    );
    assertEquals(world.svscan.output.text, "got USR2\n");
    await world.svc("-d", "web");
    await world.svscan.output.until("got USR1\n");
  },
);

test(
  OURS_THEIRS,
  "s6-svc -k while it is drained: it dies, and that was the end that was wanted",
  async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "web/run!": STAYS,
      "web/timeout-drain": LONG_MS,
    });
    await world.events("web").expect("su");
    await world.svc("-d", "web");
    await world.svc("-k", "web");
    await world.events("web").expect("dD");
    assertEquals(await world.field("web", "signal,wantedup"), "SIGKILL false");
  },
);

test(OURS_THEIRS, "s6-svc -u while it is drained: stopped and started again", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "web/run!": STAYS,
    "web/timeout-drain": "300\n",
  });
  await world.events("web").expect("su");
  const { pid } = world.status("web");
  await world.svc("-d", "web");
  await world.svc("-u", "web");
  await world.events("web").expect("dDu");
  assertEquals([isAlive(pid), isAlive(world.status("web").pid)], [false, true]);
});

test(OURS_THEIRS, "timeout-kill counts from the down-signal", async () => {
  const spec = {
    "web/run!": "#!/bin/sh\ntrap '' TERM\necho >&3\nwhile :; do sleep 1; done\n",
    "web/notification-fd": "3\n",
  };
  await using world = await openWorld(OURS_THEIRS, {
    ...spec,
    "web/timeout-drain": "200\n",
    "web/timeout-kill": "200\n",
  });
  await world.events("web").expect("suU");
  await world.svc("-d", "web");
  await world.events("web").expect("dD");
  assertEquals(await world.field("web", "signal"), "SIGKILL");
});

test(
  OURS_THEIRS,
  "s6-svscanctl -t: the end waits for the drain; others end at once; the logger reads the last line",
  async () => {
    const spec = {
      "web/run!":
        "#!/bin/sh\ntrap 'echo last; exit' TERM\necho >&3\nread line <go\necho drained\nread line <hold\n",
      "web/go|": "",
      "web/hold|": "",
      "web/notification-fd": "3\n",
      "web/timeout-drain": "500\n",
      "web/log/run!": "#!/bin/sh\nexec cat >lines\n",
      "db/run!": STAYS,
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    await world.events("web").expect("suU");
    await world.ok("s6-svscanctl", "-t", ".");
    await world.events("db").until("x");
    await world.tree.feed("web/go", "\n");
    await world.events("web").expect("dDx");
    assertEquals(await world.svscan.ended(), 0);
    assertEquals(world.tree.text("web/log/lines"), "drained\nlast\n");
  },
);

test(OURS_THEIRS, "s6-svscanctl -t, then -q: the second cuts the drain short", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "web/run!": STAYS,
    "web/timeout-drain": LONG_MS,
  });
  await world.events("web").expect("su");
  await world.ok("s6-svscanctl", "-t", ".");
  await world.ok("s6-svscanctl", "-q", ".");
  await world.events("web").expect("dDx");
  assertEquals(await world.svscan.ended(), 0);
});

test(OURS_THEIRS, "s6-svc -xd: the last life is drained too", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "web/run!": STAYS,
    "web/timeout-drain": "200\n",
  });
  await world.events("web").expect("su");
  await world.svc("-xd", "web");
  await world.events("web").until("x");
  assertEquals(world.events("web").all.slice(0, 5), "sudDx");
});

test(OURS_THEIRS, "s6-svscanctl -b while a service is drained: it is left as it is", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "web/run!": STAYS,
    "web/timeout-drain": LONG_MS,
  });
  await world.events("web").expect("su");
  const { pid } = world.status("web");
  await world.svc("-d", "web");
  await world.ok("s6-svscanctl", "-b", ".");
  assertEquals([await world.svscan.ended(), isAlive(pid)], [0, true]);
  signalProcess(pid, "SIGKILL");
});

test(
  OURS_THEIRS,
  "s6-supervise, SIGQUIT while the service is drained: it goes, the service stays as it is",
  async () => {
    using tree = makeTree({ "web/run!": STAYS, "web/timeout-drain": LONG_MS });
    await using supervise = await startSupervise(OURS, tree, "web");
    await supervise.events.expect("u");
    const { pid } = readStatusFile(tree.path("web"));
    assertEquals((await run(OURS_THEIRS.client.bin("s6-svc"), ["-d", tree.path("web")])).code, 0);
    await eventually("it to be wanted down", () => !readStatusFile(tree.path("web")).wantedUp);
    supervise.kill("SIGQUIT");
    await supervise.events.expect("x");
    assertEquals([await supervise.ended(), isAlive(pid)], [0, true]);
  },
);

test(OURS_THEIRS, "s6-supervise, SIGTERM: drained, then down; SIGTERM once more: now", async () => {
  using tree = makeTree({ "web/run!": STAYS, "web/timeout-drain": LONG_MS });
  await using supervise = await startSupervise(OURS, tree, "web");
  await supervise.events.expect("u");
  supervise.kill("SIGTERM");
  await eventually("it to be wanted down", () => !readStatusFile(tree.path("web")).wantedUp);
  supervise.kill("SIGTERM");
  await supervise.events.expect("dDx");
  assertEquals(await supervise.ended(), 0);
});
