/** Oneshots of s6-rc in `hexad events` and `hexad top`, as they come, run, fail and stop. */
import { assertEquals, assertMatch } from "@std/assert";
import type { EventDocument } from "../../../lib/status/core/service_event.ts";
import { type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { startSvscan } from "../../fixture/scan.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

Deno.test("events and top show oneshots: those of a live folder that comes later, running, done, failed, not started, stopped", async () => {
  using tree = makeTree({
    "scan/web/run!": "#!/bin/sh\nexec sleep 1000\n",
    "src/slow/type": "oneshot\n",
    "src/bad/type": "oneshot\n",
    "src/bad/up": 'sh -c "exit 3"\n',
    "src/after/type": "oneshot\n",
    "src/after/up": "true\n",
    "src/after/dependencies.d/bad": "",
  });
  const at = (name: string): string => tree.path(name);
  tree.add({
    "src/slow/up": `sh -c "until test -e ${at("go")}; do sleep 0.02; done"\n`,
  });
  await using _svscan = await startSvscan(OURS, tree, { scandir: "scan" });
  await using watching = start(HEXAD, ["events", "-S", at("scan")]);
  await using documents = start(HEXAD, ["events", "--json", "-S", at("scan")]);
  await eventually(
    "both to listen",
    () => [...Deno.readDirSync(at("scan/web/event"))].length === 2,
  );
  const ok = async (name: string, ...args: readonly string[]): Promise<Result> => {
    const result = await run(OURS.bin(name), args);
    assertEquals(result.code, 0, result.stderr);
    return result;
  };
  await ok("s6-rc-compile", at("db"), at("src"));
  await ok("s6-rc-init", "-c", at("db"), "-l", at("s6-rc"), at("scan"));
  const rc = (...args: readonly string[]): Promise<Result> =>
    run(OURS.bin("s6-rc"), ["-l", at("s6-rc"), ...args]);
  const change = rc("-u", "change", "slow", "bad", "after");
  await watching.stdout.until(/ {2}slow {2}running\n/);
  await using terminal = await openTerminal([HEXAD, "top", "-S", at("scan")], { columns: 160 });
  await terminal.until(
    / 1 service, 3 oneshots, 2 not well\n.*\n> +web .*\n +after +not started, because of bad .*\n +bad +failed, exit code 3 .*\n +slow +running /,
  );
  tree.add({ "go": "" });
  assertEquals((await change).code, 1);
  await watching.stdout.until(/ {2}slow {2}done \(\d.*\)\n/);
  await terminal.until(/\n +slow +done /);
  await terminal.type("G", "s");
  await terminal.until(/\nslow is a oneshot: s6-rc start slow runs its up, /);
  await terminal.type("q");
  await terminal.until(/\[exit 0\]/);
  assertEquals((await rc("-d", "change", "slow")).code, 0);
  await watching.stdout.until(/ {2}slow {2}down( \(.*\))?\n/);
  assertMatch(watching.stdout.text, / {2}bad {2}failed, exit code 3 \(\d+ms|s\)\n/);
  assertMatch(watching.stdout.text, / {2}after {2}not started, because of bad\n/);
  await documents.stdout.until(/"service":"slow".*"event":"down"/);
  const told = documents.stdout.text.trimEnd().split("\n").map((line) =>
    checkedDocument(line, "event.schema.json") as EventDocument
  ).filter(({ oneshot }) => oneshot);
  assertEquals(
    told.filter(({ service }) => service === "bad").map(({ event, exitCode, reason }) => [
      event,
      exitCode,
      reason,
    ]).at(-1),
    ["failed", 3, "exit code 3"],
  );
  assertEquals(told.find(({ service }) => service === "slow")!.directory, at("s6-rc"));
  await using named = start(HEXAD, ["events", "-S", at("scan"), "bad"]);
  await eventually("events of the one that was named", async () => {
    await rc("-u", "change", "after", "bad");
    return named.stdout.text !== "";
  });
  assertMatch(named.stdout.text, /^(.* {2}bad {2}failed, exit code 3 \(.*\)\n)+$/);
});
