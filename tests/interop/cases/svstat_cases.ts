/**
 * s6-svstat: the line for people and the fields for programs, against what the status file says.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { is215, type Pairing, test, testAlone } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY, type World } from "../world.ts";

/** `pid N`, and since 2.13 `pid N pgid N`. */
function pids(p: Pairing, pid: number): string {
  return is215(p.client) ? `pid ${pid} pgid ${pid}` : `pid ${pid}`;
}

async function line(world: World, ...options: string[]): Promise<string> {
  return (await world.ok("s6-svstat", ...options, "db")).replace(/\b\d+ seconds/g, "N seconds");
}

function label(seconds: bigint, nano: number): string {
  return `@${seconds.toString(16).padStart(16, "0")}${nano.toString(16).padStart(8, "0")}`;
}

function lineCases(p: Pairing): void {
  test(p, "s6-svstat of a service that is up", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    assertEquals(await line(world), `up (${pids(p, world.status("db").pid)}) N seconds\n`);
  });
  test(p, "s6-svstat of a service that is ready", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    assertEquals(
      await line(world),
      `up (${pids(p, world.status("db").pid)}) N seconds, ready N seconds\n`,
    );
  });
  test(p, "s6-svstat of a service that is up, paused, normally down and wanted down", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-op", "db");
    await eventually(
      "the status to say paused",
      () => world.status("db").paused && world.status("db").pid > 0,
    );
    assertEquals(
      await line(world),
      `up (${pids(p, world.status("db").pid)}) N seconds, normally down, paused, want down\n`,
    );
  });
  test(p, "s6-svstat of a service that has exited", async () => {
    await using world = await openWorld(p, { "db/run!": "#!/bin/sh\nexit 7\n", "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-o", "db");
    await world.events("db").expect("udD");
    assertEquals(await line(world), "down (exitcode 7) N seconds, ready N seconds\n");
  });
  test(
    p,
    "s6-svstat of a service that died of a signal, by name and with -n by number",
    async () => {
      await using world = await openWorld(p, { "db/run!": STAYS });
      await world.events("db").expect("su");
      await world.svc("-Ok", "db");
      await world.events("db").expect("dD");
      assertEquals(
        await line(world),
        "down (signal SIGKILL) N seconds, normally up, ready N seconds\n",
      );
      assertEquals(
        await line(world, "-n"),
        "down (signal 9) N seconds, normally up, ready N seconds\n",
      );
    },
  );
  test(p, "s6-svstat while the finish script runs: down, want up", async () => {
    await using world = await openWorld(p, {
      "db/run!": STAYS,
      "db/finish!": STAYS,
      "db/timeout-finish": "0",
    });
    await world.events("db").expect("su");
    await world.svc("-t", "db");
    await world.events("db").expect("d");
    assertEquals(await line(world), "down (signal SIGTERM) N seconds, normally up, want up\n");
    assertEquals(await world.field("db", "up,pid,signal,ready"), "false -1 SIGTERM false");
  });
  test(p, "s6-svstat of a service that has never been started", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/down": "" });
    await world.events("db").expect("s");
    if (is215(p.client) && is215(p.daemon)) {
      assertMatch(await line(world), /^down \(not started yet\) ?\n$/);
    } else assertEquals(await line(world), "down (exitcode 0) N seconds, ready N seconds\n");
  });
}

function fieldCases(p: Pairing): void {
  test(p, "s6-svstat -o: every field of a service that is up and ready", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    const status = world.status("db");
    const fields =
      "up,wantedup,normallyup,ready,paused,pid,exitcode,signal,signum,updownsince,readysince";
    const since = `${label(status.stampSeconds, status.stampNano)} ${
      label(status.readySeconds, status.readyNano)
    }`;
    assertEquals(
      await world.field("db", fields),
      `true true true true false ${status.pid} -1 NA -1 ${since}`,
    );
    assertMatch(await world.field("db", "updownfor,readyfor"), /^\d+ \d+$/);
  });
  test(p, "s6-svstat -o: every field of a service that died of a signal", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    await world.svc("-Di", "db");
    await world.events("db").expect("dD");
    const status = world.status("db");
    const fields = "up,wantedup,normallyup,ready,paused,pid,exitcode,updownsince,readysince";
    const since = `${label(status.stampSeconds, status.stampNano)} ${
      label(status.readySeconds, status.readyNano)
    }`;
    assertEquals(await world.field("db", fields), `false false false false false -1 -1 ${since}`);
    // the service had two signals on its way: it may have died of either
    assertMatch(await world.field("db", "signal,signum"), /^(SIGINT 2|SIGTERM 15)$/);
  });
  test(p, "s6-svstat -o exitcode,signum of a service that exited", async () => {
    await using world = await openWorld(p, { "db/run!": "#!/bin/sh\nexit 111\n", "db/down": "" });
    await world.events("db").expect("s");
    await world.svc("-o", "db");
    await world.events("db").expect("udD");
    assertEquals(await world.field("db", "exitcode,signal,signum,pid"), "111 NA -1 -1");
  });
  test(p, "s6-svstat's letters are fields, in the order asked for", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS_READY, "db/notification-fd": "3" });
    await world.events("db").expect("suU");
    const { pid } = world.status("db");
    assertEquals(
      (await world.ok("s6-svstat", "-uwNrpes", "db")).trimEnd(),
      `true true true true ${pid} -1 NA`,
    );
    assertEquals(
      (await world.ok("s6-svstat", "-pu", "-o", "paused,pid", "db")).trimEnd(),
      `${pid} true false ${pid}`,
    );
    assertMatch(await world.ok("s6-svstat", "-t", "db"), /^\d+\n$/);
    if (is215(p.client)) {
      assertEquals(
        (await world.ok("s6-svstat", "-g", "-o", "pgid", "db")).trimEnd(),
        `${pid} ${pid}`,
      );
    }
  });
  test(p, "s6-svstat takes 16 fields and no more", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    assertEquals((await world.client("s6-svstat", "-uuuuuuuuuuuuuuuu", "db")).code, 0);
    assertEquals((await world.client("s6-svstat", "-uuuuuuuuuuuuuuuuu", "db")).code, 100);
  });
}

function codeCases(p: Pairing): void {
  test(p, "s6-svstat on a directory without a supervisor: 1 and why", async () => {
    await using world = await openWorld(p, { ".other/run!": STAYS });
    const { code, stderr } = await world.client("s6-svstat", ".other");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "unable to read status for .other: s6-supervise not running");
    assertEquals((await world.client("s6-svstat", "missing")).code, 1);
  });
  test(p, "s6-svok: 0 with a supervisor, 1 without, and nothing is said", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, ".other/run!": STAYS });
    await world.events("db").expect("su");
    assertEquals(await world.client("s6-svok", "db"), { code: 0, stdout: "", stderr: "" });
    assertEquals(await world.client("s6-svok", ".other"), { code: 1, stdout: "", stderr: "" });
    assertEquals(await world.client("s6-svok", "missing"), { code: 1, stdout: "", stderr: "" });
  });
  test(p, "s6-svok after the supervisor has ended: 1", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    await world.svscan.stop();
    assertEquals((await world.client("s6-svok", "db")).code, 1);
  });
  for (
    const [program, ...args] of [["s6-svstat"], ["s6-svstat", "-z", "."], [
      "s6-svstat",
      "-o",
      "nonsense",
      ".",
    ], ["s6-svok"]]
  ) {
    testAlone(p, `${program} ${args.join(" ")} is wrong usage: 100`, async () => {
      assertEquals((await run(p.client.bin(program!), args)).code, 100);
    });
  }
}

export function svstatCases(p: Pairing): void {
  lineCases(p);
  fieldCases(p);
  codeCases(p);
}
