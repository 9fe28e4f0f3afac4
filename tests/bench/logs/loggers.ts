/** The loggers that are measured, and what each is told to do. */
import { DESELECTED_LEVEL } from "./input.ts";

/** What is done with the lines. */
export type Treatment = "plain" | "stamped" | "selected";

/** Files of at most 256 MiB, three of them kept: what the images that brought s6-log into containers use. */
const SIZE = "s268435455";
const COUNT = "n3";
const SELECTION = `-^[0-9]+ (${DESELECTED_LEVEL}|TRACE) `;

export interface Logger {
  readonly title: string;
  /** Of the whole input, how much it gets: one that is slow would take minutes over all of it, and its rate does not depend on it. */
  readonly share: number;
  /**
   * The command line that logs what comes from standard input into `directory`, which is there. Undefined: it can't do that.
   *
   * All of them write into `directory`/current.
   */
  command(directory: string, treatment: Treatment): readonly string[] | undefined;
}

function s6Log(title: string, program: string): Logger {
  const words: Readonly<Record<Treatment, readonly string[]>> = { plain: [], stamped: ["T"], selected: [SELECTION] };
  return { title, share: 1, command: (directory, treatment) => [program, "--", COUNT, SIZE, ...words[treatment], directory] };
}

/** @param bin the directory of hexad's links */
export function hexadLog(bin: string): Logger {
  return s6Log("hexad's s6-log", `${bin}/s6-log`);
}

export function cLog(): Logger {
  return s6Log("C's s6-log", "/usr/bin/s6-log");
}

/** It reads what is to be done from a file; its patterns are of its own kind, `*` up to the next character of the pattern. */
export function svlogd(): Logger {
  return {
    title: "svlogd",
    share: 1 / 8,
    command: (directory, treatment) => {
      const selection = treatment === "selected" ? [`-* ${DESELECTED_LEVEL} *`] : [];
      Deno.writeTextFileSync(`${directory}/config`, [SIZE, COUNT, ...selection, ""].join("\n"));
      return ["/usr/bin/svlogd", ...(treatment === "stamped" ? ["-ttt"] : []), directory];
    },
  };
}

/** The limit: it looks at nothing, and never begins another file. */
export function cat(): Logger {
  const script = 'exec cat >"$1/current"';
  return {
    title: "`cat >FILE`",
    share: 1,
    command: (directory, treatment) => treatment === "plain" ? ["/bin/sh", "-c", script, "sh", directory] : undefined,
  };
}
