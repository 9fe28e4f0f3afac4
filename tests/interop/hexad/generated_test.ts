/**
 * What `hexad new` and `hexad import` write is executed: each option and each pair of options, in
 * sh under dash and under busybox, and in execline. A probe at the end of each chain tells what it
 * was given.
 */
import { assertEquals } from "@std/assert";
import { main } from "../../../cmd/hexad/new.ts";
import type { Context } from "../../../cmd/context.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { comparable, makeStage } from "../origins/stage.ts";
import type { Seen } from "../origins/input.ts";

requireToolset(OURS);

interface Option {
  readonly words: readonly string[];
  /** What it does to what the probe sees. */
  readonly sees?: Partial<Pick<Seen, "cwd" | "uid" | "gid" | "argv">>;
  readonly variable?: string;
  /** Options of which only one can be given. */
  readonly family?: string;
}

const NOBODY = { uid: [65534, 65534, 65534] };

const OPTIONS: readonly Option[] = [
  { words: ["--user", "nobody"], sees: { ...NOBODY, gid: [65534, 65534, 65534] }, family: "user" },
  { words: ["--user", "nobody:daemon"], sees: { ...NOBODY, gid: [1, 1, 1] }, family: "user" },
  {
    words: ["--user", "1234"],
    sees: { uid: [1234, 1234, 1234], gid: [1234, 1234, 1234] },
    family: "user",
  },
  {
    words: ["--user", "1234:1235"],
    sees: { uid: [1234, 1234, 1234], gid: [1235, 1235, 1235] },
    family: "user",
  },
  { words: ["--user", ":mail"], sees: { gid: [8, 8, 8] }, family: "user" },
  { words: ["--chdir", "/usr"], sees: { cwd: "/usr" } },
  { words: ["--env", "A=b c "], variable: "A=b c " },
  { words: ["--env", "UID=7"], variable: "UID=7" },
  { words: ["--notify", "5"], family: "ready" },
  { words: ["--check", "test -e ./run"], family: "ready" },
  { words: ["--log-dir", "ROOT/made/NAME/log"], family: "log" },
  { words: ["--log-dir", "./a/b", "--log-user", "daemon:mail"], family: "log" },
  { words: ["--prefix"], family: "log" },
  { words: ["--prefix", "--log-dir", "./a/b"], family: "log" },
  { words: ["--log-form", "process", "--log-dir", "ROOT/made/NAME/log"], family: "log" },
  {
    words: ["--log-form", "process", "--log-dir", "./a/b", "--log-user", "nobody:daemon"],
    family: "log",
  },
];

/** How the program is given, and what it is called with. */
const COMMANDS: readonly (readonly [words: readonly string[], args: readonly string[]])[] = [
  [["--", "PROBE", "two words", "it's $X", ""], ["two words", "it's $X", ""]],
  [["--cmd", "PROBE 'two words' \"$WORD\""], ["two words", "word"]],
  [["--cmd", "cd . && X=1 PROBE $WORD >/dev/null"], ["word"]],
];

const LANGUAGES: readonly (readonly [language: string, words: readonly string[]])[] = [
  ["dash", ["--interpreter", "/bin/dash"]],
  ["busybox sh", ["--interpreter", "BUSYBOX"]],
  ["execline", ["--execline", "--interpreter", OURS.bin("execlineb")]],
];

interface Made {
  readonly name: string;
  readonly options: readonly Option[];
  readonly args: readonly string[];
  readonly words: readonly string[];
}

/** Every option alone, in each language, and each pair that can be given at once, in one of them. */
function services(): Made[] {
  const sets: { readonly options: readonly Option[]; readonly languages: readonly number[] }[] = [];
  const all = LANGUAGES.map((_, i) => i);
  for (const option of OPTIONS) sets.push({ options: [option], languages: all });
  for (const [i, one] of OPTIONS.entries()) {
    for (const other of OPTIONS.slice(i + 1)) {
      if (one.family !== undefined && one.family === other.family) continue;
      sets.push({ options: [one, other], languages: [sets.length % LANGUAGES.length] });
    }
  }
  return sets.flatMap(({ options, languages }, i) =>
    languages.map((language): Made => {
      const [command, args] =
        COMMANDS[Math.floor(i / LANGUAGES.length + language) % COMMANDS.length]!;
      const name = `n${i}-${language}`;
      const words = options.flatMap((option) => option.words);
      return {
        name,
        options,
        args,
        words: [...LANGUAGES[language]![1], ...words, name, ...command],
      };
    })
  );
}

/** `hexad new`, within this process. */
async function create(argv: readonly string[]): Promise<void> {
  const said: string[] = [];
  const context: Context = {
    program: "hexad new",
    argv,
    env: new Map([["PATH", OURS.bin("").slice(0, -1)]]),
    stdin: 0,
    stdout: 1,
    stderr: 2,
    out: () => {},
    warn: (text) => void said.push(text),
    info: () => {},
  };
  assertEquals(await main(context), 0, argv.join(" "));
  const faults = said.filter((text) => / error: /.test(text));
  assertEquals(faults, [], argv.join(" "));
}

Deno.test("generated: hexad new, each option and each pair, is executed", async () => {
  const made = services();
  await using stage = await makeStage(made.map(({ name }) => name));
  const { tree } = stage;
  tree.add({ "busybox/sh=": "/bin/busybox" });
  for (const { name, words } of made) {
    await create([
      ...["-C", tree.path("scan")],
      ...words.map((word) =>
        stage.filled(word, name).replaceAll("NAME", name).replaceAll(
          "BUSYBOX",
          tree.path("busybox/sh"),
        )
      ),
    ]);
  }
  const names = made.map(({ name }) => name);
  const seen = await stage.perform([OURS.bin("s6-svscan"), tree.path("scan")], names);
  for (const { name, options, args, words } of made) {
    const found = comparable(seen.get(name)!, stage, tree.path("scan", name));
    const label = words.join(" ");
    assertEquals(found.argv.slice(1), args, label);
    for (const { sees = {}, variable } of options) {
      for (const [key, value] of Object.entries(sees)) {
        assertEquals(found[key as keyof Seen], value, `${label}: ${key}`);
      }
      if (variable !== undefined) {
        assertEquals(found.environment.filter((text) => text === variable), [variable], label);
      }
    }
  }
});
