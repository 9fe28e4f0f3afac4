/** The programs that read what others have written, each with files that are mostly right. */
import { assertEquals, assertNotMatch } from "@std/assert";
import { STACK_TRACE } from "../fault/patient.ts";
import { type Result, run } from "../fixture/command.ts";
import { ROOT, THEIRS, type Toolset } from "../fixture/toolset.ts";
import type { Tree, TreeSpec } from "../fixture/tree.ts";
import { BROKEN } from "../unit/check/broken_directories.ts";
import { SOUND } from "../unit/check/sound_directories.ts";
import { runAWhile } from "./endless_reader.ts";
import type { Round } from "./fuzzer.ts";
import { makeMutatedTree, told } from "./mutated_tree.ts";
import { LIMIT_MS } from "./obeying.ts";

/** A line that is no message: what a crash leaves. */
function assertPlain(what: string, { stderr }: Result): void {
  assertNotMatch(stderr, STACK_TRACE, what);
}

/** Runs one of our programs: no stack trace, and one of these exit codes. */
export async function runReader(
  ours: Toolset,
  words: readonly string[],
  tree: Tree,
  codes: readonly number[],
): Promise<Result> {
  const [program = "", ...args] = words;
  const result = await run(ours.bin(program), args, { cwd: tree.root, timeoutMs: LIMIT_MS });
  assertPlain(words.join(" "), result);
  if (!codes.includes(result.code)) {
    throw new Error(`${words.join(" ")} exited ${result.code}: ${result.stderr}`);
  }
  return result;
}

const SERVICEDIR_WORDS = [
  "SIGTERM",
  "on-failure",
  "#!/bin/sh\n",
  "exec ",
  "\r\n",
  "0",
  "-1",
  "5/60",
  "{ ",
  " }",
  "$X",
  "'",
  '"',
  "\\",
];

export async function fuzzCheck({ dice, ours, step }: Round): Promise<void> {
  const { spec, operand } = dice.pick([...SOUND, ...BROKEN]);
  const { tree, mutations } = makeMutatedTree(spec, dice, { words: SERVICEDIR_WORDS });
  using _ = tree;
  step(`hexad check ${operand}: ${told(mutations)}`);
  const { stdout } = await runReader(ours, ["hexad", "check", "-j", operand], tree, [
    0,
    1,
    100,
    111,
  ]);
  if (stdout !== "") JSON.parse(stdout);
}

const CONFIGURATIONS = `${ROOT}/tests/unit/importer/configurations`;
const IMPORT_WORDS = [
  "[program:x]",
  "../../",
  "/",
  "%(here)s",
  "${X:-y}",
  "ExecStart=",
  "User=",
  "chpst -u ",
  "'",
  '"',
  "\\\n",
  "numprocs=",
  ":",
  "=",
  "\n[",
];

/** Files below a directory, as a spec. */
function specOf(directory: string, prefix: string): TreeSpec {
  const spec: Record<string, string> = {};
  for (const { name, isDirectory, isFile } of Deno.readDirSync(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) Object.assign(spec, specOf(path, `${prefix}/${name}`));
    else if (isFile) {
      spec[`${prefix}/${name}${(Deno.statSync(path).mode! & 0o100) === 0 ? "" : "!"}`] = Deno
        .readTextFileSync(path);
    }
  }
  return spec;
}

const FORMATS = ["supervisord", "procfile", "runit", "systemd"] as const;

export async function fuzzImport({ dice, ours, step }: Round): Promise<void> {
  const format = dice.pick(FORMATS);
  const entries = [...Deno.readDirSync(`${CONFIGURATIONS}/${format}`)].map(({ name }) => name)
    .filter((name) => !name.endsWith(".golden"));
  const name = dice.pick(entries.sort());
  const path = `${CONFIGURATIONS}/${format}/${name}`;
  const spec = Deno.statSync(path).isDirectory
    ? specOf(path, `in/${name}`)
    : { [`in/${name}`]: Deno.readTextFileSync(path) };
  const { tree, mutations } = makeMutatedTree(spec, dice, { words: IMPORT_WORDS });
  using _ = tree;
  tree.add({ "deep/below/out/": "" });
  step(`hexad import ${format}/${name}: ${told(mutations)}`);
  const words = [
    "hexad",
    "import",
    "-f",
    format,
    ...(dice.onceIn(2) ? ["-x"] : []),
    "-t",
    "deep/below/out",
    `in/${name}`,
  ];
  await runReader(ours, words, tree, [0, 1, 100, 111]);
  const made = ["", "deep", "deep/below"].flatMap((place) =>
    [...Deno.readDirSync(tree.path(place))].map((entry) => entry.name)
  );
  assertEquals(
    made.filter((entry) => !/^(in|deep|below|out|behind-.*)$/.test(entry)),
    [],
    "made outside of the directory it was told",
  );
}

function lines(mark: string, from: number): string {
  const stamp = (at: number): string =>
    `@4000000069${(0x100000 + at).toString(16)}00000000`.slice(0, 25);
  return Array.from({ length: 12 }, (_, at) => `${stamp(from + at)} ${mark}-${at}\n`).join("");
}

const LOGS: TreeSpec = {
  "ill/current": lines("ill", 40),
  "ill/@400000006910001400000000.s": lines("old", 20),
  "ill/@400000006910000a00000000.u": lines("older", 0),
  "ill/state": "",
  "well/current": lines("well", 35),
};
const LOG_WORDS = [
  "@400000006910002000000000 ",
  "@4",
  "2026-01-01 00:00:00.000000000 ",
  "\n",
  "\0",
  "\x1f\x8b\b\0",
  "@ffffffffffffffffffffffff ",
];

export async function fuzzLogs({ dice, ours, step }: Round): Promise<void> {
  const { tree, mutations } = makeMutatedTree(LOGS, dice, {
    words: LOG_WORDS,
    only: (path) => path.startsWith("ill/"),
  });
  using _ = tree;
  const words = dice.pick([["-n", "all"], ["-n", "40", "-j"], ["-g", "-", "-t", "iso"], [
    "--since",
    "@400000006910000000000000",
    "-j",
  ]]);
  step(`hexad logs ${words.join(" ")}: ${told(mutations)}`);
  const args = ["logs", ...words, "./ill", "./well"];
  if (told(mutations).includes("a huge file")) {
    const { code, stderr } = await runAWhile(ours.bin("hexad"), args, tree.root);
    assertNotMatch(stderr, STACK_TRACE, args.join(" "));
    // unless another mutation keeps it from reading at all
    if (code !== undefined && ![0, 111].includes(code)) {
      throw new Error(`hexad ${args.join(" ")} exited ${code}: ${stderr}`);
    }
    return;
  }
  const { stdout } = await runReader(ours, ["hexad", ...args], tree, [0, 111]);
  if (words.includes("-j")) {
    stdout.split("\n").filter((line) => line !== "").forEach((line) => JSON.parse(line));
  }
  if (words[1] === "40") return; // whose lines are the last is anybody's guess
  const missing = Array.from({ length: 12 }, (_, at) => `well-${at}`).filter((line) =>
    !stdout.includes(line)
  );
  assertEquals(missing, [], `lines of the other log are missing in: ${stdout}`);
}

const ENVDIR: TreeSpec = {
  "env/NAME": "value\n",
  "env/EMPTY": "",
  "env/LINES": "first \t \nsecond\n",
  "env/NUL": "a\0b\n",
  "env/PATH": "/bin\n",
};

/** The same variables as C's, or both refuse. */
export async function fuzzEnvdir({ dice, ours, step }: Round): Promise<void> {
  const { tree, mutations } = makeMutatedTree(ENVDIR, dice, {
    words: ["\n", "\0", " ", "=", "\t"],
  });
  using _ = tree;
  step(`s6-envdir: ${told(mutations)}`);
  const args = ["-n", "env", "/usr/bin/env", "-0"].slice(dice.below(2));
  const own = await runReader(ours, ["s6-envdir", ...args], tree, [0, 111]);
  // where C waits, or reads for ever
  if (mutations.some(({ what }) => what.startsWith("a ") || what.startsWith("an "))) return;
  const theirs = await run(THEIRS.bin("s6-envdir"), args, { cwd: tree.root, timeoutMs: LIMIT_MS });
  // those that a shell in between adds are none of the directory's
  const variables = ({ stdout }: Result): string[] =>
    stdout.split("\0").filter((one) => !/^(OLDPWD|PWD|SHLVL|_)=/.test(one)).sort();
  assertEquals([own.code, variables(own)], [theirs.code, variables(theirs)]);
}

const SOURCES: TreeSpec = {
  "src/web/type": "longrun\n",
  "src/web/run": "#!/bin/sh\nexec sleep 1000\n",
  "src/web/notification-fd": "3\n",
  "src/web/timeout-up": "5000\n",
  "src/web/dependencies.d/setup": "",
  "src/web/producer-for": "web-log\n",
  "src/web-log/type": "longrun\n",
  "src/web-log/run": "#!/bin/sh\nexec cat\n",
  "src/web-log/consumer-for": "web\n",
  "src/web-log/pipeline-name": "web-line\n",
  "src/setup/type": "oneshot\n",
  "src/setup/up": "foreground { echo one } if { true } echo two\n",
  "src/setup/down": "echo down\n",
  "src/setup/timeout-down": "0\n",
  "src/all/type": "bundle\n",
  "src/all/contents.d/web": "",
  "src/all/contents": "setup\n",
  "src/all/flag-essential": "",
};
const SOURCE_WORDS = [
  "longrun",
  "oneshot",
  "bundle",
  "web\n",
  "setup\n",
  "all\n",
  "s6rc-oneshot-runner\n",
  "{ ",
  " }",
  "#",
  "\n\n",
  "/",
];

/** A database that can be read and is consistent, or none. */
export async function fuzzCompile({ dice, ours, step }: Round): Promise<void> {
  const { tree, mutations } = makeMutatedTree(SOURCES, dice, { words: SOURCE_WORDS });
  using _ = tree;
  step(`s6-rc-compile: ${told(mutations)}`);
  const { code, stderr } = await runReader(ours, ["s6-rc-compile", "db", "src"], tree, [0, 1, 111]);
  if (code === 0) {
    await runReader(ours, ["s6-rc-db", "-c", "db", "check"], tree, [0]);
    await runReader(ours, ["s6-rc-db", "-c", "db", "list", "all"], tree, [0]);
    return;
  }
  assertEquals(
    [tree.exists("db"), /fatal: /.test(stderr)],
    [false, true],
    `a database, or no reason: ${stderr}`,
  );
}
