/**
 * cmd/main.ts and all it needs, as JavaScript: main.js, a chunk for each command, which is read when that command is called, and chunks of
 * what commands share.
 *
 * Minified because a client command's start is mostly parsing, and because the bundler's comments would tell the build machine's paths.
 */
import { run } from "../command.ts";
import { ROOT } from "../layout.ts";

export async function typeCheck(): Promise<void> {
  await run(Deno.execPath(), ["check", "--quiet", "cmd"], { cwd: ROOT, doing: "type-check cmd", showErrors: true });
}

/** Writes the bundle into the directory `into`. */
export async function bundle(into: string): Promise<void> {
  const args = ["bundle", "--quiet", "--platform", "deno", "--code-splitting", "--minify", "--outdir", into, "cmd/main.ts"];
  await run(Deno.execPath(), args, { cwd: ROOT, doing: "bundle cmd/main.ts", showErrors: true });
  await fixTimes(into);
}

/** `deno compile` records the time of each file: a constant one makes the same sources give the same bytes. */
async function fixTimes(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(directory)) await Deno.utime(`${directory}/${name}`, 0, 0);
}
