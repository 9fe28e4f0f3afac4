/**
 * A log host is s6-log with a first argument that no user types: how s6-svscan starts one, and how
 * s6-log knows that it is one.
 */
import { type SelfCommand, selfCommand } from "../self.ts";

const AS_LOG_HOST = "--as-log-host";

/** How to start a log host, for s6-svscan. */
export function logHostCommand(args: readonly string[]): SelfCommand {
  return selfCommand("s6-log", [AS_LOG_HOST, ...args]);
}

/** What a log host is to be told, if this process is one. */
export function logHostArguments(argv: readonly string[]): readonly string[] | undefined {
  return argv[0] === AS_LOG_HOST ? argv.slice(1) : undefined;
}
