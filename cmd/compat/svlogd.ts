/** svlogd: runit's logger. Source: runit, svlogd(8). */
import { djbReason } from "../../lib/compat/core/djb_reason.ts";
import { type SvlogdDirectory, svlogdScript } from "../../lib/compat/core/svlogd_script.ts";
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { type GivenOptions, readCommandLine } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { decodePath, encodePath } from "../../lib/core/text/path_bytes.ts";
import { enterErrno } from "../../lib/compat/old_service.ts";
import { checked, SyscallError } from "../../lib/libc/bind.ts";
import { execInto } from "../../lib/libc/exec.ts";
import { dup2, dupAbove } from "../../lib/libc/fd.ts";
import { readSmallFile } from "../../lib/libc/small_file.ts";
import { type Context, Failure } from "../context.ts";
import { selfCommand } from "../self.ts";
import { oldHead, type OldStampForm, runOldLogger } from "./old_logger.ts";

const USUAL_LINE = 1000;
const CONFIG_BYTES = 65536;
const FIRST_PRINTABLE = 32;
const LAST_PRINTABLE = 126;
const LF = 10;
const FIRST_FREE_FD = 10;
const STAMP_FORMS: readonly OldStampForm[] = ["tai64n", "_", "T"];

export const table = {
  summary:
    "Reads lines from standard input and stores them in log directories as the config of each says; what runit's svlogd does.",
  usage: "[-tttv] [-r c] [-R xyz] [-l len] [-b buflen] dir...",
  options: [
    {
      short: "t",
      text: "stamp lines: a TAI64N stamp; twice and thrice: a date, with _ or T in it",
    },
    { short: "v", text: "name the log directories that are written to" },
    { short: "r", arg: "C", text: "write C in the place of what can't be printed" },
    { short: "R", arg: "XYZ", text: "and of these characters; _ if there is no -r" },
    { short: "l", arg: "LEN", text: "a file is full that lacks no more bytes than that (1000)" },
    { short: "b", arg: "BUFLEN", text: "not followed: buffers are as large as they have to be" },
  ],
  exits: [["0", "end of input, or SIGTERM"], [
    "111",
    "wrong usage, or no log directory can be used",
  ]],
  example: "svlogd -tt ./main",
} as const satisfies CommandTable;

type Given = GivenOptions<typeof table.options[number]>;

export async function main(context: Context): Promise<number> {
  const { given, paths } = commandLine(context);
  const directories = paths.flatMap((path) => directoryAt(path, context));
  if (directories.length === 0) throw new Failure(EXIT_SYSTEM, "no functional log directories");
  const { flag, value } = given;
  if (value("b") !== undefined && flag("v")) {
    context.info("-b has no effect: buffers grow and shrink");
  }
  const stamps = given.options.filter(({ name }) => name === "t").length;
  const script = svlogdScript(directories, {
    stamps: stamps > 0,
    lineBytes: parseUint(value("l") ?? "") || USUAL_LINE,
  });
  const replace = replacement(given);
  // the logger closes the one that it reads from
  const inputFd = dupAbove(context.stdin, FIRST_FREE_FD);
  let isToReadAgain = false;
  await runOldLogger(context, script, {
    head: oldHead(STAMP_FORMS[Math.min(stamps, STAMP_FORMS.length) - 1] ?? "tai64n"),
    ...(replace === undefined ? {} : { prepare: replace }),
    signals: {
      SIGALRM: (engine) => engine.rotate(),
      SIGHUP: (engine) => {
        isToReadAgain = true;
        engine.stop();
      },
      SIGTERM: (engine) => engine.stop(),
    },
  });
  return isToReadAgain ? startAgain(context, inputFd) : 0;
}

/** @throws {Failure} If it is wrong. */
function commandLine({ argv }: Context): { given: Given; paths: readonly string[] } {
  try {
    const given = readCommandLine(argv, table);
    if (given.operands.length > 0) return { given, paths: given.operands };
    throw new UsageError("a log directory is needed");
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Failure(EXIT_SYSTEM, `${error.message}; usage: svlogd ${table.usage}`);
  }
}

/** One that can't be used is told of and left out. */
function directoryAt(path: string, context: Context): SvlogdDirectory[] {
  const errno = enterErrno(path);
  if (errno !== 0) {
    context.warn(`unable to open log directory: ${path}: ${djbReason(errno)}`);
    return [];
  }
  try {
    const config = readSmallFile(`${path}/config`, CONFIG_BYTES);
    const isNamed = path.startsWith("/") || path.startsWith(".");
    return [{
      path: isNamed ? path : `./${path}`,
      config: config === undefined ? "" : decodePath(config),
    }];
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    context.warn(`${error.message} (going on without it)`);
    return [{ path, config: "" }];
  }
}

/** What -r and -R do to bytes; undefined: nothing. */
function replacement({ value }: Given): ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined {
  const [by, others] = [value("r"), value("R")];
  if (by === undefined && others === undefined) return undefined;
  const [byte] = encodePath(by === undefined || by === "" ? "_" : by);
  const replaced = new Set(encodePath(others ?? ""));
  return (bytes) => {
    for (const [at, found] of bytes.entries()) {
      if (found === LF) continue;
      const isPlain = found >= FIRST_PRINTABLE && found <= LAST_PRINTABLE;
      if (!isPlain || replaced.has(found)) bytes[at] = byte!;
    }
  };
}

/** After SIGHUP: the same command line once more, which reads the configurations anew. */
function startAgain({ program, argv }: Context, inputFd: number): number {
  checked("keep standard input", dup2(inputFd, 0));
  const { path, argv: words } = selfCommand(program, argv);
  const errno = -execInto(words, { path });
  throw new SyscallError(`execute ${path}`, errno);
}
