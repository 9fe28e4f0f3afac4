/**
 * Finds the command by the name of the process, loads it and runs it.
 *
 * Called through a symlink, the link's name is the command. Called as `hexad`, the first word is:
 * one of hexad's own commands, or of s6's.
 */
import { exactArguments } from "../lib/libc/invocation.ts";
import { runChain } from "./chain.ts";
import type { CommandModule, LinkModule } from "./context.ts";
import { reportFailure } from "./failure_report.ts";
import { writeOut } from "./messages.ts";
import { OWN_COMMANDS } from "./hexad/commands.ts";
import {
  COMMANDS,
  COMPAT_COMMANDS,
  COMPAT_LINKS,
  INTERNAL_LINKS,
  LINKS,
  OVERLAY_COMMANDS,
  TOOLS,
  UNLINKED_LINKS,
} from "./registry.ts";
import { answers, isHelpWord, runCommand } from "./run_command.ts";

/** Options of `hexad`'s own commands may stand anywhere, `--help` too. */
async function runOwnCommand(name: string, argv: readonly string[]): Promise<number> {
  return await runInOwnManner(`hexad ${name}`, await OWN_COMMANDS[name]!.load(), argv);
}

function runInOwnManner(
  program: string,
  module: CommandModule,
  argv: readonly string[],
): number | Promise<number> {
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
function runLink(
  program: string,
  { table }: LinkModule,
  argv: readonly string[],
): number | Promise<number> {
  if (argv.length === 1 && answers(program, table, argv[0])) return 0;
  return runChain(program, argv);
}

/** Runs the command `name`. Returns its exit code, or undefined if there is none of that name. */
async function runNamed(name: string, argv: readonly string[]): Promise<number | undefined> {
  const link = entry(LINKS, name) ?? entry(INTERNAL_LINKS, name) ??
    entry(UNLINKED_LINKS, name) ?? entry(COMPAT_LINKS, name);
  if (link !== undefined) return await runLink(name, await link(), argv);
  const load = entry(COMMANDS, name) ?? entry(TOOLS, name) ?? entry(OVERLAY_COMMANDS, name) ??
    entry(COMPAT_COMMANDS, name);
  if (load === undefined) return undefined;
  const module = await load();
  // one of hexad's own under another name
  if ("operands" in module.table) return await runInOwnManner(name, module, argv);
  return await runCommand(name, module, argv);
}

function entry<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Under `deno run` the process is called deno. */
const OWN_NAMES = /^(hexad|hexad-.*|deno)$/;

/** Runs the command that a process called `name` is to run. Returns its exit code. */
export async function run(name: string): Promise<number> {
  const argv = exactArguments();
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
