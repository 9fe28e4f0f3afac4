/**
 * EXECLINE_STRICT. Source: execline, doc/execlineb.html, "EXECLINE_STRICT";
 * libexecline/el_getstrict.c.
 */
import { parseUint } from "../core/linux/config_file.ts";
import type { State } from "./state.ts";

/**
 * 0: a word of a block without its space is fine; 1: it is warned about; 2 and more: it is an
 * error.
 */
export function strictness(state: State): number {
  return parseUint(state.env.get("EXECLINE_STRICT") ?? "0") ?? 0;
}
