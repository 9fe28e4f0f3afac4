/** `hexad logs` on the log directories of C's s6-log and of ours. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { LogDocument } from "../../../lib/logdir/core/log_line_form.ts";
import { type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { openTerminal } from "../../fixture/tmux.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";
import { checkedDocument } from "./document.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

function logs(world: World, ...args: string[]): Promise<Result> {
  return run(HEXAD, ["logs", "-S", world.tree.root, ...args]);
}

function documentsOf(text: string): LogDocument[] {
  return text.trimEnd().split("\n").map((line) =>
    checkedDocument(line, "log.schema.json") as LogDocument
  );
}

/** Prints what is written to its FIFO. */
const REPEATS = '#!/bin/sh\nexec 4<>in\nwhile read -r line <&4; do echo "$line"; done\n';

function say(world: World, service: string, line: string): Promise<void> {
  return Deno.writeTextFile(world.tree.path(service, "in"), `${line}\n`);
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  const env = { PATH: `${pairing.daemon.bin("").slice(0, -1)}:${Deno.env.get("PATH")}` };

  Deno.test(`${pairing.name}: logs merges services by time, whatever the stamps`, async () => {
    requireToolset(pairing.daemon);
    const logger = (form: string): string => `#!/bin/sh\nexec s6-log -b ${form} ./main\n`;
    const spec = {
      "web/run!": REPEATS,
      "web/in|": "",
      "web/log/run!": logger("t"),
      "db/run!": REPEATS,
      "db/in|": "",
      "db/log/run!": logger("T"),
      "mute/run!": STAYS,
    };
    await using world = await openWorld(pairing, spec, { env });
    for (let i = 0; i < 6; i++) {
      const [service, line] = [i % 2 === 0 ? "web" : "db", `line ${i}`];
      await say(world, service, line);
      await eventually(
        `${line} in the log`,
        () =>
          world.tree.exists(`${service}/log/main/current`) &&
          world.tree.text(`${service}/log/main/current`).includes(line),
      );
    }
    const all = await logs(world);
    assertEquals([all.code, all.stderr], [0, ""]);
    const lines = all.stdout.trimEnd().split("\n");
    assertEquals(lines.map((line) => line.slice(24)), [
      "web: line 0",
      "db: line 1",
      "web: line 2",
      "db: line 3",
      "web: line 4",
      "db: line 5",
    ]);
    for (const line of lines) assertMatch(line, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} /);
    assertEquals(
      (await logs(world, "-n", "3", "-t", "none")).stdout,
      "db: line 3\nweb: line 4\ndb: line 5\n",
    );
    assertEquals((await logs(world, "-n", "2", "-t", "none", "web")).stdout, "line 2\nline 4\n");
    assertEquals(
      (await logs(world, "--grep", "[25]$", "--time", "none")).stdout,
      "web: line 2\ndb: line 5\n",
    );
    assertMatch((await logs(world, "-n1", "-t", "raw", "web")).stdout, /^@[0-9a-f]{24} line 4\n$/);
    assertMatch(
      (await logs(world, "-n1", "-t", "iso", "web")).stdout,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 4\n$/,
    );
    const documents = documentsOf((await logs(world, "--json")).stdout);
    assertEquals(
      documents.map(({ service, text }) => `${service} ${text}`),
      lines.map((line) => line.slice(24).replace(":", "")),
    );
    assertEquals(documents[1]!.directory, world.tree.path("db/log/main"));
    const since = documents[2]!.time!;
    const until = documents[4]!.time!;
    assertEquals(
      (await logs(world, "--since", since, "--until", until, "-t", "none")).stdout,
      "web: line 2\ndb: line 3\nweb: line 4\n",
    );
    assertEquals((await logs(world, "--until", "1h", "-t", "none")).stdout, "");
    assertEquals(
      (await logs(world, "-t", "none", "--since", "1h", "db")).stdout,
      "line 1\nline 3\nline 5\n",
    );
    const mute = await logs(world, "mute");
    assertEquals([mute.code, mute.stdout], [100, ""]);
    assertStringIncludes(
      mute.stderr,
      "hexad logs: warning: mute has no log directory that could be found",
    );
  });
}

interface Logged extends Disposable {
  readonly tree: Tree;
  readonly logdir: string;
}

function logged(): Logged {
  const tree = makeTree({ "log/": "" });
  return { tree, logdir: tree.path("log/main"), [Symbol.dispose]: () => tree[Symbol.dispose]() };
}

/** Numbered lines, with a breath now and then, so that whoever follows has something to follow. */
const COUNTS =
  'use Time::HiRes "usleep"; $| = 1; for my $i (1 .. shift) { print "$i ", "x" x 40, "\\n"; usleep(2000) if $i % 100 == 0 }';

function numbersIn(text: string): number[] {
  return text.trimEnd().split("\n").map((line) => Number(line.split(" ")[0]));
}

/** Says what is wrong in few words, if anything is: thousands of numbers tell nobody anything. */
function assertNumbers(text: string, expected: readonly number[], what: string): void {
  const got = numbersIn(text);
  const set = new Set(got);
  const missing = expected.filter((number) => !set.has(number));
  const twice = got.length - set.size;
  const unordered = got.filter((number, i) => i > 0 && number <= got[i - 1]!).length;
  const told = {
    missing: missing.length,
    first: missing[0],
    last: missing.at(-1),
    twice,
    unordered,
  };
  assertEquals(
    told,
    { missing: 0, first: undefined, last: undefined, twice: 0, unordered: 0 },
    what,
  );
  assertEquals(got.length, expected.length, what);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

const LOGGERS: readonly (readonly [what: string, toolset: Toolset, script: readonly string[]])[] = [
  ["C's s6-log", THEIRS, ["n1000", "s4096", "l0"]],
  ["C's s6-log, stamps", THEIRS, ["t", "n1000", "s4096", "l0"]],
  ["C's s6-log, which packs", THEIRS, ["T", "n1000", "s65536", "l0", "?exec gzip"]],
  ["ours", OURS, ["n1000", "s4096", "l0"]],
  ["ours, stamps", OURS, ["T", "n1000", "s4096", "l0"]],
  ["ours, which packs", OURS, ["t", "n1000", "s65536", "l0", "?exec gzip"]],
];

for (const [what, toolset, script] of LOGGERS) {
  Deno.test(`logs --follow loses no line across rotations and tells none twice: ${what}`, async () => {
    requireToolset(toolset);
    using place = logged();
    const count = 8000;
    // a first line, so that there is something to follow
    assertEquals(
      (await run(toolset.bin("s6-log"), [...script, place.logdir], { stdin: "0 begin\n" })).code,
      0,
    );
    await using following = start(HEXAD, ["logs", "-f", "-n", "1", "-t", "none", place.logdir]);
    await following.stdout.until("0 begin\n");
    const lines = await run("/bin/sh", [
      "-c",
      `perl -e '${COUNTS}' ${count} | "$@"`,
      "sh",
      toolset.bin("s6-log"),
      ...script,
      place.logdir,
    ]);
    assertEquals([lines.code, lines.stderr], [0, ""]);
    await following.stdout.until(new RegExp(`^${count} x*\n`, "m"));
    following.kill("SIGTERM");
    assertEquals(await following.ended(), 143);
    assertNumbers(following.stdout.text, [0, ...upTo(count)], "followed");
    assertEquals(following.stderr.text, "");
    assert(
      [...Deno.readDirSync(place.logdir)].filter(({ name }) => name.startsWith("@")).length > 3,
      "it has rotated",
    );
    const whole = await run(HEXAD, ["logs", "-n", "all", "-t", "none", place.logdir]);
    assertNumbers(whole.stdout, [0, ...upTo(count)], "all");
    const tail = await run(HEXAD, ["logs", "-n", "4321", "-t", "none", place.logdir]);
    assertNumbers(tail.stdout, upTo(count).slice(-4321), "the last");
  });
}

Deno.test("logs: a file that is much larger than the memory it may take", async () => {
  using place = logged();
  Deno.mkdirSync(place.logdir);
  const size = 256;
  const line = "a line of some length, again and again, ".repeat(20);
  const made = await run("/bin/sh", [
    "-c",
    `yes "${line}" | head -c ${size}M >"$1"`,
    "sh",
    `${place.logdir}/current`,
  ]);
  assertEquals(made.code, 0);
  await using reading = start(HEXAD, ["logs", "--grep", "never there", place.logdir]);
  let peakKilobytes = 0;
  const ended = reading.ended();
  let over = false;
  ended.finally(() => over = true);
  await eventually("its end", () => {
    const status = over ? "" : readIfThere(`/proc/${reading.pid}/status`);
    peakKilobytes = Math.max(peakKilobytes, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
    return over;
  });
  assertEquals([await ended, reading.stdout.text], [0, ""]);
  assert(
    peakKilobytes > 10_000 && peakKilobytes < 180_000,
    `${peakKilobytes} KB for a file of ${size} MB`,
  );
  const last = await run(HEXAD, ["logs", "-n", "1", place.logdir]);
  assertEquals(last.stdout, line.slice(0, size * 2 ** 20 % (line.length + 1)) + "\n");
});

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

Deno.test("logs: on a terminal nothing that it would obey is sent, and moments and names have colours; a pipe gets the bytes", async () => {
  const spec = { "a/run!": STAYS, "a/log/run!": STAYS, "b/run!": STAYS };
  using tree = makeTree({ ...spec, "log/current": "\x1b[31mred\x07 \xff\n" });
  Deno.writeFileSync(
    tree.path("log/current"),
    Uint8Array.of(0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x0a),
  );
  await using terminal = await openTerminal([HEXAD, "logs", tree.path("log")], { columns: 80 });
  assertEquals((await terminal.until(/\[exit 0\]/))[0], "\\x1b[31m\ufffd");
  const piped = await new Deno.Command(HEXAD, { args: ["logs", tree.path("log")] }).output();
  assertEquals([...piped.stdout], [0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0x0a]);
});

Deno.test("logs: what can't be read or understood is one line that says why", async () => {
  using tree = makeTree({ "log/current": "secret\n", "open/current": "public\n" });
  Deno.chmodSync(tree.path("log"), 0o700);
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", HEXAD, "logs"];
  const denied = await run("setpriv", [...nobody, `${tree.path("log")}/../log`]);
  assertEquals([denied.code, denied.stdout], [111, ""]);
  Deno.chmodSync(tree.path("log"), 0o711);
  const both = await run("setpriv", [...nobody, tree.path("log"), tree.path("open")]);
  assertEquals([both.code, both.stdout], [0, "public\n"]);
  assertEquals(
    both.stderr,
    `hexad logs: warning: unable to read ${tree.path("log")}: Permission denied\n`,
  );
  const cases = [
    [
      ["--since", "soon"],
      "no moment: soon (e.g. 10m, 06:30, '2026-11-24 06:30', 2026-11-24T06:30:00Z)",
    ],
    [["-n", "-5"], "no number of lines: -5"],
    [["-t", "stardate"], "no form of a moment: stardate (there are local, iso, raw, none)"],
    [["--grep", "("], "no regular expression: ( (Unmatched ( or \\()"],
  ] as const;
  for (const [args, message] of cases) {
    const { code, stderr } = await run(HEXAD, ["logs", ...args, tree.path("open")]);
    assertEquals([code, stderr.split("\n")[0]], [100, `hexad logs: fatal: ${message}`]);
  }
});
