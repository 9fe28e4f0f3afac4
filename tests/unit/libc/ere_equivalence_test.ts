/**
 * The translation of POSIX expressions is held against the C library: a table, and expressions made
 * at random.
 */
import { assert, assertEquals } from "@std/assert";
import { translateEre } from "../../../lib/core/regex/ere_translation.ts";
import { decodePath } from "../../../lib/core/text/path_bytes.ts";
import { Ere } from "../../../lib/libc/regex.ts";
import { seededRandom } from "../core/seeded_random.ts";
import { ERE_PATTERNS } from "./ere_patterns.ts";

const LINES_WRITTEN = [
  "",
  " ",
  "\t",
  "\r",
  "a\r",
  "fatal: out of memory",
  "STAT up",
  "2026-11-22 01:02:03 host sshd[123]: error: user=joe from 10.0.0.1 denied",
  '10.1.2.3 - - [22/Nov/2026] "GET /healthz HTTP/1.1" 503 12 "-" took 1234 ms',
  '{"level":"error","cost":"$3.50","id":"deadbeef0123"}',
  "<12>kern.err auth.info [error] (x) {y} 0xBEEF joe@example.org https://e.org/",
  "..",
  "xababy xaby xaaby xbby xacy xabcy",
  "a,b,c",
  "A\\B[C]^D$E|F*G+H?I(J)K{L}",
  "\x01\x7f\x80\xff",
  "caf\xc3\xa9",
  "a".repeat(200),
];

const BYTES = "aaabbbc .01-]}\r\x80\xff^$*|(";

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Lines in one block, and where each begins. */
class Lines {
  readonly lines: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(lines: readonly string[]) {
    this.lines = lines;
    this.bytes = bytesOf(lines.map((line) => `${line}\n`).join(""));
    this.#text = new TextDecoder("windows-1252").decode(this.bytes);
    let at = 0;
    this.#starts = lines.map((line) => (at += line.length + 1) - line.length - 1);
  }

  /** The lines that the C library matches. */
  matchedBy(ere: Ere): readonly string[] {
    return this.lines.filter((line, i) =>
      ere.testSpan(this.bytes, this.#starts[i]!, this.#starts[i]! + line.length)
    );
  }

  /** The lines that a translated expression finds. */
  foundBy(expression: RegExp): readonly string[] {
    if (expression.sticky) {
      return this.lines.filter((_, i) => {
        expression.lastIndex = this.#starts[i]!;
        return expression.test(this.#text);
      });
    }
    const found: string[] = [];
    expression.lastIndex = 0;
    for (let i = 0; i < this.lines.length && expression.test(this.#text); i++) {
      while (i + 1 < this.lines.length && this.#starts[i + 1]! <= expression.lastIndex) i++;
      if (expression.lastIndex >= this.bytes.length) break;
      found.push(this.lines[i]!);
      expression.lastIndex = this.#starts[i + 1] ?? this.bytes.length;
    }
    return found;
  }
}

/** Every short line over a few bytes, some at random, and some that were written. */
function manyLines(): Lines {
  const random = seededRandom(1);
  const lines = new Set(LINES_WRITTEN);
  for (const first of "abc .") {
    for (const second of "abc1") for (const third of "abc.") lines.add(first + second + third);
  }
  while (lines.size < 400) {
    lines.add(
      Array.from({ length: random(12) }, () => BYTES.charAt(random(BYTES.length))).join(""),
    );
  }
  return new Lines([...lines]);
}

const LINES = manyLines();

/**
 * Was the expression translated? @throws {AssertionError} If it then says something else than the C
 * library.
 */
function compare(text: string): boolean {
  const pattern = decodePath(bytesOf(text));
  const translated = translateEre(pattern);
  if (translated === undefined) return false;
  using ere = new Ere(pattern, { lines: true });
  assertEquals(LINES.foundBy(translated), LINES.matchedBy(ere), `${text} as ${translated.source}`);
  return true;
}

Deno.test("translateEre: each expression of the table that is translated finds the lines that the C library matches", () => {
  assert(ERE_PATTERNS.length > 900);
  assert(ERE_PATTERNS.filter(compare).length > 800);
});

const random = seededRandom(20261122);

function pick(choices: readonly string[]): string {
  return choices[random(choices.length)]!;
}

function repeated(max: number, part: () => string): string {
  return Array.from({ length: 1 + random(max) }, part).join("");
}

const CLASSES = [
  "alpha",
  "digit",
  "alnum",
  "upper",
  "lower",
  "space",
  "blank",
  "punct",
  "print",
  "graph",
  "cntrl",
  "xdigit",
];
const BRACKET_PARTS = [
  "a",
  "b",
  "\x80",
  "]",
  "-",
  "^",
  "[",
  "\\",
  "*",
  "a-c",
  "0-9",
  "\x80-\xff",
  "!-/",
  " -~",
  "[-a",
  "]-a",
  "+--",
];
const QUANTIFIERS = [
  "*",
  "+",
  "?",
  "{2}",
  "{1,2}",
  "{0,3}",
  "{2,}",
  "{0,1}",
  "{,2}",
  "{0}",
  "**",
  "{1",
];

function bracket(): string {
  const part = (): string => random(3) === 0 ? `[:${pick(CLASSES)}:]` : pick(BRACKET_PARTS);
  return `[${random(4) === 0 ? "^" : ""}${repeated(4, part)}]`;
}

function atom(depth: number): string {
  const kind = random(depth > 2 ? 10 : 13);
  if (kind < 5) return pick(["a", "b", "c", "a", " "]);
  if (kind === 5) return ".";
  if (kind === 6) return bracket();
  if (kind === 7) return `\\${pick([...'\\.[]{}()*+?^$|/-"#%&,:;=@_~! aw<`1'])}`;
  if (kind === 8) return pick(["^", "$"]);
  if (kind === 9) return pick([...BYTES]);
  return `(${expression(depth + 1)})`;
}

function expression(depth: number): string {
  const branch = (): string =>
    random(15) === 0
      ? ""
      : repeated(4, () => atom(depth) + (random(3) === 0 ? pick(QUANTIFIERS) : ""));
  let text = branch();
  while (random(4) === 0) text += `|${branch()}`;
  return text;
}

/** Characters in no order. */
function soup(): string {
  return repeated(8, () => pick([..."ab.*+?{}()[]^$|\\-1,:2 "]));
}

Deno.test("translateEre: expressions made at random find the lines that the C library matches, and none is translated that regcomp refuses", () => {
  let translated = 0;
  for (let i = 0; i < 1500; i++) {
    if (compare(random(5) === 0 ? soup() : expression(0))) translated++;
  }
  assert(translated > 400, String(translated));
});
