/**
 * The program from its sources, of whose C library one function throws what nobody expects, every
 * third time that it is called, as long as there is a file of this name.
 *
 *   SABOTAGE=FUNCTION SABOTAGE_WHILE=NAME deno run -A sabotaged_program.ts COMMAND ARGS...
 */
const victim = Deno.env.get("SABOTAGE")!;
const file = `${Deno.cwd()}/${Deno.env.get("SABOTAGE_WHILE")}`; // the process changes its directory
let calls = 0;

function isOn(): boolean {
  try {
    Deno.lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

function sabotaged(real: AnyFunction): AnyFunction {
  return (...args) => {
    if (isOn() && calls++ % 3 === 0) throw new TypeError(`sabotage of ${victim}`);
    return real(...args);
  };
}

const dlopen = Deno.dlopen;
Object.defineProperty(Deno, "dlopen", {
  value: (path: string, wanted: Deno.ForeignLibraryInterface): unknown => {
    const { symbols } = dlopen(path, wanted);
    if (!Object.hasOwn(wanted, victim)) return { symbols };
    return { symbols: { ...symbols, [victim]: sabotaged(symbols[victim] as AnyFunction) } };
  },
});

await import("../../cmd/main.ts");
