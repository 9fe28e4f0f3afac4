/** Scripts and inputs for s6-log, made from a seed. */
import { seededRandom } from "../unit/core/seeded_random.ts";

type Random = (below: number) => number;

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)]!;
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const ATOMS = [
  ..."aeGT 01:.-_",
  ".",
  "\\.",
  "[a-e]",
  "[^a-z]",
  "[[:digit:]]",
  "[[:space:]]",
  "(GET|POST)",
  "(a|b|)",
  "(er)+",
  "error",
  "[]x]",
  "\t",
] as const;
const REPEATS = ["", "", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}"] as const;

/** A POSIX extended regular expression that is one. */
export function regularExpression(random: Random): string {
  const body = times(random(4), () => pick(random, ATOMS) + pick(random, REPEATS)).join("");
  return `${random(5) === 0 ? "^" : ""}${body}${random(5) === 0 ? "$" : ""}`;
}

const WORDS = [
  "GET",
  "POST",
  "error",
  "warn",
  "a",
  "ab",
  "aaa",
  "42",
  "0",
  "x]",
  "fatal:",
  "\t",
  "é",
  ".",
  "-",
  "_",
  "time=12:01",
  "\r",
  "ÿþ",
] as const;

function textLine(random: Random, longest: number): string {
  if (random(12) === 0) return "";
  let line = "";
  for (const length = random(longest); line.length < length;) {
    line += pick(random, WORDS) + (random(3) === 0 ? "" : " ");
  }
  return line;
}

/** Any bytes but newlines, sometimes with NUL among them; a character each. */
function binaryLine(random: Random, longest: number): string {
  const low = random(4) === 0 ? 0 : 1;
  return times(random(longest), () => String.fromCharCode(low + random(256 - low))).join("")
    .replaceAll("\n", "n");
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export interface LogCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly input: Uint8Array<ArrayBuffer>;
}

/** Files that are small enough to be rotated often. */
function sizes(random: Random): string[] {
  const size = pick(random, [0, 4096, 5000, 10000]);
  return [`s${size}`, ...(random(2) === 0 ? [`l${random(2000)}`] : [])];
}

/** Numbers its places, so that no two log directories are one. */
class Script {
  readonly directives: string[] = [];
  readonly #random: Random;
  #places = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  add(...directives: readonly string[]): this {
    this.directives.push(...directives);
    return this;
  }

  selections(): this {
    const random = this.#random;
    for (let count = random(4); count > 0; count--) {
      const kind = random(8);
      this.add(
        kind === 0 ? "f" : kind === 1 ? "-" : `${kind < 5 ? "+" : "-"}${regularExpression(random)}`,
      );
    }
    return this;
  }

  controls(): this {
    const random = this.#random;
    const controls = [
      () => "t",
      () => "T",
      () => `p${pick(random, ["", "web:", "a b"])}`,
      () => `E${random(60)}`,
      () => `^${random(60)}`,
    ];
    for (let count = random(4); count > 0; count--) this.add(pick(random, controls)());
    return this;
  }

  action(kinds: string): this {
    const place = this.#places++;
    const kind = pick(this.#random, [...kinds]);
    return this.add(
      kind === "." ? `./log${place}` : kind === "=" ? `=status${this.#random(2)}` : kind,
    );
  }
}

/** A script with every kind of directive, and input that comes at once. */
export function generalCase(seed: number): LogCase {
  const random = seededRandom(seed);
  const options = times(
    random(3),
    () => pick(random, [["-b"], ["-q"], ["-v"], ["-l", String(random(300))], ["-p"], ["-bl0"]]),
  ).flat();
  const script = new Script(random).add("n100000");
  for (let stanzas = 1 + random(5); stanzas > 0; stanzas--) {
    script.selections();
    for (let actions = 1 + random(3); actions > 0; actions--) {
      script.controls().add(...sizes(random)).action("...12=");
    }
  }
  const line = random(4) === 0 ? binaryLine : textLine;
  const longest = pick(random, [8, 40, 120, 500]);
  const lines = times(random(6) === 0 ? random(3) : random(400), () => line(random, longest));
  const input = encode(lines.map((line) => `${line}\n`).join(""));
  return {
    name: `seed ${seed}: s6-log ${[...options, ...script.directives].join(" ")}`,
    args: [...options, "--", ...script.directives],
    input,
  };
}

/**
 * A script of log directories that are rotated and trimmed, and shows each line when all is done
 * with it; input that comes line by line.
 */
export function rotationCase(seed: number): LogCase {
  const random = seededRandom(seed);
  const script = new Script(random);
  for (let stanzas = 1 + random(3); stanzas > 0; stanzas--) {
    script.selections();
    const limits = [`n${random(6)}`, `S${pick(random, [0, 0, 9000, 20000])}`];
    for (let actions = 1 + random(2); actions > 0; actions--) {
      script.add(...limits).controls().add(...sizes(random)).action("...=");
    }
  }
  script.add("p", "+", "1");
  const input = encode(
    times(40 + random(40), () => `${textLine(random, pick(random, [20, 1500]))}\n`).join(""),
  );
  return {
    name: `seed ${seed}: s6-log ${script.directives.join(" ")}`,
    args: ["--", ...script.directives],
    input,
  };
}
