/**
 * Which links of a chain may run in the supervising process, before it starts the program at the
 * end of the chain.
 *
 * These links depend only on their words, the environment, the directory, the descriptors and
 * existing files. They never block, change nothing in the process that can't be restored, and can
 * be run again from the beginning. All others, and all doubtful cases, get a process. Pure.
 */

/** The most links of a chain that are run here. */
export const MOST_LINKS = 64;
/**
 * The limit for words and environment together, in characters: more than any script needs, and less
 * than a kernel accepts.
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

/** An option that demands a new file: the file would exist when the chain is run again. */
const MAKES_ONCE = /^(?:-[a-zA-Z]*x|--excl)/;

/** Whether the link may run here, judging by its name and arguments. */
export function isSure(name: string, args: readonly string[]): boolean {
  if (!SURE_LINKS.has(name)) return false;
  if (args.length === 1 && (args[0] === "--help" || args[0] === "--version")) return false;
  if (name === "redirfd") return !args.some((arg) => MAKES_ONCE.test(arg));
  if (name === "envfile") return !args.includes("-"); // the input would be gone
  return name !== "multisubstitute" || !args.includes(" elglob");
}

/** Whether it can read or change descriptors. */
export function usesDescriptors(name: string): boolean {
  return !name.startsWith("with-contenv");
}

/** Whether the lists are too long together. */
export function isTooMuch(...lists: readonly (readonly string[])[]): boolean {
  let characters = 0;
  for (const list of lists) {
    for (const text of list) characters += text.length + 1;
  }
  return characters > MOST_CHARACTERS;
}
