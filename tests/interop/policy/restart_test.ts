/**
 * restart-policy, restart-delay and max-restarts on the built binary, watched by C's clients; what
 * s6-svstat and s6-svdt tell of it.
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { DTALLY_PACK } from "../../../lib/servicedir/core/dtally.ts";
import { run } from "../../fixture/command.ts";
import { OURS } from "../../fixture/toolset.ts";
import { OURS_THEIRS, test } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

const FAILS = "#!/bin/sh\nexit 1\n";
const SUCCEEDS = "#!/bin/sh\nexit 0\n";
const LONG_MS = "3600000\n";

/** What our own client prints, which knows more than C's. */
async function told(world: World, program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(OURS.bin(program), args, { cwd: world.tree.root });
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  return stdout.trimEnd();
}

test(OURS_THEIRS, "restart-policy never: one life, and s6-svc -u starts another", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "job/run!": FAILS,
    "job/restart-policy": "never\n",
  });
  await world.events("job").expect("sudOD");
  assertMatch(
    await world.ok("s6-svstat", "job"),
    /^down \(exitcode 1\) \d+ seconds, normally up, ready \d+ seconds\n$/,
  );
  assertEquals(await told(world, "s6-svstat", "-o", "reason,wantedup", "job"), "policy false");
  await world.svc("-u", "job");
  await world.events("job").expect("udOD");
});

test(
  OURS_THEIRS,
  "an end for good while C's s6-svwait -U waits: it fails with 1, as for a finish that says 125",
  async () => {
    const spec = {
      "job/run!": "#!/bin/sh\nread line <go\nexit 0\n",
      "job/go|": "",
      "job/restart-policy": "on-failure",
      "job/notification-fd": "3",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    await world.events("job").expect("su");
    await using wait = world.start("s6-svwait", "-U", "-t", "15000", "job");
    await world.subscribers("job", 2);
    await world.tree.feed("job/go", "\n");
    assertEquals(await wait.ended(), 1);
    await world.events("job").expect("dOD");
  },
);

test(OURS_THEIRS, "restart-policy on-failure: restarted until it succeeds", async () => {
  const thirdTime = "#!/bin/sh\necho x >>lives\n[ $(wc -l <lives) -ge 3 ]\n";
  const spec = {
    "job/run!": thirdTime,
    "job/restart-policy": "on-failure\n",
    "job/restart-delay": "10\n",
  };
  await using world = await openWorld(OURS_THEIRS, spec);
  await world.events("job").expect("sudDudDudOD");
  assertEquals(world.tree.text("job/lives"), "x\nx\nx\n");
});

test(
  OURS_THEIRS,
  "s6-svc -r on a service that is never restarted by itself: restarted, up and ready",
  async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "web/run!": STAYS,
      "web/restart-policy": "never",
    });
    await world.events("web").expect("su");
    await world.ok("s6-svc", "-wr", "-r", "web");
    await world.events("web").expect("dDu");
  },
);

test(
  OURS_THEIRS,
  "restart-delay: the next start is told by our s6-svstat; C's reads the same status as ever",
  async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "bad/run!": FAILS,
      "bad/restart-delay": LONG_MS,
      "bad/restart-delay-max": LONG_MS,
    });
    await world.events("bad").expect("sudD");
    const line = /^down \(exitcode 1\) \d+ seconds, normally up, want up, ready \d+ seconds/;
    assertMatch(await world.ok("s6-svstat", "bad"), new RegExp(`${line.source}\n$`));
    assertMatch(
      await told(world, "s6-svstat", "bad"),
      new RegExp(`${line.source}, next start in 3(600|5\\d\\d) seconds$`),
    );
    const [reason, backoff, deaths, oom] =
      (await told(world, "s6-svstat", "-o", "reason,backoff,deaths,oom", "bad")).split(" ");
    assertEquals([reason, deaths, oom], ["backoff", "1", "false"]);
    assert(Number(backoff) > 3000 && Number(backoff) <= 3600, backoff);
    assertEquals(world.tree.bytes("bad/supervise/status").length, 35);
    assertEquals(world.tree.bytes("bad/supervise/death_tally").length, DTALLY_PACK);
  },
);

test(OURS_THEIRS, "s6-svdt prints what C's prints, and with -r what else is known", async () => {
  await using world = await openWorld(OURS_THEIRS, {
    "bad/run!": FAILS,
    "bad/restart-delay": LONG_MS,
  });
  await world.events("bad").expect("sudD");
  const line = await world.ok("s6-svdt", "bad");
  assertMatch(line, /^@[0-9a-f]{24} exitcode 1\n$/);
  assertEquals(await told(world, "s6-svdt", "bad"), line.trimEnd());
  assertMatch(
    await told(world, "s6-svdt", "-r", "bad"),
    new RegExp(`^${line.trimEnd()} next=@[0-9a-f]{24}$`),
  );
});

for (const [letter, events] of [["u", "udD"], ["o", "udD"]] as const) {
  test(OURS_THEIRS, `s6-svc -${letter} while a delay counts: started at once`, async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "bad/run!": FAILS,
      "bad/restart-delay": LONG_MS,
    });
    await world.events("bad").expect("sudD");
    await world.svc(`-${letter}`, "bad");
    await world.events("bad").expect(events);
    assertEquals(await world.field("bad", "wantedup"), String(letter === "u"));
  });
}

for (const [how, stop] of [["s6-svscanctl -t", "t"], ["s6-svscanctl -q", "q"]] as const) {
  test(OURS_THEIRS, `${how} while a delay counts: the supervisor ends at once`, async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "bad/run!": FAILS,
      "bad/restart-delay": LONG_MS,
    });
    await world.events("bad").expect("sudD");
    await world.ok("s6-svscanctl", `-${stop}`, ".");
    await world.events("bad").expect("x");
    assertEquals(await world.svscan.ended(), 0);
  });
}

test(
  OURS_THEIRS,
  "s6-svc -x while a delay counts: a new supervisor, which starts the service at once and knows nothing of the old delay",
  async () => {
    await using world = await openWorld(OURS_THEIRS, {
      "bad/run!": FAILS,
      "bad/restart-delay": LONG_MS,
    });
    await world.events("bad").expect("sudD");
    await world.svc("-x", "bad");
    await world.events("bad").expect("xsudD");
    assertEquals(await told(world, "s6-svstat", "-o", "reason,deaths", "bad"), "backoff 1");
  },
);

test(
  OURS_THEIRS,
  "max-restarts: a failure for good, told in a warning and by our s6-svstat; edited, and s6-svc -u begins anew",
  async () => {
    const spec = { "bad/run!": FAILS, "bad/max-restarts": "2/60\n", "bad/restart-delay": "10\n" };
    await using world = await openWorld(OURS_THEIRS, spec);
    await world.events("bad").expect("sudDudDudOD");
    await world.svscan.output.until(
      /s6-supervise bad: warning: the service dies too often \(max-restarts: 2 in 60 seconds; /,
    );
    assertMatch(
      await told(world, "s6-svstat", "bad"),
      /^down \(exitcode 1\) .* seconds, failed for good \(max-restarts\)$/,
    );
    assertEquals(
      await told(world, "s6-svstat", "-o", "reason,wantedup,backoff", "bad"),
      "max-restarts false -1",
    );
    world.tree.add({ "bad/max-restarts": "0/60\n" });
    await world.svc("-u", "bad");
    await world.events("bad").expect("udOD");
  },
);

test(
  OURS_THEIRS,
  "the five files of an essential service together: the last exit code is that of s6-svscan",
  async () => {
    const spec = {
      "app/run!": "#!/bin/sh\necho life\nexit 42\n",
      "app/flag-essential": "",
      "app/restart-policy": "on-failure\n",
      "app/restart-delay": "10\n",
      "app/restart-delay-max": "20\n",
      "app/max-restarts": "3/60\n",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    assertEquals(await world.svscan.ended(), 42);
    assertEquals(world.events("app").all, "sudDudDudDudODx");
    assertEquals(world.svscan.output.text.match(/^life$/gm)?.length, 4);
  },
);

test(
  OURS_THEIRS,
  "an essential service whose ./run is not there and that is never tried again: 127",
  async () => {
    const spec = {
      "app/run=": "/nowhere/run",
      "app/flag-essential": "",
      "app/restart-policy": "never",
    };
    await using world = await openWorld(OURS_THEIRS, spec);
    assertEquals(await world.svscan.ended(), 127);
    assertMatch(
      world.svscan.output.text,
      /unable to spawn \.\/run: .*\(not trying again: restart-policy is never\)/,
    );
  },
);

for (
  const [what, stopped, code] of [
    ["its last exit code, 128 + signal", false, 143],
    ["none, where an administrator had stopped it before", true, 0],
  ] as const
) {
  test(
    OURS_THEIRS,
    `SIGTERM to s6-svscan with an essential service: the exit code is ${what}`,
    async () => {
      await using world = await openWorld(OURS_THEIRS, {
        "app/run!": STAYS,
        "app/flag-essential": "",
        "db/run!": STAYS,
      });
      await world.events("app").until("u");
      if (stopped) await world.ok("s6-svc", "-wD", "-d", "app");
      assertEquals(await world.svscan.stop(), code);
    },
  );
}

test(
  OURS_THEIRS,
  "a service without these files has no supervise/reason, and our clients print what C's do",
  async () => {
    await using world = await openWorld(OURS_THEIRS, { "web/run!": SUCCEEDS });
    await world.events("web").expect("sudDu");
    assertEquals(world.tree.exists("web/supervise/reason"), false);
    await world.ok("s6-svc", "-wD", "-d", "web");
    assertNotMatch(await told(world, "s6-svstat", "web"), /restart|start in|memory/);
    assertEquals(
      await told(world, "s6-svdt", "-r", "web"),
      (await world.ok("s6-svdt", "web")).trimEnd(),
    );
  },
);
