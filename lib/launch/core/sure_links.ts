/**
 * Which links of a chain may run in the process that supervises, before it starts the program that
 * the chain ends in.
 *
 * They go by their words, the environment, the directory, the descriptors, and files that are
 * there: they never wait, change nothing of the process that can't be put back, and can be run
 * again from the beginning. All others, and all doubts, get a process. Pure.
 */

/** How far a chain goes here. */
export const MOST_LINKS = 64;
/**
 * Of the words and the environment together, in characters: more than any script needs, and less
 * than a kernel takes.
 */
export const MOST_CHARACTERS = 1 << 20;

export const SURE_LINKS: ReadonlySet<string> = new Set([
  "cd",
  "define",
  "emptyenv",
  "envfile",
  "exec",
  "execline-cd",
  "execline-umask",
  "execlineb",
  "export",
  "export-array",
  "fdclose",
  "fdmove",
  "fdswap",
  "importas",
  "multidefine",
  "multisubstitute",
  "redirfd",
  "s6-env",
  "s6-envdir",
  "shift",
  "umask",
  "unexport",
  "with-contenv",
  "with-contenv-legacy",
]);

/** A file that must not be there yet would be there when the chain is run again. */
const MAKES_ONCE = /^(?:-[a-zA-Z]*x|--excl)/;

/** May the link run here, by its name and its arguments? */
export function isSure(name: string, args: readonly string[]): boolean {
  if (!SURE_LINKS.has(name)) return false;
  if (args.length === 1 && (args[0] === "--help" || args[0] === "--version")) return false;
  if (name === "redirfd") return !args.some((arg) => MAKES_ONCE.test(arg));
  if (name === "envfile") return !args.includes("-"); // what has been read of it is gone
  return name !== "multisubstitute" || !args.includes(" elglob");
}

/** Can it read or change descriptors? */
export function usesDescriptors(name: string): boolean {
  return !name.startsWith("with-contenv");
}

/** Is it more than may stand here? */
export function isTooMuch(...lists: readonly (readonly string[])[]): boolean {
  let characters = 0;
  for (const list of lists) {
    for (const text of list) characters += text.length + 1;
  }
  return characters > MOST_CHARACTERS;
}
