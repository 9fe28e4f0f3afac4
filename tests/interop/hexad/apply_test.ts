/**
 * hexad apply and hexad restart --with-dependants, beside a process that has booted services from
 * their sources, as /init does.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Background, type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { TREE_MARK } from "../../fixture/processes.ts";
import { OURS, requireToolset, ROOT } from "../../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../../fixture/tree.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const PROGRAM = `${ROOT}/tests/fixture/rc_sources_program.ts`;
const SLEEPER = "#!/bin/sh\nexec sleep 1000\n";

/** A oneshot that tells in `story` when it goes up and down. */
function teller(name: string, ...needs: readonly string[]): TreeSpec {
  return {
    [`src/${name}/type`]: "oneshot\n",
    [`src/${name}/up`]: `sh -c "echo up ${name} >>@/story"\n`,
    [`src/${name}/down`]: `sh -c "echo down ${name} >>@/story"\n`,
    ...Object.fromEntries(needs.map((need) => [`src/${name}/dependencies.d/${need}`, ""])),
  };
}

function longrun(name: string, ...needs: readonly string[]): TreeSpec {
  return {
    [`src/${name}/type`]: "longrun\n",
    [`src/${name}/run`]: SLEEPER,
    ...Object.fromEntries(needs.map((need) => [`src/${name}/dependencies.d/${need}`, ""])),
  };
}

class Live implements AsyncDisposable {
  readonly tree: Tree;
  readonly #program: Background;

  private constructor(tree: Tree, program: Background) {
    this.tree = tree;
    this.#program = program;
  }

  static async boot(spec: TreeSpec): Promise<Live> {
    const tree = makeTree({ "scan/": "", "story": "" });
    const [scan, live, src, db] = ["scan", "live", "src", "db"].map((name) => tree.path(name));
    add(tree, spec);
    const program = start(
      Deno.execPath(),
      ["run", "-A", "--no-check", PROGRAM, scan!, live!, src!, db!],
      { env: { [TREE_MARK]: tree.root } },
    );
    const booted = new Live(tree, program);
    await program.stdout.until("up: 0\n");
    return booted;
  }

  /** What the process has said, from its start. */
  get said(): string {
    return this.#program.stdout.text;
  }

  hexad(...args: readonly string[]): Promise<Result> {
    return run(OURS.bin("hexad"), args, { cwd: this.tree.root });
  }

  apply(...args: readonly string[]): Promise<Result> {
    return this.hexad("apply", "-l", this.tree.path("live"), ...args);
  }

  async list(): Promise<string[]> {
    const { code, stdout } = await run(
      OURS.bin("s6-rc"),
      ["-l", this.tree.path("live"), "-b", "-a", "list"],
    );
    assertEquals(code, 0);
    return stdout.split("\n").filter((name) => name !== "" && !name.startsWith("s6rc-")).sort();
  }

  async pid(name: string): Promise<string> {
    const { stdout } = await run(OURS.bin("s6-svstat"), [
      "-o",
      "pid",
      this.tree.path("scan", name),
    ]);
    return stdout.trim();
  }

  /** What oneshots have told since the last time. */
  story(): string[] {
    const text = this.tree.text("story");
    this.tree.add({ "story": "" });
    return text.split("\n").filter((line) => line !== "");
  }

  async end(): Promise<void> {
    await run(OURS.bin("s6-svscanctl"), ["-t", this.tree.path("scan")]);
    assertEquals(await this.#program.ended(), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.tree.killProcesses();
    await this.#program[Symbol.asyncDispose]();
    this.tree[Symbol.dispose]();
  }
}

function add(tree: Tree, spec: TreeSpec): void {
  const texts = Object.entries(spec).map(([path, text]) => [path, text.replaceAll("@", tree.root)]);
  tree.add(Object.fromEntries(texts));
}

Deno.test("apply: what has changed is restarted in order with what needs it; new ones start, gone ones stop; the rest sees nothing", async () => {
  await using live = await Live.boot({
    ...teller("base"),
    ...longrun("db", "base"),
    ...teller("migrate", "db"),
    ...longrun("web", "migrate"),
    ...longrun("apart"),
    ...teller("old"),
  });
  const { tree } = live;
  assertEquals(live.story().toSorted(), ["up base", "up migrate", "up old"]);
  const before = await Promise.all(["db", "web", "apart"].map((name) => live.pid(name)));
  assertEquals(await live.apply(), { code: 0, stdout: "nothing has changed\n", stderr: "" });

  add(tree, {
    "src/db/env/SIZE": "3",
    "src/db/run": "#!/bin/sh\nexec sleep 1001\n",
    ...teller("late", "web"),
  });
  tree.remove("src/old");
  const plan = [
    "old: stop (removed)",
    "db: restart (changed: run, env)",
    "web: restart (it needs migrate)",
    "late: start (added)",
    "migrate: restart (it needs db)",
    "",
  ].join("\n");
  assertEquals(await live.apply("-n"), { code: 0, stdout: plan, stderr: "" });
  assertEquals(live.story(), []);
  assertEquals(await live.apply(), { code: 0, stdout: plan, stderr: "" });
  const [first, ...rest] = live.story().filter((line) => line !== "down old");
  assertEquals([first, ...rest], ["down migrate", "up migrate", "up late"]);
  const after = await Promise.all(["db", "web", "apart"].map((name) => live.pid(name)));
  assertEquals(after.map((pid, at) => pid === before[at]), [false, false, true]);
  assertEquals(await live.list(), ["apart", "base", "db", "late", "migrate", "web"]);
  assertEquals(tree.text("live/servicedirs/db/env/SIZE"), "3");
  assertEquals(
    (await run("ps", ["-o", "args=", "-p", await live.pid("db")])).stdout.trim(),
    "sleep 1001",
  );
  assertEquals((await live.apply()).stdout, "nothing has changed\n");

  // the supervisor that went along still obeys, under the same name
  assertEquals((await live.hexad("restart", "--wait", "-S", tree.path("scan"), "apart")).code, 0);
  assertEquals(
    [...Deno.readDirSync(tree.root)].map(({ name }) => name).filter((name) =>
      name.startsWith("live:")
    ).length,
    1,
  );
  await live.end();
});

Deno.test("apply: with a mistake in the sources nothing is done, and all of them are told", async () => {
  await using live = await Live.boot({ ...teller("base"), ...longrun("web", "base") });
  const before = await live.pid("web");
  live.story();
  add(live.tree, {
    "src/web/run": "#!/bin/sh\nexec sleep 1001\n",
    "src/base/timeout-up": "soon",
    "src/web/dependencies.d/nobody": "",
  });
  const { code, stdout, stderr } = await live.apply();
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "src/base/timeout-up:1: it holds no number of milliseconds");
  assertStringIncludes(stderr, "nobody");
  assertStringIncludes(
    stderr,
    "hexad apply: warning: nothing is done: 2 mistakes in the definitions\n",
  );
  const json = await live.apply("--json");
  const document = checkedDocument(json.stdout, "apply.schema.json") as {
    readonly outcome: string;
    readonly findings: readonly unknown[];
  };
  assertEquals([json.code, document.outcome, document.findings.length], [1, "refused", 2]);
  assertEquals([await live.pid("web"), live.story()], [before, []]);
  live.tree.remove("src/base/timeout-up");
  live.tree.remove("src/web/dependencies.d/nobody");
  const shown = await live.apply("-n", "--json");
  assertEquals(checkedDocument(shown.stdout, "apply.schema.json"), {
    format: 1,
    outcome: "shown",
    findings: [],
    services: [{
      name: "web",
      type: "longrun",
      difference: "changed",
      files: ["run"],
      action: "restart",
      becauseOf: null,
    }],
    bundles: [],
  });
});

Deno.test("apply: a service that can't be stopped in time: the old ones are up again, and the sources wait", async () => {
  await using live = await Live.boot({
    ...longrun("stubborn"),
    ...teller("above", "stubborn"),
    "src/stubborn/run": "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n",
    "src/stubborn/timeout-down": "200",
  });
  live.story();
  const before = await live.pid("stubborn");
  add(live.tree, { "src/stubborn/run": SLEEPER });
  const { code, stderr } = await live.apply();
  assertEquals(code, 1, stderr);
  assertEquals(live.story(), ["down above", "up above"]);
  assertEquals(await live.list(), ["above", "stubborn"]);
  assertEquals(await live.pid("stubborn"), before);
  assertEquals(
    (await live.apply("-n")).stdout,
    [
      "stubborn: restart (changed: run)",
      "above: restart (it needs stubborn)",
      "",
    ].join("\n"),
  );
});

Deno.test("apply: a client that is killed: what has begun goes on to its end", async () => {
  await using live = await Live.boot({
    ...teller("slow"),
    ...longrun("web", "slow"),
    "src/slow/down": 'sh -c "echo down slow >>@/story; cat <@/go"\n',
    "go|": "",
  });
  live.story();
  add(live.tree, { "src/slow/down": "true\n" });
  await using client = start(OURS.bin("hexad"), ["apply", "-l", live.tree.path("live")]);
  await eventually("the stop to begin", () => live.tree.text("story").includes("down slow"));
  client.kill("SIGKILL");
  await client.ended();
  await live.tree.feed("go", "");
  await eventually("the services to be up again", async () => (await live.list()).length === 2);
  assertEquals(live.story(), ["down slow", "up slow"]);
  assertEquals((await live.apply()).stdout, "nothing has changed\n");
});

Deno.test("apply: services of a compiled database are not for it, and the line says what to do", async () => {
  using tree = makeTree({
    "src/a/type": "oneshot\n",
    "src/a/up": "",
    "scan/": "",
  });
  const at = (name: string): string => tree.path(name);
  await using svscan = start(OURS.bin("s6-svscan"), [at("scan")], {
    env: { [TREE_MARK]: tree.root },
  });
  await eventually(
    "s6-svscan",
    async () => (await run(OURS.bin("s6-svscanctl"), ["-a", at("scan")])).code === 0,
  );
  assertEquals((await run(OURS.bin("s6-rc-compile"), [at("db"), at("src")])).code, 0);
  const init = await run(OURS.bin("s6-rc-init"), ["-c", at("db"), "-l", at("live"), at("scan")]);
  assertEquals(init.code, 0, init.stderr);
  const { code, stderr } = await run(OURS.bin("hexad"), ["apply", "-l", at("live")]);
  assertEquals(code, 100);
  assertStringIncludes(
    stderr,
    `hexad apply: fatal: the services of ${
      at("live")
    } come from a compiled database, and not from sources: compile these again with s6-rc-compile, and then s6-rc-update -l ${
      at("live")
    } NEWDB\n`,
  );
  assertEquals((await run(OURS.bin("hexad"), ["apply", "-l", at("nowhere")])).code, 111);
  tree.killProcesses();
  await svscan.ended();
});

Deno.test("restart --with-dependants: dependants stop first, and what was up of them is up again", async () => {
  await using live = await Live.boot({
    ...longrun("db"),
    ...teller("migrate", "db"),
    ...longrun("web", "migrate"),
    ...longrun("idle", "db"),
    ...longrun("apart"),
  });
  const { tree } = live;
  live.story();
  const rc = (...args: readonly string[]): Promise<Result> =>
    run(OURS.bin("s6-rc"), ["-l", tree.path("live"), ...args]);
  assertEquals((await rc("-d", "change", "idle")).code, 0);
  const names = ["db", "web", "apart"];
  const before = await Promise.all(names.map((name) => live.pid(name)));
  const restart = (...args: readonly string[]): Promise<Result> =>
    live.hexad("restart", "--with-dependants", "-S", tree.path("scan"), ...args);
  const { code, stdout, stderr } = await restart("--wait", "db");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(
    stdout.replace(/pid \d+/g, "pid N").replace(/\b\d+ s/g, "N s"),
    "db: up, pid N\nweb: up, pid N\nmigrate: oneshot, run again\n",
  );
  const after = await Promise.all(names.map((name) => live.pid(name)));
  assertEquals(after.map((pid, at) => pid === before[at]), [false, false, true]);
  assertEquals(live.story(), ["down migrate", "up migrate"]);
  assertEquals(await live.list(), ["apart", "db", "migrate", "web"]);

  // a oneshot has no directory in the scan directory; nobody waits here
  assertEquals(await restart("migrate"), {
    code: 0,
    stdout: "web: told to restart\nmigrate: told to restart\n",
    stderr: "",
  });
  await eventually("all to be up again", async () => (await live.list()).length === 4);
  assert(await live.pid("web") !== after[1]);

  add(tree, { "scan/plain/run!": SLEEPER });
  const plain = await restart("plain");
  assertEquals([plain.code, plain.stderr], [
    100,
    "hexad restart: fatal: plain is no service of s6-rc: nothing is known to need it; leave out --with-dependants\n",
  ]);
});
