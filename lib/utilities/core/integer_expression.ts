/**
 * Arithmetic on 64-bit integers, one word each for numbers, operators and parentheses.
 *
 * From weakest to strongest, all from left to right: `|`, `&`, comparisons, `+ -`, `* / %`. A
 * comparison gives 1 or 0. `a | b` is `a` unless that is 0, then `b`; `a & b` is `a` if neither is
 * 0, else 0. What these two don't need may divide by zero. Source: s6-portable-utils,
 * doc/s6-expr.html, s6-expr.c; POSIX, expr. Pure.
 */

/** The result of a division by zero: an error only if it is needed in the end. */
const UNDEFINED = Symbol("division by zero");

type Value = bigint | typeof UNDEFINED;

interface Operator {
  /** The greater binds first. */
  readonly strength: number;
  readonly apply: (left: Value, right: Value) => Value;
}

function or(left: Value, right: Value): Value {
  return left === 0n ? right : left;
}

function and(left: Value, right: Value): Value {
  if (left === 0n || left === UNDEFINED) return left;
  return right === 0n || right === UNDEFINED ? right : left;
}

function arithmetic(operation: (left: bigint, right: bigint) => Value): Operator["apply"] {
  return (left, right) => {
    if (left === UNDEFINED || right === UNDEFINED) return UNDEFINED;
    const result = operation(left, right);
    return result === UNDEFINED ? result : BigInt.asIntN(64, result);
  };
}

function comparison(holds: (left: bigint, right: bigint) => boolean): Operator {
  return { strength: 3, apply: arithmetic((left, right) => holds(left, right) ? 1n : 0n) };
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["|", { strength: 1, apply: or }],
  ["&", { strength: 2, apply: and }],
  ["=", comparison((left, right) => left === right)],
  ["!=", comparison((left, right) => left !== right)],
  ["<", comparison((left, right) => left < right)],
  ["<=", comparison((left, right) => left <= right)],
  [">", comparison((left, right) => left > right)],
  [">=", comparison((left, right) => left >= right)],
  ["+", { strength: 4, apply: arithmetic((left, right) => left + right) }],
  ["-", { strength: 4, apply: arithmetic((left, right) => left - right) }],
  ["*", { strength: 5, apply: arithmetic((left, right) => left * right) }],
  ["/", {
    strength: 5,
    apply: arithmetic((left, right) => right === 0n ? UNDEFINED : left / right),
  }],
  ["%", {
    strength: 5,
    apply: arithmetic((left, right) => right === 0n ? UNDEFINED : left % right),
  }],
]);

/** What waits for its right side: an operator, or the bracket that hides those before it. */
type Waiting = Operator | "(";

/**
 * The value of an expression, in two's complement where it overflows. However deep it is nested, no
 * stack is used up.
 *
 * @throws {SyntaxError} If it is none.
 * @throws {RangeError} If a number has more than 64 bits, or zero is divided by.
 */
export function evaluateExpression(words: readonly string[]): bigint {
  const values: Value[] = [];
  const waiting: Waiting[] = [];
  let wantsOperand = true;
  const applyDownTo = (strength: number): void => {
    for (;;) {
      const operator = waiting.at(-1);
      if (operator === undefined || operator === "(" || operator.strength < strength) return;
      waiting.pop();
      const right = values.pop()!;
      values.push(operator.apply(values.pop()!, right));
    }
  };
  for (const [position, word] of words.entries()) {
    const operator = OPERATORS.get(word);
    if (wantsOperand) {
      if (word === "(") waiting.push("(");
      else if (operator !== undefined || word === ")") {
        throw unexpected(word, position, "a number or (");
      } else values.push(parseNumber(word));
      wantsOperand = word === "(";
    } else if (operator !== undefined) {
      applyDownTo(operator.strength);
      waiting.push(operator);
      wantsOperand = true;
    } else {
      if (word !== ")") throw unexpected(word, position, "an operator");
      applyDownTo(0);
      if (waiting.pop() === undefined) throw unexpected(word, position, "an operator or the end");
    }
  }
  if (wantsOperand) throw new SyntaxError("it ends where a number or ( is due");
  applyDownTo(0);
  if (waiting.length > 0) throw new SyntaxError("a ) is missing");
  const [value] = values;
  if (typeof value !== "bigint") throw new RangeError("division by zero");
  return value;
}

function unexpected(word: string, position: number, due: string): SyntaxError {
  return new SyntaxError(`${word} as word ${position + 1}, where ${due} is due`);
}

/** White space after the number is no part of it: it may come from a file. */
function parseNumber(word: string): bigint {
  const digits = /^([+-]?)([0-9]+)\s*$/.exec(word);
  if (digits === null) throw new SyntaxError(`${word} is neither a whole number nor an operator`);
  const value = BigInt(digits[2]!) * (digits[1] === "-" ? -1n : 1n);
  if (value !== BigInt.asIntN(64, value)) throw new RangeError(`${word} has more than 64 bits`);
  return value;
}
