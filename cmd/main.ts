/**
 * The program: finds out by which name it was called, loads that command, and is the only place
 * that exits.
 *
 * Called through a symlink, the link's name is the command. Called as `hexad`, the first word is:
 * one of hexad's own commands, or of s6's.
 */
import { EXIT_BROKEN_PIPE } from "../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../lib/core/cli/getopt.ts";
import { helpOption, helpText } from "../lib/core/cli/help_text.ts";
import { SIGPIPE } from "../lib/core/linux/signals.ts";
import { BrokenPipe } from "../lib/files/output.ts";
import { dieOf } from "../lib/libc/disposition.ts";
import { readEnvironment } from "../lib/libc/environ.ts";
import { exactArguments, programName } from "../lib/libc/invocation.ts";
import type { CommandModule, Context, LinkModule } from "./context.ts";
import { reportFailure } from "./failure_report.ts";
import { sayLine, writeOut } from "./messages.ts";
import { OWN_COMMANDS } from "./hexad/commands.ts";
import {
  COMMANDS,
  INTERNAL_LINKS,
  LINKS,
  OVERLAY_COMMANDS,
  TOOLS,
  UNLINKED_LINKS,
} from "./registry.ts";
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

function isHelpWord(word: string | undefined, table: CommandTable): boolean {
  return word === "--help" || (word === "-h" && helpOption(table, "").short === "h");
}

/** Answers `--help` and `--version`. False if the command line has neither. */
function answers(program: string, table: CommandTable, first: string | undefined): boolean {
  const isHelp = isHelpWord(first, table);
  if (!isHelp && first !== "--version") return false;
  writeOut(isHelp ? helpText(program, table) : versionText(program));
  return true;
}

/** Runs one command to its end. Returns the exit code. */
async function runCommand(
  program: string,
  module: CommandModule,
  argv: readonly string[],
): Promise<number> {
  try {
    const asked = module.readsHelpItself || (module.helpAlone && argv.length > 1)
      ? undefined
      : argv[0];
    if (answers(program, module.table, asked)) return 0;
    return await module.main(contextFor(program, argv));
  } catch (error) {
    if (error instanceof BrokenPipe) return brokenPipe();
    return reportFailure({ program, table: module.table, error, stderr: 2, where: "" });
  }
}

/**
 * The runtime ignores SIGPIPE; who has started us is to see what a C program would have died of.
 */
function brokenPipe(): number {
  dieOf(SIGPIPE);
  return EXIT_BROKEN_PIPE; // somebody has blocked the signal
}

/** Options of `hexad`'s own commands may stand anywhere, `--help` too. */
async function runOwnCommand(name: string, argv: readonly string[]): Promise<number> {
  const program = `hexad ${name}`;
  const module = await OWN_COMMANDS[name]!.load();
  const end = argv.indexOf("--");
  const asked = (end < 0 ? argv : argv.slice(0, end)).find((word) =>
    isHelpWord(word, module.table) || word === "--version"
  );
  return answers(program, module.table, asked) ? 0 : runCommand(program, module, argv);
}

/** `hexad -S DIR COMMAND`. Undefined if that is none of `hexad`'s own commands. */
async function runInScandir(argv: readonly string[]): Promise<number | undefined> {
  const { callInScandir } = await import("./hexad/program/leading_scandir.ts");
  try {
    const call = await callInScandir(argv);
    return call === undefined ? undefined : await runOwnCommand(call.name, call.argv);
  } catch (error) {
    const { table } = await import("./hexad/program/table.ts");
    return reportFailure({ program: "hexad", table, error, stderr: 2, where: "" });
  }
}

/**
 * Most links take any word for what it is, so they answer only where `--help` stands alone, which
 * means nothing to them.
 */
async function runLink(
  program: string,
  { table }: LinkModule,
  argv: readonly string[],
): Promise<number> {
  if (argv.length === 1 && answers(program, table, argv[0])) return 0;
  const { runChain } = await import("./chain.ts");
  return runChain(program, argv);
}

/** Runs the command `name`. Returns its exit code, or undefined if there is none of that name. */
async function runNamed(name: string, argv: readonly string[]): Promise<number | undefined> {
  const link = entry(LINKS, name) ?? entry(INTERNAL_LINKS, name) ?? entry(UNLINKED_LINKS, name);
  if (link !== undefined) return await runLink(name, await link(), argv);
  const load = entry(COMMANDS, name) ?? entry(TOOLS, name) ?? entry(OVERLAY_COMMANDS, name);
  return load === undefined ? undefined : await runCommand(name, await load(), argv);
}

function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Under `deno run` the process is called deno. */
const OWN_NAMES = /^(hexad|hexad-.*|deno)$/;

async function dispatch(): Promise<number> {
  const argv = exactArguments();
  const name = programName();
  const code = await runNamed(name, argv);
  if (code !== undefined) return code;
  const isHexad = OWN_NAMES.test(name);
  const [first = "", ...rest] = argv;
  if (isHexad && Object.hasOwn(OWN_COMMANDS, first)) return runOwnCommand(first, rest);
  if (isHexad && /^(-S|--scandir)/.test(first)) {
    const code = await runInScandir(argv);
    if (code !== undefined) return code;
  }
  const firstCode = isHexad ? await runNamed(first, rest) : undefined;
  if (firstCode !== undefined) return firstCode;
  if (isHexad && first === "--version" && rest.length === 1 && rest[0] === "--json") {
    const { versionDocument } = await import("./hexad/version_document.ts");
    writeOut(JSON.stringify(versionDocument(), null, 2) + "\n");
    return 0;
  }
  const { main, unknownCommand } = await import("./hexad/hexad.ts");
  const { table } = await import("./hexad/program/table.ts");
  if (isHexad) return runCommand("hexad", { table, main }, argv);
  return reportFailure({ program: name, table, error: unknownCommand(name), stderr: 2, where: "" });
}

Deno.exit(await dispatch());
