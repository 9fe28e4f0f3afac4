/**
 * Why a program could not be started, or would not be, and what to do about it: which entry of the
 * table of diagnoses fits facts that somebody else gathered. The kernel's own word is often
 * misleading: `No such file or directory` for a script that exists means that its interpreter
 * doesn't. Pure.
 */
import { MACHINE } from "../linux/machine.ts";
import { type Diagnosis, diagnosis } from "./diagnoses.ts";
import {
  EACCES,
  EAGAIN,
  EISDIR,
  EMFILE,
  ENFILE,
  ENOENT,
  ENOEXEC,
  ENOMEM,
  ENOTDIR,
  EPERM,
  ETXTBSY,
  strerror,
} from "../linux/errno.ts";
import type { ProgramHead } from "./program_head.ts";

/** What could be found out about a program, whether or not it was started. */
export interface ProgramFacts {
  /** As it is called, e.g. `./run`. */
  readonly path: string;
  /** Permission and type bits; absent if there is nothing of that name. */
  readonly mode?: number;
  readonly noexecMount: boolean;
  /** Absent if it could not be read. */
  readonly head?: ProgramHead;
  /** What stands at the interpreter's or loader's path; absent if the program needs none. */
  readonly interpreter?: "missing" | "not executable" | "fine";
}

/** About one that did not start. */
export interface SpawnFacts extends ProgramFacts {
  readonly errno: number;
  /** The name is a symbolic link that leads nowhere. */
  readonly danglingLink: boolean;
}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const ANY_EXECUTE_BIT = 0o111;

/** Names of e_machine. Source: elf.h. */
const MACHINE_NAMES: Readonly<Record<number, string>> = {
  3: "i386",
  8: "mips",
  20: "ppc",
  21: "ppc64",
  22: "s390",
  40: "arm",
  62: "x86-64",
  183: "aarch64",
  243: "riscv",
};

function diagnoseScript(
  interpreter: string,
  facts: ProgramFacts,
  truncated: boolean,
): Diagnosis | undefined {
  if (interpreter === "" || interpreter === "\r") return diagnosis("no-interpreter-named");
  if (interpreter.endsWith("\r")) return diagnosis("interpreter-crlf", interpreter.slice(0, -1));
  if (truncated) return diagnosis("shebang-too-long");
  if (facts.interpreter === "missing") return diagnosis("interpreter-missing", interpreter);
  return facts.interpreter === "not executable"
    ? diagnosis("interpreter-not-executable", interpreter)
    : undefined;
}

function diagnoseElf(
  head: ProgramHead & { kind: "elf" },
  facts: ProgramFacts,
): Diagnosis | undefined {
  if (head.machine !== MACHINE.elf) {
    const name = MACHINE_NAMES[head.machine] ?? `machine ${head.machine}`;
    return diagnosis("wrong-machine", name, MACHINE.name);
  }
  if (head.loader === undefined || facts.interpreter !== "missing") return undefined;
  return diagnosis("loader-missing", head.loader, head.loader.includes("musl") ? "musl" : "glibc");
}

/** What is wrong with what is in it. */
export function diagnoseContent(facts: ProgramFacts): Diagnosis | undefined {
  const head = facts.head;
  if (head === undefined) return undefined;
  switch (head.kind) {
    case "empty":
      return diagnosis("empty-program");
    case "other":
      return diagnosis("no-shebang");
    case "script":
      return diagnoseScript(head.interpreter, facts, head.truncated);
    case "elf":
      return diagnoseElf(head, facts);
    default:
      return head satisfies never;
  }
}

/** What keeps it from being executed, whatever is in it. */
export function diagnoseAccess(facts: ProgramFacts, mode: number): Diagnosis | undefined {
  if ((mode & S_IFMT) !== S_IFREG) return diagnosis("not-regular");
  if ((mode & ANY_EXECUTE_BIT) === 0) return diagnosis("no-execute-bit", facts.path);
  return facts.noexecMount ? diagnosis("noexec-mount") : undefined;
}

const CURES: Readonly<Record<number, string>> = {
  [EAGAIN]:
    "the limit of processes is reached: raise it (ulimit -u, pids.max, docker run --pids-limit)",
  [ENOMEM]: "there is no memory left: raise the container's limit or stop something",
  [EMFILE]: "no descriptor is left: raise the hard limit (docker run --ulimit nofile=...)",
  [ENFILE]: "the whole system has no descriptor left",
  [ETXTBSY]: "somebody has it open for writing",
  [EPERM]: "this needs privileges that the container lacks",
  [ENOTDIR]: "a component of the path is no directory",
};

/**
 * The cause of a failed start and its cure. Falls back on the kernel's own word when the facts
 * explain nothing.
 */
export function diagnoseSpawn(facts: SpawnFacts): Pick<Diagnosis, "cause" | "cure"> {
  const { errno, mode } = facts;
  if (facts.danglingLink) return diagnosis("dangling-link");
  if (mode === undefined && errno === ENOENT) return diagnosis("no-run");
  const explained = errno === EACCES || errno === EISDIR
    ? (mode === undefined ? undefined : diagnoseAccess(facts, mode)) ?? diagnoseContent(facts)
    : errno === ENOENT || errno === ENOEXEC
    ? diagnoseContent(facts)
    : undefined;
  return explained ?? { cause: strerror(errno), cure: CURES[errno] ?? "" };
}

/**
 * The cause and its cure in one line: `unable to spawn ./run: it has no execute bit; chmod +x
 * ./run`.
 */
export function spawnFailureText(facts: SpawnFacts): string {
  const { cause, cure } = diagnoseSpawn(facts);
  return `unable to spawn ${facts.path}: ${cause}${cure === "" ? "" : `; ${cure}`}`;
}
