import { assertEquals, assertThrows } from "@std/assert";
import { evaluateExpression } from "../../../../lib/utilities/core/integer_expression.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const VALUES: readonly (readonly [expression: string, value: bigint])[] = [
  ["7", 7n],
  ["-0", 0n],
  ["+0012", 12n],
  ["1 + 2 * 3", 7n],
  ["( 1 + 2 ) * 3", 9n],
  ["2 * ( ( 3 ) )", 6n],
  ["10 - 3 - 2", 5n],
  ["100 / 10 / 3", 3n],
  ["7 % 4 * 2", 6n],
  ["-7 / 2", -3n],
  ["-7 % 3", -1n],
  ["7 % -3", 1n],
  ["1 + 1 = 2", 1n],
  ["2 > 1 > 0", 1n],
  ["1 != 1", 0n],
  ["3 <= 2", 0n],
  ["0 | 5", 5n],
  ["3 | 5", 3n],
  ["3 & 5", 3n],
  ["3 & 0", 0n],
  ["1 | 2 & 0", 1n],
  ["1 = 2 | 5 > 3 & 7", 1n],
  ["1 | 1 / 0", 1n],
  ["0 & 1 / 0", 0n],
  ["0 & 1 % 0 + 5", 0n],
  ["9223372036854775807 + 1", -9223372036854775808n],
  ["-9223372036854775808 / -1", -9223372036854775808n],
  ["-9223372036854775808 % -1", 0n],
];

for (const [expression, value] of VALUES) {
  Deno.test(`evaluateExpression(): ${expression} is ${value}`, () =>
    assertEquals(evaluateExpression(expression.split(" ")), value));
}

const INVALID: readonly (readonly [expression: string, message: string])[] = [
  ["1 +", "it ends where a number or ( is due"],
  ["+ 1", "+ as word 1, where a number or ( is due"],
  ["1 2", "2 as word 2, where an operator is due"],
  ["( )", ") as word 2, where a number or ( is due"],
  ["( 1", "a ) is missing"],
  ["1 )", ") as word 2, where an operator or the end is due"],
  ["1 ( 2 )", "( as word 2, where an operator is due"],
  ["12x", "12x is neither a whole number nor an operator"],
  ["1.5", "1.5 is neither a whole number nor an operator"],
];

for (const [expression, message] of INVALID) {
  Deno.test(`evaluateExpression(): ${expression}: ${message}`, () => {
    assertEquals(
      assertThrows(() => evaluateExpression(expression.split(" ")), SyntaxError).message,
      message,
    );
  });
}

Deno.test("evaluateExpression(): nothing is no expression", () =>
  void assertThrows(() => evaluateExpression([]), SyntaxError));

for (
  const expression of [
    "1 / 0",
    "1 % 0",
    "0 | 1 / 0",
    "1 & 1 / 0",
    "1 / 0 & 0",
    "1 / 0 | 1",
    "9223372036854775808",
    "1 / 0 = 1 / 0",
  ]
) {
  Deno.test(`evaluateExpression(): ${expression} is out of range`, () =>
    void assertThrows(() => evaluateExpression(expression.split(" ")), RangeError));
}

Deno.test("evaluateExpression(): however deep or long it is", () => {
  const deep = [...Array(200_000).fill("("), "5", ...Array(200_000).fill(")")];
  assertEquals(evaluateExpression(deep), 5n);
  assertEquals(evaluateExpression(["1", ...Array(200_000).fill(["+", "1"]).flat()]), 200_001n);
});

/**
 * A random expression, fully in parentheses, and its value by JavaScript's own arithmetic;
 * undefined: a division by zero is needed.
 */
function randomTree(
  random: (below: number) => number,
  depth: number,
): { readonly words: string[]; readonly value: bigint | undefined } {
  if (depth === 0 || random(4) === 0) {
    const value = BigInt(random(7) - 2);
    return { words: [String(value)], value };
  }
  const left = randomTree(random, depth - 1);
  const right = randomTree(random, depth - 1);
  const operator = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "|",
    "&",
  ][random(13)]!;
  return {
    words: ["(", ...left.words, ")", operator, "(", ...right.words, ")"],
    value: applied(operator, left.value, right.value),
  };
}

function applied(
  operator: string,
  left: bigint | undefined,
  right: bigint | undefined,
): bigint | undefined {
  if (left === undefined) return undefined;
  if (operator === "|") return left !== 0n ? left : right;
  if (operator === "&") {
    return left === 0n ? 0n : right === undefined ? undefined : right === 0n ? 0n : left;
  }
  if (right === undefined) return undefined;
  if (operator === "/" || operator === "%") {
    return right === 0n ? undefined : operator === "/" ? left / right : left % right;
  }
  const truth = new Map([
    ["=", left === right],
    ["!=", left !== right],
    ["<", left < right],
    ["<=", left <= right],
    [">", left > right],
    [
      ">=",
      left >= right,
    ],
  ]).get(operator);
  if (truth !== undefined) return truth ? 1n : 0n;
  return BigInt.asIntN(
    64,
    operator === "+" ? left + right : operator === "-" ? left - right : left * right,
  );
}

Deno.test("evaluateExpression(): random expressions in parentheses have the value that arithmetic gives them", () => {
  const random = seededRandom(0xe4);
  for (let round = 0; round < 5000; round++) {
    const { words, value } = randomTree(random, 1 + random(5));
    if (value === undefined) {
      assertThrows(() => evaluateExpression(words), RangeError, "division by zero");
    } else assertEquals(evaluateExpression(words), value, words.join(" "));
  }
});
