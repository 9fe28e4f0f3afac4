/**
 * `hexad` before trees that are broken, or that somebody else has made to harm it; and as a user
 * who may see little.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Result, run } from "../../fixture/command.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, STAYS, STAYS_READY } from "../world.ts";
import { serviceOf, statusDocumentOf } from "./document.ts";
import { freeze } from "./frozen_tree.ts";

requireToolset(OURS);

const NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
const HEXAD = OURS.bin("hexad");

function hexad(tree: Tree, ...args: string[]): Promise<Result> {
  return run(HEXAD, [args[0]!, "-S", tree.root, ...args.slice(1)]);
}

function asNobody(tree: Tree, ...args: string[]): Promise<Result> {
  if (Deno.uid() !== 0) throw new Error("this test needs root, to become somebody else");
  return run(NOBODY[0]!, [...NOBODY.slice(1), HEXAD, args[0]!, "-S", tree.root, ...args.slice(1)]);
}

function bytes(...parts: (number | string)[]): Uint8Array {
  return new Uint8Array(
    parts.flatMap((part) =>
      typeof part === "string" ? [...new TextEncoder().encode(part)] : [part]
    ),
  );
}

Deno.test("status: garbage in every file that it reads is a fact about that service and hides no other", async () => {
  const garbage = Uint8Array.from({ length: 35 }, () => 0xff);
  await using frozen = await freeze({
    "a-good": { since: 10, flags: 8 },
    "all-ones": { since: 0, flags: 0, garbage, deaths: [[1, 255, 255]] },
    "empty": { since: 0, flags: 0, garbage: new Uint8Array(0) },
    "long": { since: 0, flags: 0, garbage: new Uint8Array(100_000) },
    "odd-tally": { since: 5, flags: 8, files: { "max-death-tally": "nonsense" } },
    "bad-log": {
      since: 5,
      flags: 8,
      files: { "log/run": "\0\x01\xff s6-log ./main", "log/main/current/": "" },
    },
    "link-log": {
      since: 5,
      flags: 8,
      files: { "log/run": "s6-log ./main", "log/main/current=": "/etc/passwd" },
    },
    "fifo-log": {
      since: 5,
      flags: 8,
      files: { "log/run": "s6-log ./main", "log/main/current|": "" },
    },
    "escape": {
      since: 5,
      flags: 8,
      files: {
        "log/logscript": "user:log t ./main",
        "log/main/current": "\x1b]0;owned\x07\x1b[2J\n",
      },
    },
  });
  Deno.writeFileSync(frozen.tree.path("odd-tally/supervise/death_tally"), bytes("odd"));
  const { code, stdout, stderr } = await hexad(frozen.tree, "status", "--json");
  assertEquals([code, stderr], [1, ""]);
  const document = statusDocumentOf(stdout);
  assertEquals(serviceOf(document, "a-good").well, true);
  assertEquals(serviceOf(document, "all-ones").since, null);
  assertEquals(serviceOf(document, "empty").fault, "supervise/status has 0 bytes of 35");
  assertEquals(serviceOf(document, "long").state, "down");
  assertEquals([
    serviceOf(document, "odd-tally").restarts,
    serviceOf(document, "odd-tally").lastExit,
  ], [0, null]);
  for (const service of ["bad-log", "link-log", "fifo-log"]) {
    assertEquals(serviceOf(document, service).log?.lastLine ?? null, null, service);
  }
  const table = await hexad(frozen.tree, "status", "--loggers");
  assertStringIncludes(table.stdout, "\\x1b]0;owned\\x07\\x1b[2J");
  assert(!table.stdout.includes("\x1b"), "nothing that a terminal would obey");
});

Deno.test("status: what stands where a service directory should be", async () => {
  using tree = makeTree({
    "file": "no directory",
    "dangling=": "/nowhere/at/all",
    "loop=": "loop",
    "fifo-status/supervise/lock": "",
    "fifo-status/supervise/status|": "",
    "fifo-lock/supervise/lock|": "",
    "no-status/supervise/": "",
    "file-supervise/supervise": "",
    ".hidden/run!": STAYS,
  });
  const { code, stdout, stderr } = await hexad(tree, "status", "--json");
  assertEquals([code, stderr], [1, ""]);
  const states = statusDocumentOf(stdout).services.map(({ name, state }) => `${name}: ${state}`);
  assertEquals(states, [
    "fifo-lock: not supervised",
    "fifo-status: not supervised",
    "file-supervise: unknown",
    "no-status: not supervised",
  ]);
});

Deno.test("status: a service that vanishes and a scan directory that vanishes are told in one line", async () => {
  await using world = await openWorld(THEIRS_OURS, { "scan/web/run!": STAYS }, { scandir: "scan" });
  world.tree.rename("scan", "gone");
  const gone = await run(HEXAD, ["status", "-S", world.tree.path("scan")]);
  assertEquals([gone.code, gone.stderr], [
    100,
    `hexad status: fatal: there is no scan directory ${world.tree.path("scan")} (-S)\n`,
  ]);
  const variable = await run(HEXAD, ["status"], {
    env: { S6_SCANDIR: world.tree.path("gone/web/run") },
  });
  assertEquals([variable.code, variable.stderr], [
    100,
    `hexad status: fatal: ${world.tree.path("gone/web/run")} ($S6_SCANDIR) is no directory\n`,
  ]);
});

Deno.test("status: where nobody supervises anything, it says so and how to start", async () => {
  using tree = makeTree({ "web/run!": STAYS });
  const { code, stdout, stderr } = await hexad(tree, "status");
  assertEquals(code, 1);
  assertStringIncludes(stdout, "web      not supervised");
  assertEquals(
    stderr,
    `hexad status: warning: nothing supervises ${tree.root}: no s6-svscan runs there; start one with: s6-svscan ${tree.root}\n`,
  );
  assertEquals((await hexad(tree, "health")).code, 1);
  tree.remove("web");
  assertEquals((await hexad(tree, "status")).stdout, `no services in ${tree.root}\n`);
  assertEquals((await hexad(tree, "health")).code, 1);
});

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  Deno.test(`${pairing.name}: an ordinary user sees what s6-svperms lets him see, and else learns the cure`, async () => {
    const spec = { "web/run!": STAYS_READY, "web/notification-fd": "3", "secret/run!": STAYS };
    await using world = await openWorld(pairing, spec);
    await world.events("web").until("U");
    await world.events("secret").until("u");
    const blind = await asNobody(world.tree, "status");
    assertEquals([blind.code, blind.stdout], [111, ""]);
    assertEquals(
      blind.stderr,
      `hexad status: fatal: unable to look into ${
        world.tree.path("secret")
      }/supervise: Permission denied; ` +
        "be root, or let everybody look: s6-svperms -o SERVICEDIR\n",
    );
    assertEquals((await asNobody(world.tree, "health")).code, 1);
    await world.ok("s6-svperms", "-o", "web");
    const { code, stdout } = await asNobody(world.tree, "status", "--json");
    const document = statusDocumentOf(stdout);
    assertEquals([code, document.scanned], [1, null]);
    const web = serviceOf(document, "web");
    assertEquals([web.state, web.memory?.kind, web.processes], ["ready", "rss", 1]);
    const secret = serviceOf(document, "secret");
    assertEquals([secret.state, secret.fault, secret.wanted, secret.well], [
      "unknown",
      "Permission denied",
      null,
      false,
    ]);
    assertEquals((await asNobody(world.tree, "health", "web")).code, 0);
    Deno.chmodSync(world.tree.root, 0o711);
    const unlisted = await asNobody(world.tree, "status");
    assertEquals([unlisted.code, unlisted.stderr], [
      111,
      `hexad status: fatal: unable to list the services of ${world.tree.root}: Permission denied; ` +
      "be the user whose services they are, or root\n",
    ]);
  });
}
