/**
 * s6-sleep: waits, then executes a program. Source: s6-portable-utils, doc/s6-sleep.html,
 * s6-sleep.c.
 */
import { sleep } from "../../lib/utilities/sleep.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary: "Waits for some seconds, then executes a program, or exits if none is given.",
  usage: "[ -m ] duration [ prog... ]",
  options: [{ short: "m", text: "the duration is in milliseconds" }],
  exits: [["0", "it has waited, and there is no program"], ...CHAIN_EXITS],
  example: "s6-sleep -m 500 ./run",
};

export const link = sleep;
