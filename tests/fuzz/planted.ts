/** Programs with a fault in them: what a fuzzer that is worth its time finds. */
import { fromFileUrl } from "@std/path";
import { OURS, type Toolset } from "../fixture/toolset.ts";

const PROGRAM = fromFileUrl(new URL("./planted_program.ts", import.meta.url));

/** A toolset of one's own: shell scripts in place of some programs. */
export class PlantedTools implements Toolset, Disposable {
  readonly name = "ours";
  readonly #directory = Deno.makeTempDirSync({ prefix: "hexad-planted-" });
  readonly #scripts: Readonly<Record<string, string>>;

  /** @param scripts by program; `$REAL` is the program that it stands for. */
  constructor(scripts: Readonly<Record<string, string>>) {
    this.#scripts = scripts;
    Deno.chmodSync(this.#directory, 0o755);
    for (const [program, script] of Object.entries(scripts)) {
      const text = `#!/bin/sh\nREAL='${OURS.bin(program)}'\n${script}\n`;
      Deno.writeTextFileSync(`${this.#directory}/${program}`, text, { mode: 0o755 });
    }
  }

  bin(program: string): string {
    return Object.hasOwn(this.#scripts, program)
      ? `${this.#directory}/${program}`
      : OURS.bin(program);
  }

  has(program: string): boolean {
    return OURS.has(program);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#directory, { recursive: true });
  }
}

/**
 * s6-svscan from its sources that leaks a descriptor, ends, or prints a stack trace when it starts
 * a child.
 */
export function plantedSvscan(fault: "leak" | "end" | "trace"): PlantedTools {
  const start =
    `PLANTED_FAULT=${fault} exec '${Deno.execPath()}' run -A --quiet --no-check '${PROGRAM}' s6-svscan "$@"`;
  return new PlantedTools({ "s6-svscan": start });
}
