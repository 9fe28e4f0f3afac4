/** Examines a program that failed to start. Nothing here runs for a program that starts. */
import { ENOENT } from "../core/linux/errno.ts";
import type { ProgramHead } from "../core/diagnosis/program_head.ts";
import { parseProgramHead, PROGRAM_HEAD_SIZE } from "../core/diagnosis/program_head.ts";
import type { SpawnFacts } from "../core/diagnosis/spawn_diagnosis.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK, X_OK } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { tryLstat, tryStat } from "../libc/stat.ts";
import { isMountedNoexec } from "../libc/mount.ts";

function readHead(path: string): ProgramHead | undefined {
  try {
    const bytes = readSmallFile(path, PROGRAM_HEAD_SIZE);
    return bytes === undefined ? undefined : parseProgramHead(bytes);
  } catch (error) {
    // unreadable: then there are no facts about the content
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function neededProgram(head: ProgramHead | undefined): string | undefined {
  if (head?.kind === "script") return head.interpreter;
  return head?.kind === "elf" ? head.loader : undefined;
}

function lookAt(interpreter: string): "missing" | "not executable" | "fine" {
  if (access(interpreter, F_OK) < 0) return "missing";
  return access(interpreter, X_OK) < 0 ? "not executable" : "fine";
}

/** The facts about `path`, which exec refused with `errno`. */
export function gatherSpawnFacts(path: string, errno: number): SpawnFacts {
  const stat = tryStat(path);
  const head = typeof stat === "number" ? undefined : readHead(path);
  const interpreter = neededProgram(head);
  return {
    path,
    errno,
    danglingLink: stat === -ENOENT && typeof tryLstat(path) !== "number",
    noexecMount: isMountedNoexec(path),
    ...(typeof stat === "number" ? {} : { mode: stat.mode }),
    ...(head === undefined ? {} : { head }),
    ...(interpreter === undefined ? {} : { interpreter: lookAt(interpreter) }),
  };
}
