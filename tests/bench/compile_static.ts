/** Small C programs of the benchmark, which need no C library where they run. */
import { run } from "../../tools/command.ts";

/** @param name of a source in this directory @param program its path */
export async function compileStatic(name: string, program: string): Promise<void> {
  const source = `${import.meta.dirname}/${name}`;
  await run("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", program, source], {
    doing: `compile ${name}`,
  });
}
