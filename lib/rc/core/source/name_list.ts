/**
 * Lists of names in a file, one a line. Blanks and tabs before a name are cut; those after it are
 * not. Empty lines and lines that begin with `#` are skipped. Source: s6-rc, s6-rc-compile.c,
 * add_namelist. Pure.
 */
import { decodePath } from "../../../core/text/path_bytes.ts";

export interface ListedName {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

export function listedNames(bytes: Uint8Array): ListedName[] {
  const names: ListedName[] = [];
  for (const [index, line] of decodePath(bytes).split("\n").entries()) {
    const nul = line.indexOf("\0");
    const name = (nul < 0 ? line : line.slice(0, nul)).replace(/^[ \t]+/, "");
    if (name !== "" && !name.startsWith("#")) names.push({ name, line: index + 1 });
  }
  return names;
}
