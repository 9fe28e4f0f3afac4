/** How a command that is a link starts its chain, and what the engine gets of the commands. */
import { ChainEnvironment } from "../lib/execline/core/chain_environment.ts";
import { EPIPE } from "../lib/core/linux/errno.ts";
import type { CommandTable } from "../lib/core/cli/getopt.ts";
import { HANDED_OVER, hearHandedOver } from "../lib/execline/core/chain_variable.ts";
import { placeText, type Words } from "../lib/execline/core/words.ts";
import { Chain } from "../lib/execline/chain.ts";
import type { ChainPort, Command } from "../lib/execline/link.ts";
import { State } from "../lib/execline/state.ts";
import { writeFully } from "../lib/files/output.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { environmentStrings } from "../lib/libc/environ.ts";
import { invocationName } from "../lib/libc/program_name.ts";
import type { CommandModule, Context } from "./context.ts";
import { reportFailure } from "./failure_report.ts";
import { encodePath } from "../lib/core/text/path_bytes.ts";
import { sayLine } from "./messages.ts";
import {
  COMMANDS,
  COMPAT_LINKS,
  INTERNAL_LINKS,
  isWhereLinked,
  LINKS,
  TOOLS,
  UNLINKED_LINKS,
} from "./registry.ts";
import { selfCommand } from "./self.ts";

/**
 * Runs the chain that begins with the link `name`. Returns the exit code, if this process did not
 * become another program.
 */
export function runChain(name: string, argv: readonly string[]): Promise<number> {
  const called = invocationName();
  // as `hexad LINK` the link was called by its bare name
  const argv0 = called === name || called.endsWith(`/${name}`) ? called : name;
  const state = new State(new ChainEnvironment(environmentStrings()));
  const { words, closed } = hearHandedOver([argv0, ...argv], state.env.get(HANDED_OVER));
  state.env.unset(HANDED_OVER);
  for (const number of closed) state.fds.close(number);
  return new Chain(PORT).run(state, name, words);
}

/** Of the links and tools that have been loaded. */
const tables = new Map<string, CommandTable>();

const PORT: ChainPort = {
  isCommand: (name) => isAnywhere(name) || isWhereLinked(name),
  isAnywhere,
  load,
  self: selfCommand,
  say: sayLine,
  report: (program, error, { stderr, place }) =>
    reportFailure({
      program,
      table: tables.get(program) ?? { usage: "" },
      error,
      stderr,
      where: place === undefined ? "" : ` (${placeText(place)})`,
    }),
};

function isAnywhere(name: string): boolean {
  return [LINKS, INTERNAL_LINKS, UNLINKED_LINKS, TOOLS, COMMANDS].some((table) =>
    Object.hasOwn(table, name)
  );
}

async function load(name: string): Promise<Command> {
  const link = LINKS[name] ?? INTERNAL_LINKS[name] ?? UNLINKED_LINKS[name] ??
    COMPAT_LINKS[name];
  if (link !== undefined) {
    const module = await link();
    tables.set(name, module.table);
    return { kind: "link", options: module.table.options, link: module.link };
  }
  const tool = TOOLS[name];
  if (tool === undefined) return { kind: "program" };
  const module = await tool();
  tables.set(name, module.table);
  return { kind: "tool", run: (state, words) => runTool(name, module, state, words) };
}

async function runTool(
  program: string,
  module: CommandModule,
  state: State,
  words: Words,
): Promise<number | undefined> {
  try {
    return await module.main(toolContext(program, state, words.texts.slice(1)));
  } catch (error) {
    if (error instanceof SyscallError && error.errno === EPIPE) return undefined;
    return PORT.report(program, error, { stderr: state.fd(2), place: words.place });
  }
}

function toolContext(program: string, state: State, argv: readonly string[]): Context {
  const stdout = state.fd(1);
  const stderr = state.fd(2);
  return {
    program,
    argv,
    get env(): ReadonlyMap<string, string> {
      return state.env.toMap();
    },
    stdin: state.fd(0),
    stdout,
    stderr,
    out: (text) => writeFully(stdout, typeof text === "string" ? encodePath(text) : text),
    warn: (text) => sayLine(`${program}: warning: ${text}`, stderr),
    info: (text) => sayLine(`${program}: info: ${text}`, stderr),
  };
}
