/**
 * s6-env: executes a program in a changed environment, or prints it. Source: s6-portable-utils,
 * doc/s6-env.html, s6-env.c.
 */
import { env } from "../../lib/utilities/env.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Executes a program with some variables set; without a program, prints the environment that it would get.",
  usage: "[ -i ] [ name=value... ] [ prog... ]",
  options: [{ short: "i", text: "start with an empty environment" }],
  exits: [["0", "the environment was printed"], ...CHAIN_EXITS],
  example: "s6-env TZ=UTC LANG=C ./run",
};

export const link = env;
