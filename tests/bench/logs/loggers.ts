/** The loggers that are measured, and what each is told to do. */
import { DESELECTED_LEVEL } from "./input.ts";

/** What is done with the lines. */
export type Treatment = "plain" | "stamped" | "selected";

/**
 * Files of at most 256 MiB, three of them kept: what the images that brought s6-log into containers
 * use.
 */
const SIZE = "s268435455";
const COUNT = "n3";
const SELECTION = `-^[0-9]+ (${DESELECTED_LEVEL}|TRACE) `;

export interface Logger {
  readonly title: string;
  /**
   * Of the whole input, how much it gets: one that is slow would take minutes over all of it, and
   * its rate does not depend on it.
   */
  readonly share: number;
  readonly treatments: readonly Treatment[];
  /** It keeps nothing. */
  readonly discards?: boolean;
  /**
   * The command line that logs what comes from standard input into `directory`, which is there,
   * first into the file `current`.
   */
  command(directory: string, treatment: Treatment): readonly string[];
}

const ALL: readonly Treatment[] = ["plain", "stamped", "selected"];

function s6Log(title: string, program: string): Logger {
  const words: Readonly<Record<Treatment, readonly string[]>> = {
    plain: [],
    stamped: ["T"],
    selected: [SELECTION],
  };
  return {
    title,
    share: 1,
    treatments: ALL,
    command: (directory, treatment) => [program, "--", COUNT, SIZE, ...words[treatment], directory],
  };
}

/** @param bin the directory of hexad's links */
export function hexadLog(bin: string): Logger {
  return s6Log("hexad's s6-log", `${bin}/s6-log`);
}

export const C_LOG: Logger = s6Log("C's s6-log", "/usr/bin/s6-log");

/**
 * It reads what is to be done from a file; its patterns are of its own kind, `*` up to the next
 * character of the pattern.
 */
export const SVLOGD: Logger = {
  title: "svlogd",
  share: 1 / 8,
  treatments: ALL,
  command: (directory, treatment) => {
    const selection = treatment === "selected" ? [`-* ${DESELECTED_LEVEL} *`] : [];
    Deno.writeTextFileSync(`${directory}/config`, [SIZE, COUNT, ...selection, ""].join("\n"));
    return ["/usr/bin/svlogd", ...(treatment === "stamped" ? ["-ttt"] : []), directory];
  },
};

/** The limit: it looks at nothing, and never begins another file. */
export const CAT: Logger = {
  title: "`cat >FILE`",
  share: 1,
  treatments: ["plain"],
  command: (directory) => ["/bin/sh", "-c", 'exec cat >"$1/current"', "sh", directory],
};

/** How fast the input can come at all. */
export const DISCARD: Logger = {
  title: "`cat >/dev/null`",
  share: 1,
  treatments: ["plain"],
  discards: true,
  command: (
    directory,
  ) => ["/bin/sh", "-c", ': >"$1/current"; exec cat >/dev/null', "sh", directory],
};
