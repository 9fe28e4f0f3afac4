/**
 * flag-essential on the built binary: the service's end is the end of s6-svscan, with its exit
 * code; C's clients command and watch.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { startSupervise } from "../../fixture/scan.ts";
import { OURS } from "../../fixture/toolset.ts";
import { makeTree, type TreeSpec } from "../../fixture/tree.ts";
import { OURS_THEIRS, test } from "../pairing.ts";
import { openWorld, STAYS } from "../world.ts";

const PERMANENT = "#!/bin/sh\nexit 125\n";
/** Ends as the line that is written to the FIFO `go` says. */
const ENDS_ON_GO = "#!/bin/sh\nread line <go\neval $line\n";

/** An essential service that ends when told, and one that writes to a logger until the end. */
const TREE: TreeSpec = {
  "app/run!": ENDS_ON_GO,
  "app/go|": "",
  "app/finish!": PERMANENT,
  "app/flag-essential": "",
  "web/run!":
    "#!/bin/sh\ntrap 'echo last words; exit' TERM\necho >&3\nsleep 1000 >/dev/null 2>&1 &\nwait\n",
  "web/notification-fd": "3\n",
  "web/log/run!": "#!/bin/sh\nexec cat >lines\n",
};

for (
  const [how, line, code] of [["exits 3", "exit 3", 3], ["exits 0", "exit 0", 0], [
    "is killed by SIGKILL",
    "kill -9 $$",
    137,
  ]] as const
) {
  test(
    OURS_THEIRS,
    `an essential service ${how} and its finish says 125: all end in order, s6-svscan exits ${code}`,
    async () => {
      await using world = await openWorld(OURS_THEIRS, TREE);
      await world.events("web").until("U");
      await world.tree.feed("app/go", `${line}\n`);
      assertEquals(await world.svscan.ended(), code);
      assertEquals(world.tree.text("web/log/lines"), "last words\n");
      assertMatch(
        world.svscan.output.text,
        new RegExp(`the essential service app has ended for good with exit code ${code} `),
      );
      assertEquals(world.events("app").all, "sudODx");
      assertEquals(world.events("web").all, "suUdDx");
    },
  );
}

test(
  OURS_THEIRS,
  "s6-svc -d on an essential service whose finish says 125: it is down, and s6-svscan stays",
  async () => {
    await using world = await openWorld(OURS_THEIRS, TREE);
    await world.events("app").until("u");
    await world.ok("s6-svc", "-wD", "-d", "app");
    await world.events("app").until("D");
    assertEquals(world.events("app").all, "sudOD");
    await world.ok("s6-svc", "-wu", "-u", "app");
    assertEquals(await world.svscan.stop(), 143);
  },
);

test(OURS_THEIRS, "an essential service that is started again ends nobody", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    ...TREE,
    "app/finish!": "#!/bin/sh\nexit 0\n",
  });
  await world.events("app").until("u");
  await world.tree.feed("app/go", "exit 3\n");
  await world.events("app").until("u");
  assertEquals(world.events("app").all, "sudDu");
});

for (
  const [what, finish, code] of [
    [
      "is told the exit code, which is its own to pass on",
      '#!/bin/sh\necho "finish: $# $1" >>told\nexit 7\n',
      7,
    ],
    [
      "written for s6, which gives it no argument, ends as ever",
      "#!/bin/sh\necho 'finish: 1 3' >>told\n",
      0,
    ],
  ] as const
) {
  test(OURS_THEIRS, `.s6-svscan/finish after the end of an essential service ${what}`, async () => {
    await using world = await openWorld(OURS_THEIRS, { ...TREE, ".s6-svscan/finish!": finish });
    await world.events("app").until("u");
    await world.tree.feed("app/go", "exit 3\n");
    assertEquals(await world.svscan.ended(), code);
    assertEquals(world.tree.text("told"), "finish: 1 3\n");
  });
}

test(
  OURS_THEIRS,
  ".s6-svscan/finish after an end that was asked for gets no argument",
  async () => {
    const spec = {
      "web/run!": STAYS,
      ".s6-svscan/finish!": '#!/bin/sh\necho "finish: $#" >told\n',
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    await world.events("web").until("u");
    assertEquals([await world.svscan.stop(), world.tree.text("told")], [0, "finish: 0\n"]);
  },
);

test(OURS_THEIRS, "s6-supervise on an essential service ends with its exit code", async () => {
  using tree = makeTree({
    "app/run!": "#!/bin/sh\nexit 9\n",
    "app/finish!": PERMANENT,
    "app/flag-essential": "",
  });
  await using supervise = await startSupervise(OURS, tree, "app");
  await supervise.events.expect("udODx");
  assertEquals(await supervise.ended(), 9);
});
