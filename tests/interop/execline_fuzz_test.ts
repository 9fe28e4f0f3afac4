/**
 * Scripts and values that nobody would write: our parser accepts what C's execlineb accepts and
 * makes the same words of it, and our substitution gives the same words as C's define. C runs over
 * a directory of scripts in one go; ours is called as a function.
 */
import { assertEquals } from "@std/assert";
import { parseScript, ScriptError } from "../../lib/execline/core/execline_script.ts";
import { substitute } from "../../lib/execline/core/execline_substitution.ts";
import { transformValue } from "../../lib/execline/core/execline_value.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { Words } from "../../lib/execline/core/words.ts";
import { run } from "../fixture/command.ts";
import { makeTree } from "../fixture/tree.ts";
import { seededRandom } from "../unit/core/seeded_random.ts";
import { THEIR_SIDE } from "./execline/outcome.ts";

const SEED = 20260115;
const SCRIPTS = 3000;
const SUBSTITUTIONS = 1500;
/** The words that follow, each behind a newline and before a NUL. With no words, one empty one. */
const PRINTER = ["/usr/bin/printf", "\n%s\0"];

type Random = (below: number) => number;

/** One character a byte. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)]!;
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

function randomScript(random: Random): string {
  let text = "";
  for (let i = random(24); i > 0; i--) text += pick(random, PIECES);
  if (random(60) === 0) text += "\0 a";
  // unbalanced blocks are an error soon: most scripts get what they lack
  const open = random(4) === 0 ? 0 : text.split(" { ").length - text.split(" } ").length;
  return open > 0 ? text + " } ".repeat(open) : text;
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

Deno.test("3000 random scripts: the same acceptance and the same words as C's execlineb", async () => {
  const random = seededRandom(SEED);
  const head = `${PRINTER[0]} "\\n%s\\\\0" `;
  const scripts = Array.from({ length: SCRIPTS }, () => bytesOf(head + randomScript(random)));
  const theirs = await cOutcomes(scripts);
  let accepted = 0;
  scripts.forEach((script, i) => {
    const ours = wordsOf(script)?.slice(2);
    if (ours !== undefined) accepted += 1;
    assertEquals([script, ours && printed(ours)], [script, theirs[i]]);
  });
  // a generator whose scripts were all wrong, or all right, would show little
  if (accepted < SCRIPTS / 4 || accepted > SCRIPTS * 0.9) {
    throw new Error(`${accepted} of ${SCRIPTS} accepted`);
  }
});

function wordsOf(script: Uint8Array): readonly string[] | undefined {
  try {
    return parseScript(script, "script").texts;
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

function randomText(random: Random, pieces: readonly string[], most: number): string {
  return Array.from({ length: random(most) }, () => pick(random, pieces)).join("");
}

function randomDefinition(random: Random): Definition {
  return {
    flags: [..."sCn"].filter(() => random(2) === 0).join(""),
    delimiters: pick(random, DELIMITERS),
    value: randomText(random, VALUE_PIECES, 7),
    words: Array.from({ length: 1 + random(3) }, () => randomText(random, WORD_PIECES, 8)),
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

Deno.test("1500 random definitions: the same words as C's define", async () => {
  const random = seededRandom(SEED + 1);
  const definitions = Array.from({ length: SUBSTITUTIONS }, () => randomDefinition(random));
  const theirs = await cOutcomes(definitions.map(scriptFor));
  definitions.forEach((definition, i) =>
    assertEquals([definition, substituted(definition)], [definition, theirs[i]])
  );
});
