/**
 * Why a service does not run, where one looks: status, health, start, events and top; what is well
 * though it has ended; and what our files are worth under C s6.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { EventDocument } from "../../../lib/status/core/service_event.ts";
import { type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset, THEIRS } from "../../fixture/toolset.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";
import { checkedDocument, serviceOf, statusDocumentOf } from "./document.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

function hexad(world: World, ...args: string[]): Promise<Result> {
  return run(HEXAD, [args[0]!, "-S", world.tree.root, ...args.slice(1)]);
}

/** Waits until `status` says that of the service. */
function stateOf(world: World, service: string, state: string): Promise<unknown> {
  return eventually(`${service} to be ${state}`, async () => {
    const { stdout } = await hexad(world, "status", "--json", service);
    return serviceOf(statusDocumentOf(stdout), service).state === state;
  });
}

const FAULTS: readonly (readonly [name: string, spec: Record<string, string>, fault: RegExp])[] = [
  [
    "bit",
    { "bit/run": STAYS },
    /^unable to spawn \.\/run: it has no execute bit; chmod \+x \.\/run$/,
  ],
  ["crlf", { "crlf/run!": STAYS.replaceAll("\n", "\r\n") }, /#! line ends in CR LF/],
  [
    "hostile",
    { "hostile/run!": "#!/no\x1b[2Jthing\u202e\nx\n" },
    /interpreter .*\\x1b\[2Jthing.* not found/,
  ],
  ["lost", { "lost/run!": "#!/no/such/shell\n" }, /interpreter \/no\/such\/shell not found/],
  ["none", { "none/data/": "" }, /there is no such file; every service directory needs/],
  [
    "shell",
    { "shell/run!": "#!/bin/sh\nexec no-such-program\n", "shell/restart-delay": "600000" },
    /^exit code 127: a program that run names was not found/,
  ],
];

Deno.test("ours: what keeps a service from starting stands in status, health, start, events and top, with hostile bytes written out", async () => {
  const specs = Object.assign({}, ...FAULTS.map(([, spec]) => spec)) as Record<string, string>;
  await using world = await openWorld(OURS_OURS, { ...specs, "well/run!": STAYS });
  for (const [name] of FAULTS) await stateOf(world, name, "backing off");
  const { stdout } = await hexad(world, "status");
  for (const [name, , fault] of FAULTS) {
    const { stdout: json } = await hexad(world, "status", "--json", name);
    assertMatch(serviceOf(statusDocumentOf(json), name).fault ?? "", fault);
    const [row, note] = stdout.slice(stdout.indexOf(`\n${name} `) + 1).split("\n");
    assertMatch(row ?? "", /^\w+ +backing off/);
    assertMatch(note?.trimStart() ?? "", fault);
  }
  assertMatch(stdout, /\n\n7 services: 1 up, 6 backing off\n$/);
  assert(!stdout.includes("\x1b") && !stdout.includes("\u202e"));

  await using events = start(HEXAD, ["events", "--json", "-S", world.tree.root, "bit"]);
  await world.subscribers("bit", 2);
  await using begun = start(HEXAD, ["start", "--timeout", "0", "-S", world.tree.root, "bit"]);
  await begun.stdout.until(
    /^bit: unable to spawn \.\/run: it has no execute bit; chmod \+x \.\/run\n/,
  );
  await events.stdout.until(/\n/);
  const event = checkedDocument(events.stdout.text.split("\n")[0]!, "event.schema.json");
  const { event: name, fault } = event as EventDocument;
  assertEquals([name, fault], [
    "unstartable",
    "unable to spawn ./run: it has no execute bit; chmod +x ./run",
  ]);

  await using health = await openTerminal([HEXAD, "health", "-S", world.tree.root, "bit"], {
    columns: 120,
  });
  assertEquals(await health.until(/\[exit/), [
    "bit: backing off; unable to spawn ./run: it has no execute bit; chmod +x ./run",
    "[exit 1]",
  ]);
  await using top = await openTerminal([HEXAD, "top", "-S", world.tree.root], { columns: 120 });
  await top.until(/unable to spawn \.\/run: it has no execute bit/);

  Deno.chmodSync(world.tree.path("bit/run"), 0o755);
  await world.svc("-u", "bit");
  assertEquals(await begun.ended(), 0);
  const { stdout: mended } = await hexad(world, "status", "--json", "bit");
  assertEquals(serviceOf(statusDocumentOf(mended), "bit").fault, null);
});

Deno.test("ours: an end that was expected is done and well, another one has failed; --state and --sort choose", async () => {
  const exits = (code: number): string => `#!/bin/sh\nexit ${code}\n`;
  await using world = await openWorld(OURS_OURS, {
    "bad/run!": exits(3),
    "bad/restart-policy": "never",
    "good/run!": exits(0),
    "good/restart-policy": "never",
    "listed/run!": exits(71),
    "listed/restart-policy": "on-failure",
    "listed/exit-codes-ok": "3 70-75\n",
    "slain/run!": "#!/bin/sh\nkill -9 $$\n",
    "slain/restart-policy": "never",
    "slain/exit-codes-ok": "SIGKILL",
    "stays/run!": STAYS,
  });
  await stateOf(world, "bad", "failed");
  for (const name of ["good", "listed", "slain"]) await stateOf(world, name, "down");
  const { stdout } = await hexad(world, "status");
  assertMatch(
    stdout,
    /\nbad +failed .*\ngood +done .*\nlisted +done .*\nslain +done .*\nstays +up /,
  );
  assertMatch(stdout, /\n5 services: 1 up, 1 failed, 3 done\n$/);
  assertEquals((await hexad(world, "health", "good", "listed", "slain", "stays")).code, 0);
  assertEquals((await hexad(world, "health", "bad")).code, 1);
  const names = async (...args: string[]): Promise<string[]> => {
    const document = statusDocumentOf((await hexad(world, "status", "--json", ...args)).stdout);
    return document.services.map(({ name }) => name);
  };
  assertEquals(await names("--state", "done"), ["good", "listed", "slain"]);
  assertEquals(await names("--state", "up,failed", "--sort", "state"), ["bad", "stays"]);
  assertEquals(await names("-s", "not-well"), ["bad"]);
  const none = await hexad(world, "status", "--state", "unknown");
  assertEquals([none.code, none.stdout], [0, "nothing is unknown\n"]);
  for (const args of [["--state", "fine"], ["--sort", "colour"], ["--state", ""]]) {
    assertEquals((await hexad(world, "status", ...args)).code, 100);
  }
  const { stdout: events } = await hexad(world, "status", "--json", "listed");
  const { state, done, over, well } = serviceOf(statusDocumentOf(events), "listed");
  assertEquals({ state, done, over, well }, {
    state: "down",
    done: true,
    over: "policy",
    well: true,
  });
});

Deno.test("ours: where the terminal has too few lines, what is not well comes first; an order that was asked for stays", async () => {
  const spec: Record<string, string> = { "z/run": STAYS };
  for (let i = 10; i < 22; i++) Object.assign(spec, { [`s${i}/run!`]: STAYS });
  await using world = await openWorld(OURS_OURS, spec);
  await stateOf(world, "z", "backing off");
  const words = [HEXAD, "status", "-S", world.tree.root];
  await using small = await openTerminal([...words, "-w"], { columns: 100, rows: 10 });
  const screen = await small.until(/larger window/);
  assertMatch(screen[1]!, /^z +backing off/);
  assertMatch(screen.at(-1)!, /^13 services: 12 up, 1 backing off \(a larger window shows more\)$/);
  await using large = await openTerminal(words, { columns: 100, rows: 30 });
  assertMatch((await large.until(/\[exit 1\]/))[1]!, /^s10 +up/);
  await using ordered = await openTerminal([...words, "-w", "--sort", "name"], {
    columns: 100,
    rows: 10,
  });
  assertMatch((await ordered.until(/larger window/))[1]!, /^s10 +up/);
});

Deno.test("ours: a live service directory that is removed: one warning with the cure when the service dies, and s6-svscanctl -an ends it", async () => {
  await using world = await openWorld(OURS_OURS, { "gone/run!": STAYS, "stays/run!": STAYS });
  await world.events("gone").until("u");
  await world.events("stays").until("u");
  const pid = Number(await world.field("gone", "pid"));
  Deno.removeSync(world.tree.path("gone"), { recursive: true });
  Deno.kill(pid, "SIGKILL");
  await world.svscan.output.until("s6-svscanctl -an SCANDIR ends its supervision");
  await world.ok("s6-svscanctl", "-an", ".");
  await world.svc("-wr", "-r", "stays");
  const lines = world.svscan.output.text.split("\n").filter((line) => line.includes(" gone: "));
  assertEquals(lines.length, 1);
});

Deno.test("theirs: C's supervisor does not know our files, and status and check say so", async () => {
  requireToolset(THEIRS);
  await using world = await openWorld(THEIRS_OURS, {
    "plain/run!": STAYS,
    "web/run!": STAYS,
    "web/restart-policy": "never",
    "web/exit-codes-ok": "3",
    "web/timeout-kill": "5000",
  });
  await world.events("web").until("u");
  await world.events("plain").until("u");
  const { stdout } = await hexad(world, "status");
  assertMatch(
    stdout,
    /\nweb .*\n {2}no effect under the s6-supervise of C s6: restart-policy, exit-codes-ok\n/,
  );
  const document = statusDocumentOf((await hexad(world, "status", "--json")).stdout);
  assertEquals(serviceOf(document, "plain").withoutEffect, []);
  assertEquals(serviceOf(document, "web").withoutEffect, ["restart-policy", "exit-codes-ok"]);
  const checked = await run(HEXAD, ["check", world.tree.root]);
  assertMatch(
    checked.stdout,
    /web\/restart-policy: warning: it has no effect: the s6-supervise of C/,
  );
  assert(!checked.stdout.includes("timeout-kill"));
  await using ours = await openWorld(OURS_OURS, {
    "web/run!": STAYS,
    "web/restart-policy": "never",
  });
  await ours.events("web").until("u");
  assertEquals((await run(HEXAD, ["check", ours.tree.root])).stdout, "");
});
