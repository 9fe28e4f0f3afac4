/**
 * s6-instance-status: s6-svstat on an instance. Source: s6, doc/s6-instance-status.html,
 * instance/s6-instance-status.c.
 */
import { status } from "../../lib/instances/links.ts";
import type { LinkModule } from "../context.ts";
import { SVSTAT_OPTIONS } from "../supervision/svstat_options.ts";

export const table: LinkModule["table"] = {
  summary: "Tells the state of an instance, as s6-svstat does.",
  usage: "[ -uwNrpgest | -o fields ] [ -n ] service instancename",
  options: SVSTAT_OPTIONS,
  exits: [["0", "success"], ["1", "no supervisor runs for it"], ["100", "wrong usage"], [
    "111",
    "system call failed",
  ]],
  example: "s6-instance-status -o up,ready /run/service/db primary",
};

export const link = status;
