/**
 * backtick and withstdinas: a variable out of what somebody writes. Source: execline,
 * doc/backtick.html, doc/withstdinas.html.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { Change } from "./core/chain_environment.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { wifsignaled } from "../core/linux/wstat.ts";
import { needWords, setAndGoOn, variableName } from "./arguments.ts";
import { BlockReader } from "./blocks.ts";
import { exitStatus, fullStatus, statusOf } from "./child_status.ts";
import type { Call, Link, LinkResult, Next } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";
import { slurp } from "./script_file.ts";

const EXIT_NUL = 124;
const NUL = "\0";

/** One newline at the end is dropped, unless -N says otherwise. */
function chomped(call: Call, text: string): string {
  return call.last("N", "n") !== "N" && text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** What is to be done if the block fails. */
type Insistence = { readonly kind: "fail" } | { readonly kind: "take what there is" } | {
  readonly kind: "take";
  readonly value: string | undefined;
};

function insistenceOf(call: Call): Insistence {
  let insistence: Insistence = { kind: "fail" };
  for (const { name, value } of call.options) {
    if (name === "i") insistence = { kind: "fail" };
    else if (name === "I") insistence = { kind: "take what there is" };
    else if (name === "x") insistence = { kind: "take", value: undefined };
    else if (name === "D") insistence = { kind: "take", value };
  }
  return insistence;
}

/** The variable's value. @throws {LinkFailure} If the block has failed, and that is the end. */
function valueOf(
  call: Call,
  { text, wstat }: { readonly text: string; readonly wstat: number },
  insistence: Insistence,
): string | undefined {
  const nul = text.indexOf(NUL);
  if (wstat === 0 && nul === -1) return chomped(call, text);
  if (insistence.kind === "fail") {
    if (wstat === 0) {
      throw new LinkFailure(EXIT_NUL, "child process output contained a null character");
    }
    throw new LinkFailure(
      exitStatus(wstat),
      wifsignaled(wstat) ? "child process crashed" : "child process exited non-zero",
    );
  }
  if (insistence.kind === "take what there is") {
    return nul === -1 ? chomped(call, text) : chompedAtNul(call, text, wstat);
  }
  if (wstat === 0) call.warn("child process output contained a null character");
  return insistence.value;
}

/** C cuts the output at the NUL before it chomps if the block succeeded, and after if it failed. */
function chompedAtNul(call: Call, text: string, wstat: number): string {
  const cut = (whole: string): string => whole.slice(0, whole.indexOf(NUL));
  return wstat === 0 ? chomped(call, cut(text)) : cut(text);
}

/** backtick [ -i | -I | -x | -D default ] [ -N | -n ] [ -E | -e ] var { block } prog... */
export const backtick: Link = {
  nature: "waits",
  async run(call): Promise<LinkResult> {
    needWords(call.words, 2, "a variable and a block are");
    const name = variableName(call.words.first!);
    const { block, rest } = new BlockReader(call).takeNonEmpty(call.words.slice(1));
    if (rest.length === 0) {
      throw new LinkFailure(EXIT_USAGE, "the command line after the block must not be empty");
    }
    const insistence = insistenceOf(call);
    const { text, ending } = await call.capture(block);
    const output = { text, wstat: statusOf(ending, block.first!) };
    const changes: Change[] = [[name, valueOf(call, output, insistence)]];
    if (insistence.kind !== "fail") changes.push(["?", String(fullStatus(output.wstat))]);
    return setAndGoOn(call, rest, changes, call.last("E", "e") === "E");
  },
};

/** withstdinas [ -i | -I | -D default ] [ -N | -n ] [ -E | -e ] var prog... */
export const withstdinas: Link = {
  nature: "waits",
  run(call): Next {
    if (call.words.length === 0) throw new UsageError("a variable is needed");
    const name = variableName(call.words.first!);
    const text = slurp(call.state.fd(0), "standard input");
    const value = text.includes(NUL) ? valueInSpiteOfNul(call, text) : chomped(call, text);
    const autoimport = call.last("E", "e") === "E";
    if (autoimport && value === undefined) throw new LinkFailure(EXIT_USAGE, `${name} not set`);
    return setAndGoOn(call, call.words.slice(1), [[name, value]], autoimport);
  },
};

function valueInSpiteOfNul(call: Call, text: string): string | undefined {
  const insistence = call.last("i", "I");
  if (insistence === "i") throw new LinkFailure(1, "stdin contained a null character");
  const fallback = call.flag("D") ? call.value("D") : undefined;
  if (insistence === "I") return undefined;
  if (fallback === undefined) return text.slice(0, text.indexOf(NUL));
  call.warn("stdin contained a null character - using default instead");
  return fallback;
}
