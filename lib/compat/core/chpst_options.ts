/**
 * The options of runit's chpst: for the command, and for who translates scripts that call it.
 * Source: runit, chpst(8). Pure.
 */
import type { OptionSpec } from "../../core/cli/getopt.ts";

export const CHPST_OPTIONS = [
  { short: "u", arg: "USER", text: "become USER[:GROUP...], or by numbers :UID:GID[:GID...]" },
  { short: "U", arg: "USER", text: "set UID and GID to the numbers of such a USER" },
  { short: "b", arg: "NAME", text: "the name that the program sees itself called by" },
  { short: "e", arg: "DIR", text: "make each file of DIR a variable" },
  { short: "/", arg: "DIR", text: "make DIR the root directory" },
  { short: "C", arg: "DIR", text: "enter DIR, after the change of the root directory" },
  { short: "n", arg: "N", text: "add N, which may be negative, to the niceness" },
  { short: "l", arg: "FILE", text: "wait for a lock on FILE, and hold it" },
  { short: "L", arg: "FILE", text: "the same, but fail if somebody else has it" },
  { short: "m", arg: "BYTES", text: "limit data segment, stack, locked and all memory" },
  { short: "d", arg: "BYTES", text: "limit the data segment" },
  { short: "o", arg: "N", text: "limit open descriptors" },
  { short: "p", arg: "N", text: "limit the user's processes" },
  { short: "f", arg: "BYTES", text: "limit the size of files" },
  { short: "c", arg: "BYTES", text: "limit the size of core files" },
  { short: "r", arg: "BYTES", text: "limit the resident set" },
  { short: "t", arg: "SECONDS", text: "limit CPU time" },
  { short: "v", text: "warn about directories in the DIR of -e" },
  { short: "P", text: "start a new session" },
  { short: "0", text: "close standard input" },
  { short: "1", text: "close standard output" },
  { short: "2", text: "close standard error" },
] as const satisfies readonly OptionSpec[];

/** Those that set a limit; s6-softlimit has the same letters for them. */
export const CHPST_LIMITS = ["m", "d", "o", "p", "f", "c", "r", "t"] as const;
