/**
 * with-contenv: runs the program that follows it with the container's environment. Source:
 * s6-overlay 3.2.3 and 2.2.0.3, with-contenv.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { ChainEnvironment } from "../execline/core/chain_environment.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { overlayPaths, runtimeDirectory } from "./core/overlay_paths.ts";
import { Words } from "../execline/core/words.ts";
import type { Link, Next } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { SyscallError } from "../libc/bind.ts";
import { loadEnvironment, loadVariable } from "./container_environment.ts";

/**
 * Whether the container was told to keep the whole environment for everything. There are no files
 * then.
 */
export function keepsEnvironment(env: ReadonlyMap<string, string>): boolean {
  return (parseUint(env.get("S6_KEEP_ENV") ?? "") ?? 0) !== 0;
}

/** The files of the container's environment. */
export function environmentDirectory(env: ReadonlyMap<string, string>): string {
  return overlayPaths(runtimeDirectory(env)).containerEnvironment;
}

/**
 * A variable of the container, as printcontenv prints it. @throws {SyscallError} If its file can't
 * be read.
 */
export function containerVariable(
  env: ReadonlyMap<string, string>,
  name: string,
): string | undefined {
  return keepsEnvironment(env) ? env.get(name) : loadVariable(environmentDirectory(env), name);
}

function containerEnvironment(env: ReadonlyMap<string, string>): Map<string, string> {
  const directory = environmentDirectory(env);
  try {
    return loadEnvironment(directory);
  } catch (error) {
    if (!(error instanceof SyscallError) || error.errno !== ENOENT) throw error;
    const cure =
      "it is there where PID 1 is /init; if that was given another S6_RUNDIR, set it here too";
    throw new LinkFailure(EXIT_SYSTEM, `${error.message}; ${cure}`);
  }
}

/**
 * with-contenv prog... Of the present environment it keeps only PATH, and only if the container's
 * has no PATH.
 */
export const withContenv: Link = {
  nature: "state",
  allOperands: true,
  run({ state, words }): Next {
    if (words.length === 0) throw new UsageError("no program given");
    const env = state.env.toMap();
    if (keepsEnvironment(env)) return withSplitLine(words);
    const path = env.get("PATH");
    const variables = new Map([
      ...(path === undefined ? [] : [["PATH", path] as const]),
      ...containerEnvironment(env),
    ]);
    state.env = new ChainEnvironment([...variables].map(([name, value]) => `${name}=${value}`));
    state.searchPath = variables.get("PATH");
    return withSplitLine(words);
  },
};

/**
 * `#!/command/with-contenv bash -e`: the kernel passes everything after the first word as one
 * argument.
 */
function withSplitLine(words: Words): Next {
  const [first = "", ...rest] = words.texts;
  const parts = first.trim().split(/[ \t]+/);
  return parts.length === 1 ? { words } : { words, orElse: new Words([...parts, ...rest]) };
}
