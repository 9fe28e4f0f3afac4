/**
 * eltest: an expression about files, strings and numbers, as an exit code. Source: execline,
 * doc/eltest.html, eltest.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import {
  type BinaryOperator,
  type Expression,
  parseExpression,
  type UnaryOperator,
} from "./core/eltest_syntax.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { access, F_OK, R_OK, W_OK, X_OK } from "../libc/file.ts";
import { getegid, geteuid } from "../libc/process.ts";
import { Ere } from "../libc/regex.ts";
import {
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  type Stat,
  tryFileTimes,
  tryLstat,
  tryStat,
} from "../libc/stat.ts";
import { isTerminal } from "../libc/terminal.ts";
import { parseUint } from "../core/linux/config_file.ts";
import type { Link, LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { ownPath, type State } from "./state.ts";

const S_ISUID = 0o4000;
const S_ISGID = 0o2000;
const S_ISVTX = 0o1000;

/** eltest expression... */
export const eltest: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): LinkResult {
    if (words.length === 0) return 1;
    return evaluate(state, parse(words.texts)) ? 0 : 1;
  },
};

function parse(words: readonly string[]): Expression {
  try {
    return parseExpression(words);
  } catch (error) {
    if (error instanceof SyntaxError) throw new LinkFailure(EXIT_USAGE, error.message);
    throw error;
  }
}

function evaluate(state: State, expression: Expression): boolean {
  switch (expression.kind) {
    case "string":
      return expression.text !== "";
    case "unary":
      return evaluateUnary(state, expression.operator, expression.operand);
    case "binary":
      return evaluateBinary(expression.operator, expression.left, expression.right);
    case "not":
      return !evaluate(state, expression.operand);
    case "and":
      return evaluate(state, expression.left) && evaluate(state, expression.right);
    case "or":
      return evaluate(state, expression.left) || evaluate(state, expression.right);
  }
}

/** What the record of a file must be. */
const FILE_TESTS: Readonly<Record<string, (file: Stat) => boolean>> = {
  "-b": ({ mode }) => (mode & S_IFMT) === S_IFBLK,
  "-c": ({ mode }) => (mode & S_IFMT) === S_IFCHR,
  "-d": ({ mode }) => (mode & S_IFMT) === S_IFDIR,
  "-f": ({ mode }) => (mode & S_IFMT) === S_IFREG,
  "-p": ({ mode }) => (mode & S_IFMT) === S_IFIFO,
  "-S": ({ mode }) => (mode & S_IFMT) === S_IFSOCK,
  "-g": ({ mode }) => (mode & S_ISGID) !== 0,
  "-u": ({ mode }) => (mode & S_ISUID) !== 0,
  "-k": ({ mode }) => (mode & S_ISVTX) !== 0,
  "-s": ({ size }) => size > 0,
  "-O": ({ uid }) => uid === geteuid(),
  "-U": ({ uid }) => uid === geteuid(),
  "-G": ({ gid }) => gid === getegid(),
};

const ACCESS_TESTS: Readonly<Record<string, number>> = {
  "-e": F_OK,
  "-r": R_OK,
  "-w": W_OK,
  "-x": X_OK,
};

function evaluateUnary(state: State, operator: UnaryOperator, operand: string): boolean {
  switch (operator) {
    case "-n":
      return operand !== "";
    case "-z":
      return operand === "";
    case "-v":
      return state.env.get(operand) !== undefined;
    case "-t":
      return isTerminal(state.fd(descriptor(operator, operand)));
    case "-h":
    case "-L": {
      const link = tryLstat(operand);
      return typeof link !== "number" && (link.mode & S_IFMT) === S_IFLNK;
    }
    case "-N": {
      const times = tryFileTimes(operand);
      return typeof times !== "number" && times.modified > times.accessed;
    }
    default: {
      const path = ownPath(state, operand);
      const mode = ACCESS_TESTS[operator];
      if (mode !== undefined) return access(path, mode) === 0;
      const file = tryStat(path);
      return typeof file !== "number" && FILE_TESTS[operator]!(file);
    }
  }
}

function descriptor(operator: string, text: string): number {
  const number = parseUint(text);
  if (number === undefined) {
    throw new LinkFailure(EXIT_USAGE, `${operator} requires an integer argument`);
  }
  return number | 0;
}

function evaluateBinary(operator: BinaryOperator, left: string, right: string): boolean {
  switch (operator) {
    case "=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return compareBytes(left, right) < 0;
    case "<=":
      return compareBytes(left, right) <= 0;
    case ">":
      return compareBytes(left, right) > 0;
    case ">=":
      return compareBytes(left, right) >= 0;
    case "=~":
      return matches(left, right);
    case "-nt":
      return isNewer(left, right);
    case "-ot":
      return isNewer(right, left);
    case "-ef":
      return isSameFile(left, right);
    default:
      return compareNumbers(operator, integer(operator, left), integer(operator, right));
  }
}

function compareBytes(left: string, right: string): number {
  const a = encodePath(left);
  const b = encodePath(right);
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? a.length - b.length : a[at]! - (b[at] ?? -1);
}

function compareNumbers(operator: string, left: number, right: number): boolean {
  switch (operator) {
    case "-eq":
      return left === right;
    case "-ne":
      return left !== right;
    case "-gt":
      return left > right;
    case "-ge":
      return left >= right;
    case "-lt":
      return left < right;
    default:
      return left <= right;
  }
}

/** A number with or without a sign; C takes what the string begins with. */
function integer(operator: string, text: string): number {
  const digits = /^[-+]?[0-9]+/.exec(text)?.[0];
  if (digits === undefined) {
    throw new LinkFailure(EXIT_USAGE, `${operator} requires integer arguments`);
  }
  return Number(digits);
}

function matches(text: string, pattern: string): boolean {
  try {
    using regex = new Ere(pattern);
    return regex.test(encodePath(text));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new LinkFailure(
        EXIT_USAGE,
        `unable to compile ${pattern} into a regular expression: ${error.message}`,
      );
    }
    throw error;
  }
}

/** Is `one` newer? A file that is there is newer than one that is not. */
function isNewer(one: string, other: string): boolean {
  const first = tryFileTimes(one);
  const second = tryFileTimes(other);
  if (typeof first === "number") return false;
  return typeof second === "number" || first.modified > second.modified;
}

/** In C, a file is also the same as one that is not there. */
function isSameFile(one: string, other: string): boolean {
  const first = tryStat(one);
  const second = tryStat(other);
  if (typeof first === "number") return false;
  return typeof second === "number" || (first.dev === second.dev && first.ino === second.ino);
}
