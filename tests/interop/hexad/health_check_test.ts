/**
 * `health-check` in a running tree: where health is seen, what is done about it, when nothing is
 * checked; and C's clients, who know nothing of it.
 */
import { assertEquals, assertMatch } from "@std/assert";
import type { EventDocument } from "../../../lib/status/core/service_event.ts";
import { run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { OURS, requireToolset, THEIRS } from "../../fixture/toolset.ts";
import { makeTree, type TreeSpec } from "../../fixture/tree.ts";
import { OURS_OURS } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";
import { checkedDocument, serviceOf, statusDocumentOf } from "./document.ts";

requireToolset(OURS);
requireToolset(THEIRS);

const HEXAD = OURS.bin("hexad");

/** A service that is well as long as a file `sick` is not there, checked very often. */
function checked(files: TreeSpec = {}): TreeSpec {
  const all: TreeSpec = {
    "run!": '#!/bin/sh\necho x >>checks\n[ ! -e sick ] || { echo "fever"; exit 1; }\n',
    interval: "100",
    timeout: "20000",
    retries: "1",
    "start-period": "0",
    ...files,
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, text]) => [`health-check/${name}`, text]),
  );
}

function service(name: string, files: TreeSpec): TreeSpec {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]),
  );
}

function checksOf(world: World, name: string): number {
  const path = `${name}/checks`;
  return world.tree.exists(path) ? world.tree.text(path).length / 2 : 0;
}

async function checkedAgain(world: World, name: string): Promise<void> {
  const before = checksOf(world, name);
  await eventually("another check", () => checksOf(world, name) > before);
}

Deno.test("health-check: status, health and events tell it; C's clients go on as if nothing were", async () => {
  await using world = await openWorld(OURS_OURS, service("web", { "run!": STAYS, ...checked() }));
  const { root } = world.tree;
  await using json = start(HEXAD, ["events", "--json", "-S", root]);
  await world.subscribers("web", 2);
  // it waits for the end of the service, whatever else is told
  await using waiting = start(THEIRS.bin("s6-svwait"), ["-d", world.tree.path("web")]);
  await world.subscribers("web", 3);

  await eventually(
    "web to be well",
    async () => (await run(HEXAD, ["health", "-S", root])).code === 0,
  );
  assertMatch((await run(HEXAD, ["status", "-S", root])).stdout, /^web +up, healthy /m);
  world.tree.add({ "web/sick": "" });
  await json.stdout.until(/"unhealthy"/);
  const { code, stdout } = await run(HEXAD, ["status", "--json", "-S", root]);
  const { health, well } = serviceOf(statusDocumentOf(stdout), "web");
  assertEquals([code, well, health?.state, health?.reason, health?.output], [
    1,
    false,
    "unhealthy",
    "exit code 1",
    "fever",
  ]);
  assertEquals((await run(HEXAD, ["health", "-S", root, "web"])).code, 1);
  assertMatch(
    (await run(HEXAD, ["status", "-S", root])).stdout,
    /^web +up, unhealthy: exit code 1 /m,
  );
  world.tree.remove("web/sick");
  await json.stdout.until(/"unhealthy"[^]*"healthy"/);
  assertEquals(
    json.stdout.text.trimEnd().split("\n").map((line) => {
      const { event, reason } = checkedDocument(line, "event.schema.json") as EventDocument;
      return [event, reason];
    }).filter(([event]) => event !== "up" && event !== "supervised").slice(-2),
    [["unhealthy", "exit code 1"], ["healthy", null]],
  );

  assertEquals((await run(THEIRS.bin("s6-svstat"), [world.tree.path("web")])).code, 0);
  await world.svc("-d", "web");
  assertEquals(await waiting.ended(), 0);
  assertEquals((await run(HEXAD, ["health", "-S", root])).code, 0); // down, as it is wanted
});

Deno.test("health-check: nothing is checked while the service is paused, draining or down; a new life begins anew", async () => {
  await using world = await openWorld(OURS_OURS, {
    ...service("web", { "run!": STAYS, "timeout-drain": "3600000", ...checked() }),
    ...service("clock", { "run!": STAYS, ...checked() }),
  });
  await checkedAgain(world, "web");
  const isQuiet = async (): Promise<void> => {
    // a check that has begun may still write; while another service is checked again and again,
    // none does
    await eventually("no more checks", async () => {
      const before = checksOf(world, "web");
      for (let round = 0; round < 4; round++) await checkedAgain(world, "clock");
      return checksOf(world, "web") === before;
    });
  };
  await world.svc("-p", "web");
  await isQuiet();
  await world.svc("-c", "web");
  await checkedAgain(world, "web");
  await world.svc("-d", "web"); // it drains for an hour
  await isQuiet();
  await world.svc("-d", "web");
  await world.events("web").until("D");
  await isQuiet();
  await world.svc("-u", "web");
  await checkedAgain(world, "web");
});

Deno.test("health-check: on-unhealthy restart kills what is deaf; max-restarts ends that", async () => {
  await using world = await openWorld(
    OURS_OURS,
    service("deaf", {
      "run!": '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 100000; done\n',
      "timeout-kill": "100",
      "restart-policy": "never",
      "max-restarts": "1/3600",
      sick: "",
      ...checked({ "on-unhealthy": "restart" }),
    }),
  );
  await world.events("deaf").until("O");
  assertMatch(world.events("deaf").all, /uhdDuhdOD$/);
  const { stdout } = await run(HEXAD, ["status", "--json", "-S", world.tree.root]);
  const { state, over, lastExit, health } = serviceOf(statusDocumentOf(stdout), "deaf");
  assertEquals([state, over, lastExit?.signal, health], [
    "failed",
    "max-restarts",
    "SIGKILL",
    null,
  ]);
});

Deno.test("health-check: on-unhealthy essential ends everything, with exit code 1", async () => {
  using tree = makeTree({
    ...service("web", { "run!": STAYS, sick: "", ...checked({ "on-unhealthy": "essential" }) }),
    "other/run!": STAYS,
  });
  await using svscan = await startSvscan(OURS, tree);
  assertEquals(await svscan.ended(), 1);
  assertMatch(
    svscan.output.text,
    /s6-supervise web: warning: the service is unhealthy: exit code 1/,
  );
});

Deno.test("health-check: hexad new writes one that works", async () => {
  await using world = await openWorld(OURS_OURS, { "other/run!": STAYS });
  const { root } = world.tree;
  const made = await run(HEXAD, [
    ...["new", "-C", root, "web", "--health-cmd", "[ -e well ]", "--health-interval", "0.1s"],
    ...["--health-start-period", "0s", "--health-retries", "1", "--", "sleep", "100000"],
  ]);
  assertEquals([made.code, made.stderr], [0, ""]);
  await world.ok("s6-svscanctl", "-a", ".");
  const stateIs = (state: string): Promise<true> =>
    eventually(`web to be ${state}`, async () => {
      const { stdout } = await run(HEXAD, ["status", "--json", "-S", root, "web"]);
      return serviceOf(statusDocumentOf(stdout), "web").health?.state === state;
    });
  await stateIs("unhealthy");
  world.tree.add({ "web/well": "" });
  await stateIs("healthy");
});
