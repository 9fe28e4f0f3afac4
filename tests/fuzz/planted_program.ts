/**
 * The program from its sources with a fault in it, for the fuzzers to find. Each comes with a start
 * of a child, now and then.
 *
 *   PLANTED_FAULT=leak|end|trace deno run -A planted_program.ts COMMAND ARGS...
 */
const fault = Deno.env.get("PLANTED_FAULT");
/** Those before belong to the start. */
const FIRST_STARTS = 12;
let starts = 0;

function misbehave(): void {
  if (++starts <= FIRST_STARTS) return;
  if (fault === "leak") Deno.openSync("/dev/null");
  if (fault === "end") Deno.exit(111);
  if (fault === "trace") console.error("TypeError: planted\n    at spawn (file:///planted.ts:1:2)");
}

type AnyFunction = (...args: unknown[]) => unknown;

const dlopen = Deno.dlopen;
Object.defineProperty(Deno, "dlopen", {
  value: (path: string, wanted: Deno.ForeignLibraryInterface): unknown => {
    const { symbols } = dlopen(path, wanted);
    const { posix_spawn } = symbols as Record<string, AnyFunction>;
    if (posix_spawn === undefined) return { symbols };
    return {
      symbols: {
        ...symbols,
        posix_spawn: (...args: unknown[]): unknown => {
          misbehave();
          return posix_spawn(...args);
        },
      },
    };
  },
});

await import("../../cmd/main.ts");
