/**
 * init-stage2 and init-stage3: scripts of s6-overlay 1 and 2 that images may edit, but nobody can
 * run here.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";

export const table = {
  summary: "Not to be run: what this script of s6-overlay 1 and 2 did, /init does by itself.",
  usage: "",
  options: [],
  exits: [["100", "always"]],
  example: "/init",
} as const satisfies CommandTable;

export function main(_context: Context): never {
  throw new Failure(
    EXIT_USAGE,
    "PID 1 does by itself what this script did in s6-overlay 1 and 2; begin with /init",
  );
}
