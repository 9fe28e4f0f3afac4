/**
 * `x-hexad: finish` as a finish script, which gives the command the four words that it gets itself.
 * Source: s6, doc/servicedir.html, "finish"; execline, doc/elgetpositionals.html. Pure.
 */
import type { PlannedFile } from "../../importer/core/service_plan.ts";

const FINISH = "finish";
/** The chain, where the script itself only enters the container's environment. */
const CHAIN = "data/finish";
/** What a word says of the script's own words; a name ends where the word does, or before these. */
const POSITIONAL = /(\\*)\$(\{[0-4#@]\}|[0-4#@](?=$|[\\${}]))/g;

/**
 * @param script Makes a script, without options of execlineb, out of the command: it runs in the
 *   service's surroundings
 * @param entrance Lines that come first, and lose the words: `with-contenv`, or nothing
 */
export function finishFilesOf(
  words: readonly string[],
  script: (words: readonly string[]) => string,
  entrance: string,
): PlannedFile[] {
  const text = script(["elgetpositionals", "emptyenv", "-P", ...words.map(protectedWord), "$@"]);
  if (entrance === "") return [{ path: FINISH, text, executable: true }];
  const [interpreter] = text.split("\n");
  return [
    {
      path: FINISH,
      text: `${interpreter} -S0\n${entrance}\n./${CHAIN} $@\n`,
      executable: true,
    },
    { path: CHAIN, text, executable: true },
  ];
}

/** A `$1` of its own stays what it is, such as one of a line for a shell. */
function protectedWord(word: string): string {
  return word.replace(POSITIONAL, "$1$1\\$$$2");
}
