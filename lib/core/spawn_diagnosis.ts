/**
 * Why a program could not be started, and what to do about it: one table of causes with their cures, out of facts that somebody else gathered.
 * The kernel's own word is often misleading: `No such file or directory` for a script that exists means that its interpreter doesn't. Pure.
 */
import { EACCES, EAGAIN, EISDIR, EMFILE, ENFILE, ENOENT, ENOEXEC, ENOMEM, ENOTDIR, EPERM, ETXTBSY, strerror } from "./errno.ts";
import type { ProgramHead } from "./program_head.ts";

/** What could be found out about a program that did not start. */
export interface SpawnFacts {
  /** As it was given to exec, e.g. `./run`. */
  readonly path: string;
  readonly errno: number;
  /** Permission and type bits; absent if there is nothing of that name. */
  readonly mode?: number;
  /** The name is a symbolic link that leads nowhere. */
  readonly danglingLink: boolean;
  readonly noexecMount: boolean;
  /** Absent if it could not be read. */
  readonly head?: ProgramHead;
  /** What stands at the interpreter's or loader's path; absent if the program needs none. */
  readonly interpreter?: "missing" | "not executable" | "fine";
}

export interface Diagnosis {
  readonly cause: string;
  readonly cure: string;
}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const ANY_EXECUTE_BIT = 0o111;
const EM_X86_64 = 62;

/** Names of e_machine. Source: elf.h. */
const MACHINES: Readonly<Record<number, string>> = {
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390",
  40: "arm",
  183: "aarch64",
  243: "riscv",
};

function diagnoseScript(interpreter: string, facts: SpawnFacts, truncated: boolean): Diagnosis | undefined {
  if (interpreter === "" || interpreter === "\r") {
    return { cause: "its #! line names no interpreter", cure: "write one behind #!, such as /bin/sh" };
  }
  if (interpreter.endsWith("\r")) {
    return {
      cause: `its #! line ends in CR LF, so the kernel looks for an interpreter named ${interpreter.slice(0, -1)}\\r`,
      cure: "save the file with LF line ends",
    };
  }
  if (truncated) return { cause: "its #! line is longer than the 255 bytes that the kernel reads", cure: "shorten it" };
  if (facts.interpreter === "missing") {
    return { cause: `interpreter ${interpreter} not found`, cure: "install it in the image, or name another one in the first line" };
  }
  if (facts.interpreter === "not executable") {
    return { cause: `interpreter ${interpreter} is not executable`, cure: `chmod +x ${interpreter}, or look at its mount options` };
  }
  return undefined;
}

function diagnoseElf(head: ProgramHead & { kind: "elf" }, facts: SpawnFacts): Diagnosis | undefined {
  if (head.machine !== EM_X86_64) {
    const name = MACHINES[head.machine] ?? `machine ${head.machine}`;
    return { cause: `it is a program for ${name}, and this machine is x86-64`, cure: "take the build for this architecture" };
  }
  if (head.loader !== undefined && facts.interpreter === "missing") {
    const libc = head.loader.includes("musl") ? "musl" : "glibc";
    return { cause: `its loader ${head.loader} is not in this image`, cure: `use a static program or an image with ${libc}` };
  }
  return undefined;
}

function diagnoseContent(facts: SpawnFacts): Diagnosis | undefined {
  const head = facts.head;
  if (head === undefined) return undefined;
  switch (head.kind) {
    case "empty":
      return { cause: "it is empty", cure: "write a script that begins with #!, or link a program here" };
    case "other":
      return { cause: "it has no #! line and is no program", cure: "begin it with #!/bin/sh or the interpreter that it is written for" };
    case "script":
      return diagnoseScript(head.interpreter, facts, head.truncated);
    case "elf":
      return diagnoseElf(head, facts);
    default:
      return head satisfies never;
  }
}

function diagnoseAccess(facts: SpawnFacts, mode: number): Diagnosis | undefined {
  if ((mode & S_IFMT) !== S_IFREG) return { cause: "it is not a regular file", cure: "put a script or a program there" };
  if ((mode & ANY_EXECUTE_BIT) === 0) return { cause: "it has no execute bit", cure: `chmod +x ${facts.path}` };
  if (facts.noexecMount) {
    return {
      cause: "its file system is mounted noexec",
      cure: "mount it with exec (docker run --tmpfs /run:exec), or keep the script elsewhere",
    };
  }
  return undefined;
}

const CURES: Readonly<Record<number, string>> = {
  [EAGAIN]: "the limit of processes is reached: raise it (ulimit -u, pids.max, docker run --pids-limit)",
  [ENOMEM]: "there is no memory left: raise the container's limit or stop something",
  [EMFILE]: "no descriptor is left: raise the hard limit (docker run --ulimit nofile=...)",
  [ENFILE]: "the whole system has no descriptor left",
  [ETXTBSY]: "somebody has it open for writing",
  [EPERM]: "this needs privileges that the container lacks",
  [ENOTDIR]: "a component of the path is no directory",
};

/** The cause of a failed start and its cure. Falls back on the kernel's own word when the facts explain nothing. */
export function diagnoseSpawn(facts: SpawnFacts): Diagnosis {
  const { errno, mode } = facts;
  if (facts.danglingLink) return { cause: "it is a symbolic link to nothing", cure: "mend the link" };
  if (mode === undefined && errno === ENOENT) {
    return { cause: "there is no such file", cure: "every service directory needs an executable run" };
  }
  const explained = errno === EACCES || errno === EISDIR
    ? (mode === undefined ? undefined : diagnoseAccess(facts, mode)) ?? diagnoseContent(facts)
    : errno === ENOENT || errno === ENOEXEC
    ? diagnoseContent(facts)
    : undefined;
  return explained ?? { cause: strerror(errno), cure: CURES[errno] ?? "" };
}

/** The cause and its cure in one line: `unable to spawn ./run: it has no execute bit; chmod +x ./run`. */
export function spawnFailureText(facts: SpawnFacts): string {
  const { cause, cure } = diagnoseSpawn(facts);
  return `unable to spawn ${facts.path}: ${cause}${cure === "" ? "" : `; ${cure}`}`;
}
