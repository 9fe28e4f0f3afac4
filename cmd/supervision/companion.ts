/**
 * A process beside the program that a chain-loading command becomes: the command's own second half,
 * started before the exec. JavaScript can't fork, so it is this program once more, with a first
 * argument that no user types; what it needs is in its arguments and descriptors.
 *
 * An orphan companion is not the program's child: a process between the two starts it and ends, for
 * programs that don't reap children which they don't know.
 */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { checked } from "../../lib/libc/bind.ts";
import { spawn, type SpawnRequest } from "../../lib/libc/spawn.ts";
import { waitFor } from "../../lib/libc/process.ts";
import { Failure } from "../context.ts";
import { selfCommand } from "../self.ts";

const AS_COMPANION = "--as-companion";
const AS_PARENT = "--as-parent-of-companion";

export interface CompanionRequest {
  /** The command whose second half it is. */
  readonly name: string;
  readonly args: readonly string[];
  /** Our descriptors that it gets, under the same numbers, apart from what it inherits anyway. */
  readonly fds: readonly number[];
  /** Make it an orphan. */
  readonly orphan: boolean;
}

/**
 * Starts a companion of this process. @throws {SyscallError} If that fails. @throws {Failure} If
 * the process between fails.
 */
export function startCompanion({ name, args, fds, orphan }: CompanionRequest): void {
  const pid = start(
    name,
    [orphan ? AS_PARENT : AS_COMPANION, ...args],
    fds.map((fd) => [fd, fd] as const),
  );
  if (orphan && waitFor(pid) !== 0) {
    throw new Failure(EXIT_SYSTEM, `unable to start a companion process of ${name}`);
  }
}

/**
 * What this process is to do, if it is not the command itself: undefined for the command as the
 * user called it, else the companion's arguments. A process between parent and companion has done
 * its work when this returns "parent".
 */
export function companionArguments(
  name: string,
  argv: readonly string[],
): readonly string[] | "parent" | undefined {
  if (argv[0] === AS_COMPANION) return argv.slice(1);
  if (argv[0] !== AS_PARENT) return undefined;
  start(name, [AS_COMPANION, ...argv.slice(1)], []);
  return "parent";
}

function start(
  name: string,
  args: readonly string[],
  fds: NonNullable<SpawnRequest["fds"]>,
): number {
  const { path, argv } = selfCommand(name, args);
  return checked(`start a companion process of ${name}`, spawn({ path, argv, fds }));
}
