/**
 * s6-envdir: files become variables. Source: s6, doc/s6-envdir.html,
 * daemontools-extras/s6-envdir.c.
 */
import { EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { ENOENT, strerror } from "../core/linux/errno.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { needWords } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { tryStat } from "../libc/stat.ts";
import { readEnvdir } from "./envdir.ts";

const LF = 10;

/** The byte that stands for NUL. @throws {UsageError} If none is given. */
function nulByte(text: string | undefined): number {
  if (text === undefined) return LF;
  const [byte] = encodePath(text);
  if (byte === undefined) throw new UsageError("option -c takes a character");
  return byte;
}

/** s6-envdir [ -I | -i ] [ -n ] [ -f ] [ -L ] [ -c nullis ] dir prog... */
export const envdir: Link = {
  nature: "state",
  run({ state, flag, value, last, words }): LinkResult {
    const request = {
      verbatim: flag("f"),
      keepEnd: flag("n"),
      unclamped: flag("L"),
      nulByte: nulByte(value("c")),
    };
    needWords(words, 2, "a directory and a program are");
    const directory = words.first!;
    if (tryStat(directory) === -ENOENT) {
      if (last("I", "i") !== "I") {
        throw new LinkFailure(EXIT_SYSTEM, `unable to envdir ${directory}: ${strerror(ENOENT)}`);
      }
    } else state.env.change(readEnvdir(directory, request));
    return goOn(words.slice(1));
  },
};
