/** hexad-notifyoncheck: the process beside the daemon of s6-notifyoncheck; no user calls it. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readinessPoller } from "../../lib/servicedir/notifyoncheck.ts";
import type { LinkModule } from "../context.ts";
import { allowScriptsHere } from "../run_scripts_here.ts";

export const table = {
  summary: "Polls a service for its readiness. It is not called by hand.",
  usage: "fd events-fd fifo numbers... [ line ]",
  options: [],
  exits: [["0", "ready"], ["1", "all tries were in vain"], ["2", "the service is gone"], [
    "3",
    "the time is up",
  ], [
    "111",
    "a system call failed",
  ]],
  example: "",
} as const satisfies CommandTable;

export const link: LinkModule["link"] = {
  ...readinessPoller,
  run(call): ReturnType<LinkModule["link"]["run"]> {
    allowScriptsHere();
    return readinessPoller.run(call);
  },
};
