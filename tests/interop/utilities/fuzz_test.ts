/**
 * Random input for what Debian's coreutils know too: s6-cut, s6-expr, s6-sort and s6-tail decide as
 * they do.
 */
import { assertEquals } from "@std/assert";
import { cutBytes, cutFields, parseCutList } from "../../../lib/utilities/core/cut.ts";
import { evaluateExpression } from "../../../lib/utilities/core/integer_expression.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { seededRandom } from "../../unit/core/seeded_random.ts";
import { runBytes } from "./utility_case.ts";

requireToolset(OURS);

const C_LOCALE = { PATH: "/usr/bin:/bin", LC_ALL: "C" };

type Random = (below: number) => number;

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)]!;
}

function wordOf(random: Random, letters: string, maxLength: number): string {
  return Array.from({ length: random(maxLength + 1) }, () => pick(random, [...letters])).join("");
}

function randomList(random: Random): string {
  const element = (): string => {
    const first = 1 + random(8);
    return pick(random, [`${first}`, `${first}-${first + random(5)}`, `${first}-`, `-${first}`]);
  };
  return Array.from({ length: 1 + random(4) }, element).join(",");
}

function cutAsWeDo(lines: readonly string[], list: string, by: "b" | "f"): string {
  const intervals = parseCutList(list);
  return lines.map((text) => {
    const line = Uint8Array.from(text, (character) => character.charCodeAt(0));
    let cut = "";
    const put = (bytes: Uint8Array): void => void (cut += String.fromCharCode(...bytes));
    if (by === "b") cutBytes(line, intervals, put);
    else if (!cutFields(line, intervals, { delimiter: ":".charCodeAt(0), put })) cut = text;
    return `${cut}\n`;
  }).join("");
}

Deno.test("cut: 300 random lists on 40 random lines each, as cut(1)", async () => {
  const random = seededRandom(0xc);
  for (let round = 0; round < 300; round++) {
    const lines = Array.from({ length: 40 }, () => wordOf(random, "a:b\xff", 14));
    const list = randomList(random);
    const by = pick(random, ["b", "f"] as const);
    const args = by === "b" ? ["-b", list] : ["-d:", "-f", list];
    const { stdout } = await runBytes("/usr/bin/cut", {
      args,
      stdin: lines.map((line) => `${line}\n`).join(""),
      env: C_LOCALE,
    });
    assertEquals(cutAsWeDo(lines, list, by), stdout, `cut ${args.join(" ")}`);
  }
});

/** An expression with parentheses only here and there, so that what binds first matters. */
function randomExpression(random: Random, depth: number): string[] {
  if (depth === 0 || random(5) === 0) return [String(random(9) - 2)];
  const left = randomExpression(random, depth - 1);
  const right = randomExpression(random, depth - 1);
  const whole = [
    ...left,
    pick(random, ["+", "-", "*", "/", "%", "=", "!=", "<", "<=", ">", ">=", "|", "&"]),
    ...right,
  ];
  return random(3) === 0 ? ["(", ...whole, ")"] : whole;
}

function valueAsWeSay(words: readonly string[]): string {
  try {
    return `${evaluateExpression(words)}\n`;
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

Deno.test("expr: 1000 random expressions, as expr(1)", async () => {
  const random = seededRandom(0xe);
  for (let round = 0; round < 1000; round++) {
    const words = randomExpression(random, 1 + random(4));
    const { stdout, code } = await runBytes("/usr/bin/expr", {
      args: ["--", ...words],
      env: C_LOCALE,
    });
    const value = valueAsWeSay(words);
    assertEquals(value, stdout, words.join(" "));
    assertEquals(code, value === "" ? 2 : value === "0\n" ? 1 : 0);
  }
});

const SORTS: readonly (readonly string[])[] = [[], ["-b"], ["-f"], ["-r"], ["-bf"], ["-fr"], [
  "-bfr",
]];

for (const args of SORTS) {
  Deno.test(`s6-sort ${args.join(" ")}: 5000 random lines, as sort -s`, async () => {
    const random = seededRandom(0x5);
    const stdin = Array.from({ length: 5000 }, () => `${wordOf(random, "abAB \t\xff", 6)}\n`).join(
      "",
    );
    const ours = await runBytes(OURS.bin("s6-sort"), { args, stdin });
    const theirs = await runBytes("/usr/bin/sort", { args: ["-s", ...args], stdin, env: C_LOCALE });
    assertEquals(ours.stdout, theirs.stdout);
  });
}

Deno.test("s6-tail, s6-head: random numbers of lines and bytes of random texts, as tail(1) and head(1)", async () => {
  const random = seededRandom(0x7);
  for (let round = 0; round < 30; round++) {
    const stdin = Array.from({ length: random(30) }, () => wordOf(random, "ab", 9)).join("\n") +
      pick(random, ["", "\n"]);
    const program = pick(random, ["head", "tail"]);
    const unit = pick(random, ["-n", "-c"]);
    const args = [unit, `${program === "tail" ? pick(random, ["", "+"]) : ""}${random(40)}`];
    const ours = await runBytes(OURS.bin(`s6-${program}`), { args, stdin });
    const theirs = await runBytes(`/usr/bin/${program}`, { args, stdin, env: C_LOCALE });
    assertEquals(ours, theirs, `${program} ${args.join(" ")} of ${JSON.stringify(stdin)}`);
  }
});
