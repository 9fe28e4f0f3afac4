/**
 * if, ifelse, ifte, ifthenelse: what comes next depends on a block. Source: execline, doc/if.html
 * and the pages of the others.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { parseUint } from "../core/linux/config_file.ts";
import type { Words } from "./core/words.ts";
import { wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { BlockReader } from "./blocks.ts";
import { exitStatus, statusOf } from "./child_status.ts";
import { runThen } from "./foreground.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { ENOENT } from "../core/linux/errno.ts";

const MAX_EXIT = 255;
const SHELL_BY_SIGNAL = 128;

/**
 * The exit code of a block. @throws {LinkFailure} If it can't be started, or was killed by a signal
 * and that is not like any exit.
 */
async function exitCodeOf(call: Call, block: Words): Promise<number> {
  const wstat = statusOf(await call.run(block), block.first ?? "");
  if (wifsignaled(wstat) && !call.flag("X")) {
    const signal = wtermsig(wstat);
    throw new LinkFailure(SHELL_BY_SIGNAL + signal, `child crashed with signal ${signal}`);
  }
  return exitStatus(wstat);
}

/** if [ -n ] [ -X ] [ -t | -x exitcode ] { block } prog... */
export const ifLink: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const { negated, fixed } = ifOptions(call);
    const { block, rest } = new BlockReader(call).take(call.words);
    const code = await exitCodeOf(call, block);
    return negated === (code === 0) ? fixed ?? code : goOn(rest);
  },
};

/**
 * In C they are read in order: -n alone makes the exit code 1, and each of -t and -x replaces it.
 */
function ifOptions(
  { flag, options }: Call,
): { readonly negated: boolean; readonly fixed: number | undefined } {
  let code = 1;
  let isFixed = false;
  for (const { name, value } of options) {
    if (name === "t") code = 0;
    else if (name === "x") code = exitOption(value);
    isFixed ||= name !== "X";
  }
  if (code > MAX_EXIT) throw new LinkFailure(EXIT_USAGE, "invalid exit code");
  return { negated: flag("n"), fixed: isFixed ? code : undefined };
}

/** Of `-x 3abc` C takes the 3. */
function exitOption(text: string): number {
  const number = parseUint(/^[0-9]+/.exec(text)?.[0] ?? "");
  if (number === undefined) throw new UsageError(`invalid exit code: ${text}`);
  return number;
}

/** ifelse [ -n ] [ -X ] { if } { then... } else... */
export const ifelse: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const blocks = new BlockReader(call);
    const condition = blocks.take(call.words, "if block");
    if (condition.rest.length === 0) throw new LinkFailure(EXIT_USAGE, "then block required");
    const branch = blocks.take(condition.rest, "then block");
    const code = await exitCodeOf(call, condition.block);
    return goOn(call.flag("n") === (code !== 0) ? branch.block : branch.rest);
  },
};

/** ifte [ -X ] [ -n ] { then } { else } if... */
export const ifte: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const blocks = new BlockReader(call);
    const positive = blocks.take(call.words, "then block");
    if (positive.rest.length === 0) throw new LinkFailure(EXIT_USAGE, "else block required");
    const negative = blocks.take(positive.rest, "else block");
    const condition = negative.rest;
    if (condition.length === 0) throw new LinkFailure(EXIT_USAGE, "empty command-if");
    const code = await exitCodeOf(call, condition);
    return goOn(call.flag("n") === (code === 0) ? negative.block : positive.block);
  },
};

/** ifthenelse [ -X ] [ -s ] { if } { then } { else } prog... */
export const ifthenelse: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    const blocks = new BlockReader(call);
    const condition = blocks.take(call.words, "if block");
    if (condition.rest.length === 0) throw new LinkFailure(EXIT_USAGE, "then block required");
    const positive = blocks.take(condition.rest, "then block");
    const negative = blocks.take(positive.rest, "else block");
    const code = await exitCodeOf(call, condition.block);
    const { block } = code === 0 ? positive : negative;
    return call.flag("s")
      ? goOn(block.followedBy(negative.rest))
      : runThen(call, block, negative.rest);
  },
};

/**
 * What is said of a program that was given without the braces of a block, and begins with a space.
 */
export function blockInstead(
  errno: number,
  program: string,
  what: string,
): LinkFailure | undefined {
  if (errno !== ENOENT || !program.startsWith(" ")) return undefined;
  const text =
    `unable to spawn ${program}: name begins with a space, are you trying to spawn a block as your ${what}?`;
  return new LinkFailure(EXIT_SYSTEM, text);
}
