/** hexad-orphan: the process between a chain and an orphan of it; no user calls it. */
import type { CommandTable } from "../lib/core/getopt.ts";
import { orphanStarter } from "../lib/execline/orphan.ts";

export const table: CommandTable = {
  summary: "Starts an orphan for a chain. It is not called by hand.",
  usage: "fd prog...",
  options: [],
  exits: [["0", "done"]],
  example: "hexad-orphan 3 ./program",
};

export const link = orphanStarter;
