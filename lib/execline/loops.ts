/**
 * forx, forstdin, forbacktickx, loopwhilex: a program again and again. Source: execline,
 * doc/forx.html and the pages of the others.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import type { ParsedOption } from "../core/cli/getopt.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { substitute } from "./core/execline_substitution.ts";
import type { Words } from "./core/words.ts";
import { pipe } from "../libc/fd.ts";
import { waitForAny } from "../libc/process.ts";
import { needWords, parseNumber, variableName } from "./arguments.ts";
import { BlockReader } from "./blocks.ts";
import { exitStatus } from "./child_status.ts";
import { blockInstead } from "./conditions.ts";
import { letGoOfClosed } from "./descriptor_table.ts";
import { RecordReader } from "./record_reader.ts";
import type { Call, Link, LinkResult } from "./link.ts";
import { LinkFailure, NeedsProcess } from "./link_failure.ts";
import type { State } from "./state.ts";
import { startFailure } from "./start_failure.ts";

const MAX_CODES = 256;
const MAX_PARALLEL = 10_000;

/** Exit codes in `-o 0,1,2` and `-x 3`. */
interface Codes {
  /** -o goes on with these and stops at others; -x the other way round. */
  readonly kind: "o" | "x";
  readonly codes: ReadonlySet<number>;
}

/**
 * Numbers of 16 bits, separated by commas, colons, semicolons or blanks; what comes behind the last
 * one is ignored.
 */
function codesOption(options: readonly ParsedOption[]): Codes | undefined {
  let result: Codes | undefined;
  for (const { name, value } of options) {
    if (name !== "o" && name !== "x") continue;
    const numbers = /^[0-9]+(?:[,:; \t\r\n]*[0-9]+)*/.exec(value)?.[0].split(/[^0-9]+/) ?? [];
    if (numbers.length === 0) throw new UsageError(`invalid exit codes: ${value}`);
    result = {
      kind: name,
      codes: new Set(numbers.slice(0, MAX_CODES).map((number) => Number(number) & 0xffff)),
    };
  }
  return result;
}

/** Is this exit code the end of a loop? */
function breaks(codes: Codes | undefined, code: number): boolean {
  return codes !== undefined && codes.codes.has(code) === (codes.kind === "x");
}

/** How many may run at a time: 1, or more with -p and -P. */
function parallelOption(options: readonly ParsedOption[], limit: number): number {
  let parallel = 1;
  for (const { name, value } of options) {
    if (name === "p") parallel = limit;
    else if (name === "P") parallel = parseNumber("number of processes", value);
  }
  return Math.min(Math.max(parallel, 1), limit);
}

interface Loop {
  readonly call: Call;
  readonly variable: string;
  readonly body: Words;
  readonly codes: Codes | undefined;
  readonly parallel: number;
  /**
   * In C the body begins with a link of execline's own: that its program can't be executed is then
   * an exit code like any other.
   */
  readonly indirect?: boolean;
}

/** The body for each value; an exit code that ends the loop, or undefined. */
async function runLoop(loop: Loop, values: Iterable<string>): Promise<number | undefined> {
  const { call, codes, parallel } = loop;
  // other children than the loop's must not be waited for
  if (parallel > 1 && call.state.isGuest) throw new NeedsProcess();
  const running = new Set<number>();
  for (const value of values) {
    if (parallel === 1) {
      const code = await runBody(loop, value);
      if (breaks(codes, code)) return code;
      continue;
    }
    const pid = await startBody(loop, value);
    if (pid !== undefined) running.add(pid);
    while (running.size >= parallel) waitForOne(running);
  }
  while (running.size > 0) waitForOne(running);
  return undefined;
}

function waitForOne(running: Set<number>): void {
  const death = waitForAny();
  if (death === undefined) running.clear();
  else running.delete(death.pid);
}

/** What the block of one value consists of. */
function bodyFor(
  { call, variable, body }: Loop,
  value: string,
): { readonly words: Words; readonly prepare: (guest: State) => void } {
  if (!imports(call)) return { words: body, prepare: (guest) => guest.env.set(variable, value) };
  const prepare = (guest: State): void =>
    guest.env.change([[variable, value], [variable, undefined]]);
  return { words: substitute(body, new Map([[variable, [value]]])), prepare };
}

function imports({ last }: Call): boolean {
  return last("E", "e") === "E";
}

async function runBody(loop: Loop, value: string): Promise<number> {
  const { words, prepare } = bodyFor(loop, value);
  const ending = await loop.call.run(words, prepare);
  return "wstat" in ending ? exitStatus(ending.wstat) : cannotStart(loop, ending.errno);
}

async function startBody(loop: Loop, value: string): Promise<number | undefined> {
  const { words, prepare } = bodyFor(loop, value);
  const pid = await loop.call.start(words, prepare);
  if (pid >= 0) return pid;
  cannotStart(loop, -pid);
  return undefined;
}

/**
 * The exit code of a body whose program can't be executed. @throws {LinkFailure} If that is the
 * end.
 */
function cannotStart({ call, body, indirect }: Loop, errno: number): number {
  if (!indirect && !imports(call)) {
    throw new LinkFailure(EXIT_SYSTEM, startFailure("spawn", body.first, errno));
  }
  call.warn(startFailure("exec", body.first, errno));
  return errno === ENOENT ? 127 : 126;
}

/** forx [ -E | -e ] [ -p | -P maxpar ] [ -o codes | -x codes ] var { values... } prog... */
export const forx: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const codes = codesOption(call.options);
    needWords(call.words, 2, "a variable and a block of values are");
    const variable = variableName(call.words.first!);
    const { block, rest } = new BlockReader(call).take(call.words.slice(1));
    const parallel = parallelOption(call.options, 0xffffffff);
    if (block.length === 0 || rest.length === 0) return 0;
    return await runLoop({
      call,
      variable,
      body: rest,
      codes,
      parallel: Math.min(parallel, block.length),
    }, block.texts) ?? 0;
  },
};

/**
 * forstdin [ -E | -e ] [ -p | -P maxpar | -o codes | -x codes ] [ -N | -n ] [ -C | -c ] [ -0 | -d
 * delim ] var prog...
 */
export const forstdin: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const codes = codesOption(call.options);
    needWords(call.words, 2, "a variable and a program are");
    const variable = variableName(call.words.first!);
    const parallel = parallelOption(call.options, MAX_PARALLEL);
    letGoOfClosed();
    const records = new RecordReader(call.state.fd(0), recordOptions(call));
    const code = await runLoop(
      { call, variable, body: call.words.slice(1), codes, parallel },
      records,
    );
    return code ?? (records.count === 0 ? 1 : 0);
  },
};

function recordOptions({ last, value }: Call): RecordReader["options"] {
  const delimited = last("0", "d");
  return {
    delimiters: delimited === undefined ? "\n" : delimited === "0" ? "\0" : value("d")!,
    chomp: last("N", "n") !== "N",
    crunch: last("C", "c") === "C",
  };
}

/**
 * forbacktickx [ -p | -P maxpar | -o codes | -x codes ] [ -E | -e ] [ -N | -n ] [ -C | -c ] [ -0 |
 * -d delim ] var { block } prog...
 */
export const forbacktickx: Link = {
  nature: "process", // it leaves the block's process behind, as C does, where the loop ends early
  async run(call): Promise<LinkResult> {
    const codes = codesOption(call.options);
    needWords(call.words, 2, "a variable and a block are");
    const variable = call.words.first!;
    if (variable === "") throw new UsageError("the variable has no name");
    const { block, rest } = new BlockReader(call).takeNonEmpty(call.words.slice(1));
    variableName(variable);
    if (rest.length === 0) throw new UsageError("a program is needed");
    const parallel = parallelOption(call.options, MAX_PARALLEL);
    const { readFd, writeFd } = pipe();
    const pid = await call.start(block, (guest) => void guest.fds.put(1, writeFd));
    if (pid < 0) {
      throw new LinkFailure(EXIT_SYSTEM, startFailure("spawn", block.first, -pid));
    }
    call.state.env.unset("!");
    letGoOfClosed();
    const records = new RecordReader(readFd, recordOptions(call));
    const code = await runLoop(
      { call, variable, body: rest, codes, parallel, indirect: true },
      records,
    );
    return code ?? (records.count === 0 ? 1 : 0);
  },
};

/** loopwhilex [ -n ] [ -o codes | -x codes ] prog... */
export const loopwhilex: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const codes = codesOption(call.options) ?? { kind: "o", codes: new Set([0]) };
    needWords(call.words, 1, "a program is");
    const goesOnIfListed = (codes.kind === "x") === call.flag("n");
    for (;;) {
      const ending = await call.run(call.words);
      if ("errno" in ending) {
        const program = call.words.first!;
        throw blockInstead(ending.errno, program, "loop body") ??
          new LinkFailure(EXIT_SYSTEM, startFailure("spawn", program, ending.errno));
      }
      const code = exitStatus(ending.wstat);
      if (codes.codes.has(code) !== goesOnIfListed) return code;
    }
  },
};
