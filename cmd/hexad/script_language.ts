/**
 * The language of the scripts that `hexad new` and `hexad import` write, and the interpreter that
 * this machine has for it.
 */
import type { Language } from "../../lib/importer/core/language.ts";
import { access, X_OK } from "../../lib/libc/file.ts";

const EXECLINEB = ["/command/execlineb", "/usr/bin/execlineb", "/bin/execlineb"] as const;

/** Where the overlay has execlineb, if it is nowhere here: then the files are for an image. */
export function languageOf(kind: Language["kind"], interpreter: string | undefined): Language {
  const usual = kind === "sh"
    ? "/bin/sh"
    : EXECLINEB.find((path) => access(path, X_OK) === 0) ?? EXECLINEB[0];
  return { kind, interpreter: interpreter ?? usual };
}
