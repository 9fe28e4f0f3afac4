/**
 * The program: finds out by which name it was called, loads that command, and is the only place that exits.
 *
 * Called through a symlink, the link's name is the command. Called as `hexad`, the first word is: one of hexad's own commands, or of s6's.
 */
import type { CommandModule, Context } from "./context.ts";
import { EXIT_SYSTEM, EXIT_USAGE, Failure } from "./context.ts";
import { helpText, UsageError } from "../lib/core/getopt.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { readEnvironment } from "../lib/libc/environ.ts";
import { exactArguments, programName } from "../lib/libc/invocation.ts";
import { sayLine, writeOut } from "./messages.ts";
import { OWN_COMMANDS } from "./hexad_commands.ts";
import { COMMANDS, OVERLAY_COMMANDS } from "./registry.ts";
import { versionText } from "./version.ts";

function contextFor(program: string, argv: readonly string[]): Context {
  return {
    program,
    argv,
    get env(): ReadonlyMap<string, string> {
      return readEnvironment();
    },
    stdin: 0,
    stdout: 1,
    stderr: 2,
    out: writeOut,
    warn: (text) => sayLine(`${program}: warning: ${text}`),
    info: (text) => sayLine(`${program}: info: ${text}`),
  };
}

function failureCode(program: string, module: CommandModule, error: unknown): number {
  if (error instanceof UsageError) {
    sayLine(`${program}: fatal: ${error.message}`);
    sayLine(`${program}: usage: ${program} ${module.table.usage}`);
    return EXIT_USAGE;
  }
  if (error instanceof Failure) {
    sayLine(`${program}: fatal: ${error.message}`);
    return error.code;
  }
  if (error instanceof SyscallError) {
    sayLine(`${program}: fatal: ${error.message}`);
    return EXIT_SYSTEM;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  sayLine(`${program}: fatal: internal error: ${text}. Please report it with the command line that was used.`);
  return 101;
}

/** Runs one command to its end. Returns the exit code. */
async function runCommand(program: string, module: CommandModule, argv: readonly string[]): Promise<number> {
  const asked = module.readsHelpItself ? undefined : argv[0];
  if (asked === "--help" || asked === "--version") return tell(program, module, asked);
  try {
    return await module.main(contextFor(program, argv));
  } catch (error) {
    return failureCode(program, module, error);
  }
}

function tell(program: string, module: CommandModule, what: string): number {
  writeOut(what === "--help" ? helpText(program, module.table) : versionText(program));
  return 0;
}

/** Options of `hexad`'s own commands may stand anywhere, `--help` too. */
async function runOwnCommand(name: string, argv: readonly string[]): Promise<number> {
  const program = `hexad ${name}`;
  const module = await OWN_COMMANDS[name]!.load();
  const end = argv.indexOf("--");
  const asked = (end < 0 ? argv : argv.slice(0, end)).find((word) => word === "--help" || word === "--version");
  return asked === undefined ? runCommand(program, module, argv) : tell(program, module, asked);
}

/** Under `deno run` the process is called deno. */
const OWN_NAMES = /^(hexad|hexad-.*|deno)$/;

function commandOf(name: string): (() => Promise<CommandModule>) | undefined {
  const table = [COMMANDS, OVERLAY_COMMANDS].find((commands) => Object.hasOwn(commands, name));
  return table?.[name];
}

async function dispatch(): Promise<number> {
  const argv = exactArguments();
  const name = programName();
  const load = commandOf(name);
  if (load !== undefined) return runCommand(name, await load(), argv);
  const [first = "", ...rest] = argv;
  if (OWN_NAMES.test(name) && Object.hasOwn(OWN_COMMANDS, first)) return runOwnCommand(first, rest);
  const { table, main, unknownCommand } = await import("./hexad.ts");
  if (!OWN_NAMES.test(name)) return failureCode(name, { table, main }, unknownCommand(name));
  const command = commandOf(first);
  if (command !== undefined) return runCommand(first, await command(), rest);
  return runCommand("hexad", { table, main }, argv);
}

Deno.exit(await dispatch());
