/**
 * supervise/death_tally: what supervisors write, what s6-svdt shows and s6-svdt-clear empties, what
 * s6-permafailon concludes.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { makeTree } from "../../fixture/tree.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

/**
 * Lives three lives: exit 3, SIGTERM by its own hand, exit 0. Goes on to the next life only when
 * told by `s6-svc -o`.
 */
const THREE_DEATHS = {
  "db/run!": `#!/bin/sh
case "$(cat lives 2>/dev/null)" in
  "") echo 1 >lives; exit 3 ;;
  1) echo 2 >lives; kill -TERM $$ ;;
  *) exit 0 ;;
esac
`,
  "db/down": "",
};

async function die(world: World, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await world.svc("-o", "db");
    await world.events("db").expect("udD");
  }
}

function tallyCases(p: Pairing): void {
  test(p, "s6-svdt tells each death, oldest first: exit code or signal", async () => {
    await using world = await openWorld(p, THREE_DEATHS);
    await world.events("db").expect("s");
    await die(world, 3);
    const lines = await world.ok("s6-svdt", "db");
    assertMatch(
      lines,
      /^(@[0-9a-f]{24}) exitcode 3\n(@[0-9a-f]{24}) signal SIGTERM\n(@[0-9a-f]{24}) exitcode 0\n$/,
    );
    const stamps = lines.trimEnd().split("\n").map((line) => line.slice(0, 25));
    assertEquals(stamps, stamps.toSorted());
    assertStringIncludes(await world.ok("s6-svdt", "-s", "db"), " signal 15\n");
    assertStringIncludes(await world.ok("s6-svdt", "-sS", "db"), " signal SIGTERM\n");
  });
  test(p, "s6-svdt -n shows the newest deaths", async () => {
    await using world = await openWorld(p, THREE_DEATHS);
    await world.events("db").expect("s");
    await die(world, 3);
    const all = await world.ok("s6-svdt", "db");
    const lines = await world.ok("s6-svdt", "-n", "2", "db");
    assertEquals(lines, all.slice(all.indexOf("\n") + 1));
  });
  test(p, "s6-svdt-clear empties the tally, which then fills again", async () => {
    await using world = await openWorld(p, THREE_DEATHS);
    await world.events("db").expect("s");
    await die(world, 2);
    await world.ok("s6-svdt-clear", "db");
    assertEquals(await world.ok("s6-svdt", "db"), "");
    await die(world, 1);
    assertMatch(await world.ok("s6-svdt", "db"), /^@[0-9a-f]{24} exitcode 0\n$/);
  });
  test(p, "max-death-tally limits the tally to the newest", async () => {
    await using world = await openWorld(p, { ...THREE_DEATHS, "db/max-death-tally": "2\n" });
    await world.events("db").expect("s");
    await die(world, 3);
    assertMatch(await world.ok("s6-svdt", "db"), /^\S+ signal SIGTERM\n\S+ exitcode 0\n$/);
  });
  test(p, "max-death-tally 0 keeps no tally", async () => {
    await using world = await openWorld(p, { ...THREE_DEATHS, "db/max-death-tally": "0" });
    await world.events("db").expect("s");
    await die(world, 1);
    assertEquals(await world.ok("s6-svdt", "db"), "");
  });
  test(p, "s6-svdt on a service without a tally: 111", async () => {
    await using world = await openWorld(p, { ".other/run!": STAYS });
    assertEquals((await world.client("s6-svdt", "missing")).code, 111);
    assertEquals((await world.client("s6-svdt-clear", "missing")).code, 111);
  });
  for (const args of [[], ["-z", "."], ["-n", "many", "."]]) {
    testAlone(p, `s6-svdt ${args.join(" ")} is wrong usage: 100`, async () => {
      assertEquals((await run(p.client.bin("s6-svdt"), args)).code, 100);
    });
  }
}

/**
 * A service that dies with `code`, and whose finish script is s6-permafailon of the pairing's
 * clients.
 */
function watched(p: Pairing, code: string, ...words: string[]): Record<string, string> {
  const finish = `#!/bin/sh\nexec ${p.client.bin("s6-permafailon")} ${words.join(" ")}\n`;
  return { "db/run!": `#!/bin/sh\n${code}\n`, "db/finish!": finish, "db/down": "" };
}

function permafailonCases(p: Pairing): void {
  const matching: readonly (readonly [string, string])[] = [
    ["exit 7", "7"],
    ["exit 7", "1-3,5-10"],
    ["exit 7", "'SIGTERM 7'"],
    ["kill -TERM $$", "SIGTERM"],
    ["kill -TERM $$", "sigterm,7"],
    ["kill -TERM $$", "140-145"],
  ];
  for (const [death, events] of matching) {
    test(
      p,
      `s6-permafailon 60 2 ${events}: the second death by '${death}' is a permanent failure`,
      async () => {
        await using world = await openWorld(p, watched(p, death, "60", "2", events, "true"));
        await world.events("db").expect("s");
        await world.svc("-o", "db");
        await world.events("db").expect("udD");
        await world.svc("-u", "db");
        await world.events("db").expect("udOD");
        assertEquals(world.status("db").wantedUp, false);
        await world.svscan.output.until("PERMANENT FAILURE triggered after 2 events involving ");
      },
    );
  }
  test(p, "s6-permafailon goes on to its program when the deaths are others", async () => {
    await using world = await openWorld(
      p,
      watched(
        p,
        "exit 7",
        "60",
        "1",
        "8-20,SIGKILL",
        "sh",
        "-c",
        "'echo went on with $1' sh",
        '"$1"',
      ),
    );
    await world.events("db").expect("s");
    await world.svc("-o", "db");
    await world.events("db").expect("udD");
    await world.svscan.output.until("went on with 7\n");
  });
  testAlone(p, "s6-permafailon warns about an unreadable tally and goes on", async () => {
    using tree = makeTree({});
    const { code, stdout, stderr } = await run(p.client.bin("s6-permafailon"), [
      "60",
      "1",
      "7",
      "echo",
      "on",
    ], { cwd: tree.root });
    assertEquals([code, stdout], [0, "on\n"]);
    assertStringIncludes(
      stderr,
      "warning: unable to stat supervise/death_tally: No such file or directory",
    );
  });
  testAlone(p, "s6-permafailon warns about a tally of odd length and goes on", async () => {
    using tree = makeTree({ "supervise/death_tally": "garbage" });
    const { code, stdout, stderr } = await run(p.client.bin("s6-permafailon"), [
      "60",
      "1",
      "7",
      "echo",
      "on",
    ], { cwd: tree.root });
    assertEquals([code, stdout], [0, "on\n"]);
    assertStringIncludes(stderr, "warning: invalid supervise/death_tally");
  });
  for (
    const args of [[], ["60", "1"], ["soon", "1", "7", "true"], ["60", "0", "7", "true"], [
      "60",
      "x",
      "7",
      "true",
    ]]
  ) {
    testAlone(p, `s6-permafailon ${args.join(" ")} is wrong usage: 100`, async () => {
      assertEquals((await run(p.client.bin("s6-permafailon"), args)).code, 100);
    });
  }
  testAlone(p, "s6-permafailon refuses an event that is neither code nor signal: 100", async () => {
    assertEquals(
      (await run(p.client.bin("s6-permafailon"), ["60", "1", "SIGNONSENSE", "true"])).code,
      100,
    );
  });
  if (is215(p.client)) {
    testAlone(p, "s6-permafailon without a program exits 0 when it does not strike", async () => {
      using tree = makeTree({ "supervise/death_tally": "" });
      assertEquals(
        (await run(p.client.bin("s6-permafailon"), ["60", "1", "7"], { cwd: tree.root })).code,
        0,
      );
    });
  }
}

export function deathTallyCases(p: Pairing): void {
  tallyCases(p);
  permafailonCases(p);
}
