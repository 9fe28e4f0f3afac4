/**
 * Scripts and values that nobody would write: our parser accepts what C's execlineb accepts and
 * makes the same words of it, and our substitution gives the same words as C's define. C runs over
 * a directory of scripts in one go; ours is called as a function.
 */
import { assertEquals } from "@std/assert";
import { parseScript, ScriptError } from "../../lib/execline/core/execline_script.ts";
import { substitute } from "../../lib/execline/core/execline_substitution.ts";
import { toBytes, transformValue } from "../../lib/execline/core/execline_value.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { Words } from "../../lib/execline/core/words.ts";
import { run } from "../fixture/command.ts";
import { makeTree } from "../fixture/tree.ts";
import { PARSER_CASES } from "../interop/execline/cases/parser_cases.ts";
import { THEIR_SIDE } from "../interop/execline/outcome.ts";
import type { Dice } from "./dice.ts";
import { findsTest, fuzzTest } from "./fuzz_test_case.ts";
import type { Fuzzer, Round } from "./fuzzer.ts";
import { mutated } from "./mutation.ts";
import { PlantedTools } from "./planted.ts";

/** In a round: C's side of each is a process. */
const SCRIPTS = 120;
const SUBSTITUTIONS = 60;
/** The words that follow, each behind a newline and before a NUL. With no words, one empty one. */
const PRINTER = ["/usr/bin/printf", "\n%s\0"];

/** One character a byte. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const PIECES = [
  ...' \n\t#"""\\\\\\\\{}{}abfnrtvxcdeAF0123456789$zZ\r\v\x7f\xff\xc3\xa9',
  " { ",
  " } ",
  "\n{\n",
  " }\n",
  "\\\n",
  "\\0x",
  "\\0",
  "\\6",
  "\\25",
  '\\"',
  '" ',
  ' "',
  "\\{",
  "\\}",
  "{\\",
  "}\\",
  "{\\\n",
  "}#",
  '{"',
  "\\x",
] as const;

function randomScript(dice: Dice): string {
  let text = "";
  for (let i = dice.below(24); i > 0; i--) text += dice.pick(PIECES);
  if (dice.onceIn(60)) text += "\0 a";
  // unbalanced blocks are an error soon: most scripts get what they lack
  const open = dice.onceIn(4) ? 0 : text.split(" { ").length - text.split(" } ").length;
  return open > 0 ? text + " } ".repeat(open) : text;
}

/** A script that somebody could have written, with a mistake in it. */
function brokenScript(dice: Dice): Uint8Array<ArrayBuffer> {
  const written = dice.pick(PARSER_CASES).script ?? "";
  return mutated(bytesOf(written), dice, PIECES);
}

/**
 * The outcome of C's execlineb for each script: what it printed, or undefined if it did not take
 * it.
 */
async function cOutcomes(
  scripts: readonly Uint8Array<ArrayBuffer>[],
): Promise<(string | undefined)[]> {
  using tree = makeTree({ "out/": "" });
  scripts.forEach((script, i) => Deno.writeFileSync(tree.path(String(i)), script));
  const loop =
    `i=0; while [ $i -lt ${scripts.length} ]; do "$0" -P $i >out/$i 2>/dev/null || echo $? >out/$i; i=$((i+1)); done`;
  const { code, stderr } = await run("/bin/sh", ["-c", loop, "/usr/bin/execlineb"], {
    cwd: tree.root,
    env: { PATH: `${THEIR_SIDE.links}:/usr/bin:/bin` },
    timeoutMs: 300_000,
  });
  assertEquals([code, stderr], [0, ""]);
  const latin1 = new TextDecoder("latin1");
  return scripts.map((_, i) => {
    const text = latin1.decode(tree.bytes(`out/${i}`));
    return text.startsWith("\n") ? text : undefined;
  });
}

/** The same from our parser, and our words. */
function printed(words: readonly string[]): string {
  const latin1 = new TextDecoder("latin1");
  return (words.length === 0 ? [""] : words).map((word) => `\n${latin1.decode(encodePath(word))}\0`)
    .join("");
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}

async function compareScripts({ dice, step, parse }: ExeclineRound): Promise<void> {
  const head = `${PRINTER[0]} "\\n%s\\\\0" `;
  const scripts = dice.times(
    SCRIPTS,
    () =>
      dice.onceIn(5) ? join(bytesOf(head), brokenScript(dice)) : bytesOf(head + randomScript(dice)),
  );
  step(`${SCRIPTS} scripts`);
  const theirs = await cOutcomes(scripts);
  scripts.forEach((script, i) => {
    const ours = wordsOf(script, parse)?.slice(2);
    assertEquals([script, ours && printed(ours)], [script, theirs[i]]);
  });
}

function join(head: Uint8Array, rest: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...head, ...rest]);
}

function wordsOf(script: Uint8Array, parse: Parse): readonly string[] | undefined {
  try {
    return parse(script, "script").texts;
  } catch (error) {
    if (error instanceof ScriptError) return undefined;
    throw error;
  }
}

const WORD_PIECES = [
  "$",
  "$",
  "${",
  "}",
  "{",
  "\\",
  "\\",
  "\\\\",
  "X",
  "Y",
  "XY",
  "a",
  " ",
  "$X",
  "${X}",
  "\\$X",
  "\\${Y}",
  "/",
  "é",
  ":",
] as const;
const VALUE_PIECES = [
  "a",
  "b",
  " ",
  "  ",
  "\n",
  "\t",
  ":",
  "::",
  ",",
  "é",
  "$X",
  "1:a,",
  "3:a b,",
  "\\",
  "0:,",
] as const;
const DELIMITERS = [undefined, undefined, ":", ":,", "", "é", "a "] as const;

interface Definition {
  readonly flags: string;
  readonly delimiters: string | undefined;
  readonly value: string;
  readonly words: readonly string[];
}

function randomText(dice: Dice, pieces: readonly string[], most: number): string {
  return dice.times(dice.below(most), () => dice.pick(pieces)).join("");
}

function randomDefinition(dice: Dice): Definition {
  return {
    flags: [..."sCn"].filter(() => dice.onceIn(2)).join(""),
    delimiters: dice.pick(DELIMITERS),
    value: randomText(dice, VALUE_PIECES, 7),
    words: dice.times(1 + dice.below(3), () => randomText(dice, WORD_PIECES, 8)),
  };
}

function scriptFor({ flags, delimiters, value, words }: Definition): Uint8Array<ArrayBuffer> {
  const options = [
    ...(flags === "" ? [] : [`-${flags}`]),
    ...(delimiters === undefined ? [] : ["-d", quoted(delimiters)]),
    "--",
  ].join(" ");
  return encodePath(
    `define ${options} X ${quoted(value)} ${PRINTER[0]} "\\n%s\\\\0" ${
      words.map(quoted).join(" ")
    }`,
  );
}

function substituted({ flags, delimiters, value, words }: Definition): string | undefined {
  const [crunch, chomp, split] = [..."Cns"].map((flag) => flags.includes(flag)) as [
    boolean,
    boolean,
    boolean,
  ];
  try {
    const values = transformValue(value, {
      delimiters: delimiters ?? " \n\r\t",
      crunch,
      chomp,
      split,
    });
    return printed(substitute(new Words(words), new Map([["X", values]])).texts);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Is the value to be netstrings, and comes one without a length before one that is wrong? */
function lacksLength({ flags, delimiters, value }: Definition): boolean {
  if (delimiters !== "" || !flags.includes("s")) return false;
  let rest = toBytes(value);
  for (let sound = true; sound;) {
    const length = /^([0-9]+):/.exec(rest);
    const end = length === null ? 0 : length[0].length + Number(length[1]);
    sound = length !== null && rest[end] === ",";
    if (sound) rest = rest.slice(end + 1);
  }
  return rest.startsWith(":");
}

async function compareSubstitutions({ dice, step }: ExeclineRound): Promise<void> {
  const definitions = dice.times(SUBSTITUTIONS, () => randomDefinition(dice));
  step(`${SUBSTITUTIONS} definitions`);
  const theirs = await cOutcomes(definitions.map(scriptFor));
  definitions.forEach((definition, i) => {
    const ours = substituted(definition);
    // C takes the length of the netstring before it, from a variable that it has not set
    const expected = lacksLength(definition) ? undefined : theirs[i];
    assertEquals([definition, ours], [definition, expected]);
  });
}

interface ExeclineRound extends Round {
  readonly parse: Parse;
}

type Parse = typeof parseScript;

function execline(name: string, parse: Parse): Fuzzer {
  return {
    name,
    file: "tests/fuzz/execline_test.ts",
    async play(round): Promise<void> {
      await compareScripts({ ...round, parse });
      await compareSubstitutions({ ...round, parse });
    },
  };
}

fuzzTest(execline("execline beside C", parseScript));

const HASTY: Parse = (script, ...rest) =>
  parseScript(script.map((byte) => byte === 0x0b ? 0x20 : byte), ...rest);

findsTest(execline("execline beside C", HASTY), {
  what: "a parser that takes a vertical tab for a blank",
  plant: () => new PlantedTools({}),
  says: /seed/,
});
