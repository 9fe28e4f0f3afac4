/**
 * `hexad status --watch` and `hexad events`: what happens is seen as it happens, and nothing is
 * left behind.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { EventDocument } from "../../../lib/status/core/service_event.ts";
import { run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { ftrigNames, openWorld, STAYS, STAYS_READY, type World } from "../world.ts";
import { checkedDocument, serviceOf, statusDocumentOf } from "./document.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

function eventsOf(text: string): EventDocument[] {
  return text.trimEnd().split("\n").map((line) =>
    checkedDocument(line, "event.schema.json") as EventDocument
  );
}

/** Nothing but the test's own subscribers. */
function unsubscribed(world: World, ...services: string[]): Promise<boolean> {
  return eventually(
    "the FIFOs of hexad to be gone",
    () => services.every((name) => ftrigNames(world.tree.path(name, "event")).length === 1),
  );
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  Deno.test(`${pairing.name}: status --watch shows in place what changes, and leaves the terminal as it was`, async () => {
    requireToolset(pairing.daemon);
    await using world = await openWorld(pairing, {
      "web/run!": STAYS_READY,
      "web/notification-fd": "3",
      "web/down": "",
      "db/run!": STAYS,
    });
    await world.events("db").until("u");
    await using terminal = await openTerminal([
      HEXAD,
      "status",
      "-w",
      "-i",
      "1h",
      "-S",
      world.tree.root,
    ], { columns: 100 });
    await terminal.until(/^SERVICE.*\n.*\nweb +down/);
    await world.subscribers("web", 2);
    assertEquals(await terminal.tell("#{cursor_flag}"), "0");
    await world.svc("-u", "web");
    const screen = await terminal.until(/\nweb +ready/);
    assertEquals(screen.filter((line) => line.startsWith("SERVICE")).length, 1);
    assertEquals(screen.length, 5);
    world.tree.add({ "late/run!": STAYS });
    await terminal.until(/\nlate +not supervised/);
    await world.ok("s6-svscanctl", "-a", ".");
    await terminal.until(/\nlate +up/);
    await terminal.resize(30, 10);
    await terminal.until(/^SERVICE +STATE +SINCE\n/);
    await terminal.type("C-c");
    await terminal.until(/\[exit 130\]/);
    assertEquals(await terminal.tell("#{cursor_flag}"), "1");
    await unsubscribed(world, "web", "db");
  });

  Deno.test(`${pairing.name}: status --watch --json prints a document a line, with the share of the processor from the second on`, async () => {
    const busy = "#!/usr/bin/perl\n1 while 1;\n";
    await using world = await openWorld(pairing, { "busy/run!": busy, "idle/run!": STAYS });
    await world.events("busy").until("u");
    await world.events("idle").until("u");
    await using watching = start(HEXAD, ["status", "-j", "-i", "300ms", "-S", world.tree.root]);
    await watching.stdout.until(/(.*\n){3}/);
    const [first, , third] = watching.stdout.text.split("\n").slice(0, 3).map(statusDocumentOf);
    assertEquals(serviceOf(first!, "busy").cpu!.percent, null);
    assert(serviceOf(third!, "busy").cpu!.percent! > 1, "it does nothing else");
    assert(serviceOf(third!, "idle").cpu!.percent! < serviceOf(third!, "busy").cpu!.percent!);
    watching.kill("SIGTERM");
    assertEquals(await watching.ended(), 143);
    await unsubscribed(world, "busy", "idle");
  });

  Deno.test(`${pairing.name}: events tells each of them, for programs and for people`, async () => {
    const spec = {
      "web/run!": STAYS_READY,
      "web/notification-fd": "3",
      "web/down": "",
      "bad/run!": "#!/bin/sh\nkill -SEGV $$\n",
      "bad/down": "",
    };
    await using world = await openWorld(pairing, spec);
    for (const service of ["web", "bad"]) await world.events(service).until("s");
    await using json = start(HEXAD, ["events", "--json", "-S", world.tree.root]);
    await using words = start(HEXAD, ["events", "-S", world.tree.root, "bad"]);
    await world.subscribers("web", 2);
    await world.subscribers("bad", 3);
    await world.svc("-wU", "-u", "web");
    await world.svc("-wD", "-d", "web");
    await json.stdout.until(/"web".*"down"/);
    assertEquals(
      eventsOf(json.stdout.text).map(({ service, event, signal }) => [service, event, signal]),
      [
        ["web", "up", null],
        ["web", "ready", null],
        ["web", "died", "SIGTERM"],
        ["web", "down", null],
      ],
    );
    await world.svc("-o", "bad");
    await words.stdout.until(/bad {2}down/);
    assertMatch(
      words.stdout.text,
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}bad {2}up(, pid \d+)?\n.* {2}bad {2}died: SIGSEGV\n.* {2}bad {2}down\n$/,
    );
    world.tree.add({ "late/run!": STAYS });
    await world.ok("s6-svscanctl", "-a", ".");
    await json.stdout.until(/"late".*"up"/);
    const { pid, directory } = eventsOf(json.stdout.text).find(({ service, event }) =>
      service === "late" && event === "up"
    )!;
    assertEquals([String(pid), directory], [
      await world.field("late", "pid"),
      world.tree.path("late"),
    ]);
    await world.svc("-xd", "web");
    await json.stdout.until(/"web".*"unsupervised"/);
    for (const one of [json, words]) one.kill("SIGINT");
    assertEquals([await json.ended(), await words.ended()], [130, 130]);
    await unsubscribed(world, "bad");
  });
}

Deno.test("events: nobody may listen: one line with the cure; some may not be listened to: a warning", async () => {
  await using world = await openWorld(
    OURS_OURS,
    { "scan/web/run!": STAYS, "scan/db/run!": STAYS },
    { scandir: "scan" },
  );
  for (const service of ["web", "db"]) {
    await world.events(`scan/${service}`).until("u");
    Deno.chmodSync(world.tree.path("scan", service, "event"), 0o700);
  }
  const nobody = [
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    HEXAD,
    "events",
    "-S",
    world.tree.path("scan"),
  ];
  const { code, stderr } = await run("setpriv", nobody);
  assertEquals([code, stderr], [
    111,
    "hexad events: fatal: unable to listen to db, web: Permission denied; be root, or have root allow it: s6-svperms -e SERVICEDIR\n",
  ]);
  Deno.chmodSync(world.tree.path("scan/web/event"), 0o1733);
  await using partly = start("setpriv", nobody);
  await partly.stderr.until(
    /^hexad events: warning: unable to listen to db: Permission denied;.*\n/,
  );
  partly.kill("SIGTERM");
  assertEquals(await partly.ended(), 143);
});

Deno.test("events: when nobody reads, it dies of SIGPIPE as C programs do", async () => {
  await using world = await openWorld(OURS_OURS, { "web/run!": STAYS });
  await world.events("web").until("u");
  await using pipe = start("/bin/sh", [
    "-c",
    `{ "$@"; echo "code $?" >&2; } | head -n 1`,
    "sh",
    HEXAD,
    "events",
    "-S",
    world.tree.root,
  ]);
  await world.subscribers("web", 2);
  for (let i = 0; i < 3; i++) await world.svc("-wr", "-k", "web");
  await pipe.stderr.until("code 141");
  await unsubscribed(world, "web");
});
