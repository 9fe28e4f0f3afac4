/**
 * Starts what is not supervised: scripts and the CMD. Scripts get two second chances, as shells and
 * version 2 gave them. A script without the execute bit (or on a noexec mount) is run by the
 * interpreter that its first line names. A script without `#!` is run by /bin/sh, if it is text.
 */
import { EACCES, ENOENT, ENOEXEC } from "../core/linux/errno.ts";
import { interpreterWords } from "../core/diagnosis/shebang.ts";
import { PROGRAM_HEAD_SIZE } from "../core/diagnosis/program_head.ts";
import { spawnFailureText } from "../core/diagnosis/spawn_diagnosis.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK, X_OK } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { spawn, type SpawnRequest } from "../libc/spawn.ts";
import { startProgram } from "../launch/start_program.ts";
import { isRegular, tryStat } from "../libc/stat.ts";
import { gatherSpawnFacts } from "../supervise/spawn_facts.ts";
import type { NotStarted } from "./port.ts";

const SHELL = "/bin/sh";
/** A file with a NUL near its start is not a script. A program for another processor has many. */
const NUL = 0;

/**
 * The path of the program `name`: itself if it has a slash, otherwise the first executable of that
 * name in PATH.
 */
function findProgram(name: string, searchPath: string): string | undefined {
  if (name.includes("/")) return name;
  const candidates = searchPath.split(":").map((directory) =>
    `${directory === "" ? "." : directory}/${name}`
  );
  return candidates.find((path) => {
    const record = tryStat(path);
    return typeof record !== "number" && isRegular(record.mode) && access(path, X_OK) === 0;
  });
}

/** The first bytes of a file; empty if it can't be read. */
function headOf(path: string): Uint8Array {
  try {
    return readSmallFile(path, PROGRAM_HEAD_SIZE) ?? new Uint8Array(0);
  } catch (error) {
    if (error instanceof SyscallError) return new Uint8Array(0);
    throw error;
  }
}

/** If exec refused a script with `errno`: a command line that may still run it, and the reason. */
function secondChance(
  path: string,
  errno: number,
): { readonly words: readonly string[]; readonly reason: string } | undefined {
  if (errno === ENOEXEC && !headOf(path).includes(NUL) && access(SHELL, X_OK) === 0) {
    return { words: [SHELL, path], reason: `${path} has no #! line: running it with ${SHELL}` };
  }
  if (errno !== EACCES) return undefined;
  const words = interpreterWords(headOf(path), path);
  if (words === undefined || access(words[0]!, X_OK) < 0) return undefined;
  return {
    words,
    reason: `${path} can't be executed (no execute bit, or a noexec mount): running it with ${
      words[0]
    }`,
  };
}

export interface Launch extends Omit<SpawnRequest, "path" | "searchPath"> {
  /** The PATH for programs without a slash. */
  readonly path: string;
  warn(text: string): void;
}

/** Starts the program `argv[0]`. @returns its pid, or why there is none */
export function launch({ path, warn, ...request }: Launch): number | NotStarted {
  const name = request.argv[0]!;
  const program = findProgram(name, path);
  if (program === undefined) {
    return { reason: `unable to run ${name}: not found in PATH (${path})`, code: 127 };
  }
  const pid = startProgram({ ...request, path: program });
  if (pid >= 0) return pid;
  const chance = secondChance(program, -pid);
  if (chance !== undefined) {
    warn(chance.reason);
    const second = spawn({
      ...request,
      path: chance.words[0]!,
      argv: [...chance.words, ...request.argv.slice(1)],
    });
    if (second >= 0) return second;
  }
  const missing = -pid === ENOENT && access(program, F_OK) < 0;
  const reason = missing
    ? `unable to run ${program}: there is no such file`
    : spawnFailureText(gatherSpawnFacts(program, -pid));
  return { reason, code: missing ? 127 : 126 };
}
