/** Bundle and base runtime to one program. */
import { run } from "../command.ts";

/**
 * V8's flags in the compiled program. A small young generation, since garbage that is found late is
 * memory; and no collection that V8 thinks of for quiet times: it would come before the first thing
 * that there is to do afterwards, a restart, and take ten milliseconds. Instead, we may ask for one
 * ourselves, when a long start is over: lib/libc/memory.ts.
 */
export const V8_FLAGS: readonly string[] = [
  "--max-semi-space-size=1",
  "--no-memory-reducer",
  "--expose-gc",
];

/**
 * No code cache: it would be a file of predictable name in the temporary directory, where anybody
 * could plant code for the next command that root runs. No configuration: a package.json, here or
 * above, would bring all of node_modules into the program.
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
  /** The `deno` that compiles; of the base's minor version. */
  readonly cli: string;
  readonly base: string;
  /** The directory that has main.js. */
  readonly bundle: string;
  readonly output: string;
  /** As Deno calls it. */
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
