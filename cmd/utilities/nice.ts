/**
 * s6-nice: executes a program that yields to others. Source: s6-portable-utils, doc/s6-nice.html,
 * s6-nice.c.
 */
import { nice } from "../../lib/utilities/nice.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Adds to the niceness and executes a program. What would be above 19 or below -20 is 19 or -20.",
  usage: "[ -I | -i ] [ -n value ] prog...",
  options: [
    {
      short: "n",
      arg: "VALUE",
      text: "how much to add; default: 10. Only root can take something away",
    },
    { short: "i", text: "if that can't be done, exit 111" },
    { short: "I", text: "if that can't be done, warn and go on (the default)" },
  ],
  exits: CHAIN_EXITS,
  example: "s6-nice -n 5 ./backup",
};

export const link = nice;
