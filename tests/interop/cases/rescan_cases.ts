/**
 * A scan directory that changes: services that come, go, are renamed, swapped, replaced and linked.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../../fixture/deadline.ts";
import { subscribe, subscribeAhead } from "../../fixture/events.ts";
import { isAlive } from "../../fixture/processes.ts";
import { is215, type Pairing, test } from "../pairing.ts";
import { openWorld, STAYS } from "../world.ts";

function moveCases(p: Pairing): void {
  test(p, "a renamed service goes on running, and is commanded by its new name", async () => {
    await using world = await openWorld(p, { "old/run!": STAYS });
    await world.events("old").expect("su");
    const { pid } = world.status("old");
    world.tree.rename("old", "new");
    await world.ok("s6-svscanctl", "-an", ".");
    await world.ok("s6-svok", "new");
    await world.svc("-d", "new");
    await world.events("old").expect("dD");
    assertEquals([isAlive(pid), await world.field("new", "signal")], [false, "SIGTERM"]);
  });
  test(p, "two services that swap their names go on running", async () => {
    await using world = await openWorld(p, { "a/run!": STAYS, "b/run!": STAYS });
    await world.events("a").expect("su");
    await world.events("b").expect("su");
    const pids = [world.status("a").pid, world.status("b").pid];
    world.tree.rename("a", ".tmp");
    world.tree.rename("b", "a");
    world.tree.rename(".tmp", "b");
    await world.ok("s6-svscanctl", "-an", ".");
    await world.svc("-d", "a"); // what was b
    await world.events("b").expect("dD");
    assertEquals(world.events("a").pending, "");
    assertEquals([world.status("b").pid, isAlive(pids[0]!)], [pids[0], true]);
    await world.svc("-d", "b");
    await world.events("a").expect("dD");
  });
  test(p, "a service that another takes the place of ends, and the other starts", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, ".next/run!": STAYS });
    await world.events("db").expect("su");
    await using next = subscribeAhead(world.tree.path(".next/event"));
    world.tree.rename("db", ".old");
    world.tree.rename(".next", "db");
    await world.ok("s6-svscanctl", "-an", ".");
    await next.expect("su");
    await world.events("db").expect("dDx");
    assertEquals(await world.field("db", "up"), "true");
  });
  test(p, "a service that went away comes back", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS });
    await world.events("db").expect("su");
    world.tree.rename("db", ".db");
    await world.ok("s6-svscanctl", "-an", ".");
    await world.events("db").expect("dDx");
    world.tree.rename(".db", "db");
    await world.ok("s6-svscanctl", "-an", ".");
    await world.events("db").expect("su");
  });
  test(
    p,
    "a service that is away for one scan and back at the next has never stopped",
    async () => {
      await using world = await openWorld(p, {
        "db/run!": STAYS,
        "web/run!": STAYS,
        "web/down": "",
      });
      await world.events("db").expect("su");
      const { pid } = world.status("db");
      world.tree.rename("db", ".db");
      await world.ok("s6-svscanctl", "-a", ".");
      world.tree.rename(".db", "db");
      await world.ok("s6-svscanctl", "-an", ".");
      await world.ok("s6-svscanctl", "-n", ".");
      // its supervisor's end would have come before that of one that is told to end later
      await world.svc("-wu", "-u", "web");
      assertEquals([world.events("db").pending, world.status("db").pid], ["", pid]);
    },
  );
  test(p, "a service whose directory is removed while it runs is ended", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/log/run!": STAYS });
    await world.events("db").expect("su");
    await world.events("db/log").expect("su");
    const pids = [world.status("db").pid, world.status("db/log").pid];
    world.tree.remove("db");
    await world.ok("s6-svscanctl", "-aN", ".");
    await eventually("both processes to end", () => !pids.some(isAlive));
    assertEquals(await world.svscan.stop(), 0);
  });
}

function linkCases(p: Pairing): void {
  test(p, "a symlink to a service directory is a service of the link's name", async () => {
    const say = '#!/bin/sh\necho "$1 in $(pwd -P)"\nexec sleep 100000\n';
    await using world = await openWorld(p, { ".store/db/run!": say, "link=": ".store/db" });
    await world.events(".store/db").expect("su");
    await world.svscan.output.until(`link in ${world.tree.path(".store/db")}\n`);
    await world.ok("s6-svok", "link");
    world.tree.remove("link");
    await world.ok("s6-svscanctl", "-an", ".");
    await world.events(".store/db").expect("dDx");
  });
  test(p, "two symlinks to one service directory are one service", async () => {
    await using world = await openWorld(p, {
      ".store/db/run!": STAYS,
      "one=": ".store/db",
      "two=": ".store/db",
      "web/run!": STAYS,
    });
    await world.events(".store/db").expect("su");
    await world.events("web").expect("su");
    assertEquals(world.svscan.output.text, "");
    await world.svc("-d", "one");
    await world.events(".store/db").expect("dD");
    assertEquals(await world.field("two", "up"), "false");
  });
  test(
    p,
    "a symlink that is pointed elsewhere: the old service ends, the new one starts",
    async () => {
      await using world = await openWorld(p, {
        ".store/v1/run!": STAYS,
        ".store/v2/run!": STAYS,
        "db=": ".store/v1",
      });
      await world.events(".store/v1").expect("su");
      world.tree.add({ ".db=": ".store/v2" });
      world.tree.rename(".db", "db");
      await world.ok("s6-svscanctl", "-h", ".");
      await world.events(".store/v2").expect("su");
      await world.events(".store/v1").expect("dDx");
    },
  );
  test(
    p,
    `a symlink to nowhere is ${
      is215(p.daemon) ? "removed at the start" : "a warning"
    }; files and names with a dot are not looked at`,
    async () => {
      await using world = await openWorld(p, {
        "gone=": "nowhere",
        "file": "",
        ".hidden/run!": STAYS,
        "db/run!": STAYS,
        "run!": STAYS,
      });
      await world.events("db").expect("su");
      assertEquals([world.tree.exists("gone"), world.tree.exists("file")], [
        !is215(p.daemon),
        true,
      ]);
      assertEquals(world.tree.exists(".hidden/supervise"), false);
      const said = is215(p.daemon)
        ? ""
        : "s6-svscan: warning: unable to stat gone: No such file or directory\n";
      assertEquals(world.svscan.output.text, said);
    },
  );
}

function scanCases(p: Pairing): void {
  test(p, "s6-svscan -t scans by itself every so many milliseconds", async () => {
    await using world = await openWorld(p, { ".db/run!": STAYS }, { args: ["-t", "50"] });
    world.tree.rename(".db", "db");
    await world.events(".db").expect("su");
  });
  test(
    p,
    "a directory without run is supervised, and starts when it has one and is told to",
    async () => {
      await using world = await openWorld(p, { "db/event/": "" });
      await using events = subscribe(world.tree.path("db/event"));
      await eventually(
        "a supervisor",
        async () => (await world.client("s6-svok", "db")).code === 0,
      );
      await world.svscan.output.until("s6-supervise db: warning: unable to spawn ./run");
      assertEquals(await world.field("db", "up,wantedup"), "false true");
      world.tree.add({ "db/run!": STAYS });
      await world.svc("-u", "db");
      await events.until("u");
      assertEquals(await world.field("db", "up"), "true");
    },
  );
  test(p, "a log that is not a directory leaves its service alone", async () => {
    await using world = await openWorld(p, { "db/run!": STAYS, "db/log": "" });
    await world.events("db").expect("su");
    await world.svc("-d", "db");
    await world.events("db").expect("dD");
    assertStringIncludes(await world.ok("s6-svstat", "db"), "down (signal SIGTERM)");
  });
}

export function rescanCases(p: Pairing): void {
  moveCases(p);
  linkCases(p);
  scanCases(p);
}
