/** Second halves of links, in processes of their own; no user calls them. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { heredocWriter } from "../../lib/execline/heredoc.ts";
import { orphanStarter } from "../../lib/execline/orphan.ts";
import type { LinkModule } from "../context.ts";

function table(summary: string, usage: string): CommandTable {
  return {
    summary: `${summary} It is not called by hand.`,
    usage,
    options: [],
    exits: [["0", "done"], ["111", "a system call failed"]],
    example: "",
  };
}

export const ORPHAN_STARTER_MODULE: LinkModule = {
  table: table("Starts a block of a chain as an orphan.", "fd prog..."),
  link: orphanStarter,
};

export const HEREDOC_WRITER_MODULE: LinkModule = {
  table: table("Writes a string into the pipe of a heredoc.", "string"),
  link: heredocWriter,
};
