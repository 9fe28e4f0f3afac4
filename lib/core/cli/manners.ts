/** How other families than s6's take their command lines. Pure. */
import { suggestion } from "../text/edit_distance.ts";
import { type Manner, type OptionSpec, UsageError } from "./getopt.ts";

/**
 * `hexad`'s own commands: options stand anywhere, a value is never empty, and what is misspelt gets
 * a suggestion.
 */
export const OWN_MANNER: Manner = {
  anywhere: true,
  longTakesNext: true,
  emptyValues: false,
  endIsValue: true,
  refuse({ kind, option, word, specs, spec }): never {
    switch (kind) {
      case "unknown": {
        const isInCluster = !word.startsWith("--") && word !== option;
        const known = [...specs.map(({ long }) => `--${long}`), "--help", "--version"];
        const written = isInCluster ? `${option} in ${word}` : option;
        throw new UsageError(`unknown option: ${written}${suggestion(written, known)}`);
      }
      case "needless value":
        throw new UsageError(`option takes no value: ${option}`);
      case "no value":
        throw new UsageError(`option needs a value: --${spec?.long} ${spec?.arg}`);
    }
  },
};

/**
 * The programs of s6-rc: `--verbosity=2`, never `--verbosity 2`. A letter that lacks its value
 * counts as not given. They say what is wrong and no usage. Source: skalibs, gol.c and gol_argv.c.
 */
export const GOL_MANNER: Manner = {
  anywhere: false,
  longTakesNext: false,
  emptyValues: true,
  endIsValue: false,
  refuse({ kind, option, word }): "skip" {
    const isLong = word.startsWith("--");
    if (kind === "no value" && !isLong) return "skip";
    throw new UsageError(
      word.startsWith("--=")
        ? `invalid option: ${word}`
        : !isLong
        ? `unrecognized short option: ${option.slice(1)}`
        : `unrecognized ${word.includes("=") ? "option with argument" : "boolean option"}: ${word}`,
      { showsUsage: false },
    );
  },
};

/**
 * Other people's programs, as far as their options are known: other letters count as flags, other
 * long options are passed over, and a value that is lacking is empty.
 */
export const STRANGERS_MANNER: Manner = {
  anywhere: false,
  longTakesNext: false,
  emptyValues: true,
  endIsValue: true,
  refuse: ({ word }) => word.startsWith("--") ? "skip" : "flag",
};

/** The options that a getopt string tells: in `u:v`, -u has a value and -v has none. */
export function specsOfLetters(letters: string): readonly OptionSpec[] {
  return Array.from(
    letters.matchAll(/([^])(:?)/g),
    ([, short = "", colon]) => ({ short, text: "", ...(colon === "" ? {} : { arg: "VALUE" }) }),
  );
}
