/** Combines the bundle and the base runtime into one program. */
import { run } from "../command.ts";

/**
 * V8's flags in the compiled program. The young generation is small, because garbage that is found
 * late uses memory. V8 must not collect by itself in quiet times: that would happen just before the
 * next work, such as a restart, and take ten milliseconds. Instead we request a collection
 * ourselves when a long start is over: lib/libc/memory.ts. V8 has no threads of its own: a client
 * command would end before they have done anything, and a daemon with a small heap gains nothing
 * from them (docs/bench.md has the figures).
 */
export const V8_FLAGS: readonly string[] = [
  "--max-semi-space-size=1",
  "--no-memory-reducer",
  "--expose-gc",
  "--single-threaded",
];

/**
 * No code cache: it would be a file with a predictable name in the temporary directory, where
 * anybody could plant code for the next command that root runs. No configuration: a package.json,
 * here or above, would pull all of node_modules into the program.
 */
const FLAGS = [
  "--quiet",
  "--allow-all",
  "--no-code-cache",
  "--no-check",
  "--no-config",
  "--no-lock",
  "--node-modules-dir=none",
];

export interface CompileRequest {
  /** The `deno` that compiles; it has the base's minor version. */
  readonly cli: string;
  readonly base: string;
  /** The directory with main.js. */
  readonly bundle: string;
  readonly output: string;
  /** The target's name in Deno. */
  readonly target: string;
}

export async function compile(
  { cli, base, bundle, output, target }: CompileRequest,
): Promise<void> {
  const v8 = V8_FLAGS.length === 0 ? [] : [`--v8-flags=${V8_FLAGS.join(",")}`];
  await run(cli, ["compile", ...FLAGS, ...v8, "--target", target, "--output", output, "main.js"], {
    cwd: bundle,
    env: { DENORT_BIN: base, DENO_NO_PACKAGE_JSON: "1", DENO_NO_UPDATE_CHECK: "1" },
    doing: "compile",
  });
}
