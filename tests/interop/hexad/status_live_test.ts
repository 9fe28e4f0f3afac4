/** `hexad status` and `hexad health` on trees that live, supervised by hexad and by C s6. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { ServiceDocument, StatusDocument } from "../../../lib/status/core/status_document.ts";
import { run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import type { TreeSpec } from "../../fixture/tree.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY, type World } from "../world.ts";
import { serviceOf, statusDocumentOf } from "./document.ts";

requireToolset(OURS);

/** Uses processor time and memory, in a child and a grandchild; then says a line. */
const BUSY = `#!/usr/bin/perl
my $memory = "x" x 8_000_000;
if (fork == 0) { my $more = "y" x 8_000_000; for (1 .. 3_000_000) { $more = $_ } $| = 1; print "a line\\n\\x1b[31mthe last line\\n"; sleep 100000; }
sleep 100000;
`;

const SPEC: TreeSpec = {
  "ready/run!": STAYS_READY,
  "ready/notification-fd": "3",
  "slow/run!": STAYS,
  "slow/notification-fd": "3",
  "paused/run!": STAYS,
  "stopped/run!": STAYS,
  "idle/run!": STAYS,
  "idle/down": "",
  "crash/run!": "#!/bin/sh\nkill -SEGV $$\n",
  "crash/finish!": "#!/bin/sh\nexec sleep 100000\n",
  "crash/timeout-finish": "0",
  "missing/run!": "#!/no/such/interpreter\n",
  "busy/run!": BUSY,
  "busy/log/run!": "#!/bin/sh\nexec s6-log t ./main\n",
};

type Told = Pick<
  ServiceDocument,
  "state" | "well" | "paused" | "wanted" | "changing" | "normally" | "tellsReadiness"
>;

async function status(world: World, ...args: string[]): Promise<StatusDocument> {
  const { stdout, stderr } = await run(OURS.bin("hexad"), [
    "status",
    "--json",
    "-S",
    world.tree.root,
    ...args,
  ]);
  assertEquals(stderr, "");
  return statusDocumentOf(stdout);
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  const env = { PATH: `${pairing.daemon.bin("").slice(0, -1)}:${Deno.env.get("PATH")}` };

  Deno.test(`${pairing.name}: status --json tells every state`, async () => {
    requireToolset(pairing.daemon);
    await using world = await openWorld(pairing, SPEC, { env });
    await world.events("ready").until("U");
    for (const service of ["slow", "paused", "stopped", "busy"]) {
      await world.events(service).until("u");
    }
    await world.events("crash").until("d");
    await world.svc("-p", "paused");
    await world.svc("-wD", "-d", "stopped");
    const document = await eventually("the last line in the log", async () => {
      const now = await status(world);
      const settled = serviceOf(now, "busy").log?.lastLine?.text.includes("last") &&
        serviceOf(now, "paused").paused;
      return settled ? now : undefined;
    });
    const told = (name: string): Told => {
      const { state, well, paused, wanted, changing, normally, tellsReadiness } = serviceOf(
        document,
        name,
      );
      return { state, well, paused, wanted, changing, normally, tellsReadiness };
    };
    const up: Told = {
      state: "up",
      well: true,
      paused: false,
      wanted: "up",
      changing: false,
      normally: "up",
      tellsReadiness: false,
    };
    assertEquals(told("ready"), { ...up, state: "ready", tellsReadiness: true });
    assertEquals(told("slow"), { ...up, well: false, tellsReadiness: true });
    assertEquals(told("paused"), { ...up, well: false, paused: true });
    assertEquals(told("stopped"), { ...up, state: "down", wanted: "down" });
    assertEquals(told("idle"), { ...up, state: "down", wanted: "down", normally: "down" });
    assertEquals(told("crash"), { ...up, state: "finishing", well: false, changing: true });
    assertEquals(told("missing"), { ...up, state: "backing off", well: false, changing: true });
    assertEquals(told("busy"), up);
    assertEquals(told("busy/log"), up);
    assertEquals([document.well, document.scanned, document.scandir], [
      false,
      true,
      world.tree.root,
    ]);
    assertEquals(serviceOf(document, "crash").lastExit?.signal, "SIGSEGV");
    assertEquals(serviceOf(document, "stopped").lastExit?.signal, "SIGTERM");
    assertEquals([
      serviceOf(document, "stopped").restarts,
      serviceOf(document, "idle").since === null,
    ], [0, pairing.daemon === OURS]);
    assertEquals(serviceOf(document, "idle").pid, null);
    assertEquals(serviceOf(document, "ready").pid, Number(await world.field("ready", "pid")));
    await world.svc("-c", "paused");
  });

  Deno.test(`${pairing.name}: status tells what the whole process tree uses, and its last line without stamp`, async () => {
    await using world = await openWorld(pairing, SPEC, { env });
    const busy = await eventually("the last line", async () => {
      const service = serviceOf(await status(world, "busy"), "busy");
      return service.log?.lastLine?.text.includes("last") ? service : undefined;
    });
    assertEquals(busy.processes, 2);
    assert(busy.memory!.bytes > 16_000_000, `two times 8 MB: ${busy.memory!.bytes}`);
    assertEquals(busy.memory!.kind, "pss");
    assert(busy.cpu!.seconds > 0.01, "a loop of millions takes time");
    assertEquals(busy.log!.directory, world.tree.path("busy/log/main"));
    assertEquals(busy.log!.lastLine!.text, "\x1b[31mthe last line");
    assert(Math.abs(Date.parse(busy.log!.lastLine!.time!) - Date.now()) < 600_000);
  });

  Deno.test(`${pairing.name}: restarts are counted, and health follows`, async () => {
    await using world = await openWorld(pairing, { "web/run!": STAYS });
    await world.events("web").until("u");
    const health = async (): Promise<number> =>
      (await run(OURS.bin("hexad"), ["health", "-S", world.tree.root])).code;
    assertEquals(await health(), 0);
    for (let i = 0; i < 2; i++) await world.svc("-wr", "-k", "web");
    const { restarts, lastExit, well } = serviceOf(await status(world), "web");
    assertEquals([restarts, lastExit?.signal, lastExit?.exitCode, well], [
      2,
      "SIGKILL",
      null,
      true,
    ]);
    await world.svc("-p", "web");
    await eventually(
      "the supervisor to say that it is paused",
      async () => (await world.field("web", "paused")) === "true",
    );
    assertEquals(await health(), 1);
    await world.svc("-c", "web");
    await world.svc("-wD", "-d", "web");
    assertEquals(await health(), 0);
  });

  Deno.test(`${pairing.name}: the logger of a pipeline is found by its pipe`, async () => {
    // as s6-rc makes it: two services, and a pipe that somebody else holds
    const spec = {
      "pipe|": "",
      "maker/run!": `#!/bin/sh\nexec >../pipe\necho ${
        "x".repeat(9000)
      }\necho made\nexec sleep 100000\n`,
      "keeper/run!": "#!/bin/sh\nexec <../pipe\nexec s6-log T ./lines\n",
    };
    await using world = await openWorld(pairing, spec, { env });
    const maker = await eventually("the line", async () => {
      const service = serviceOf(await status(world), "maker");
      return service.log?.lastLine?.text === "made" ? service : undefined;
    });
    assertEquals(maker.log!.directory, world.tree.path("keeper/lines"));
  });
}

Deno.test("status: services by path need no scan directory; one that is misspelt is told", async () => {
  await using world = await openWorld(THEIRS_OURS, { "web/run!": STAYS, "web/log/run!": STAYS });
  await world.events("web").until("u");
  const hexad = OURS.bin("hexad");
  const path = world.tree.path("web");
  const { code, stdout } = await run(hexad, ["status", "--json", path, `${path}/log`]);
  const document = statusDocumentOf(stdout);
  assertEquals([code, document.scandir, document.scanned], [0, null, null]);
  assertEquals(document.services.map(({ name, state, logger }) => [name, state, logger]), [[
    path,
    "up",
    false,
  ], [
    `${path}/log`,
    "up",
    true,
  ]]);
  const misspelt = await run(hexad, ["status", "-S", world.tree.root, "wbe"]);
  assertEquals([misspelt.code, misspelt.stderr], [
    100,
    `hexad status: fatal: no service wbe in ${world.tree.root}; did you mean web?\n`,
  ]);
});

Deno.test("hexad: misspelt commands and options get a suggestion; help stands anywhere", async () => {
  const hexad = OURS.bin("hexad");
  const told = async (...args: string[]): Promise<readonly [number, string]> => {
    const { code, stderr } = await run(hexad, args);
    return [code, stderr.split("\n")[0]!];
  };
  assertEquals(await told("statsu"), [
    127,
    "hexad: fatal: no command statsu; did you mean status?",
  ]);
  assertEquals(await told("status", "--jsn"), [
    100,
    "hexad status: fatal: unknown option: --jsn; did you mean --json?",
  ]);
  assertEquals(await told("constructor"), [127, (await told("constructor"))[1]]);
  const help = await run(hexad, ["status", "web", "--help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(help.stdout, /^usage: hexad status [^]*exit codes:\n {2}0 /);
});

Deno.test("status: a log in a log host is a service like others, and its lines are found", async () => {
  const spec = {
    "web/run!": "#!/bin/sh\necho hosted\nexec sleep 100000\n",
    "web/log/logscript": "t ./main\n",
    "db/run!": "#!/bin/sh\necho other\nexec sleep 100000\n",
    "db/log/logscript": "-b -- T ./lines\n",
  };
  await using world = await openWorld(OURS_OURS, spec);
  const document = await eventually("both lines", async () => {
    const now = await status(world);
    return ["web", "db"].every((name) =>
        serviceOf(now, name).log?.lastLine !== null && serviceOf(now, name).log !== null
      )
      ? now
      : undefined;
  });
  const told = ["web", "db"].map((name) => serviceOf(document, name).log!);
  assertEquals(told.map(({ directory, lastLine }) => [directory, lastLine!.text]), [
    [world.tree.path("web/log/main"), "hosted"],
    [world.tree.path("db/log/lines"), "other"],
  ]);
  // its host tells readiness by itself, perhaps after the look that found the line
  const { well, processes, memory } = await eventually("the log to be ready", async () => {
    const log = serviceOf(await status(world), "web/log");
    return log.state === "ready" ? log : undefined;
  });
  assertEquals([well, processes, memory], [true, null, null]);
});
