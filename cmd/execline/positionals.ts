/**
 * Links about positional parameters. Source: execline, doc/shift.html and the pages of the others.
 */
import { elgetopt, runblock, shift } from "../../lib/execline/positionals.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";

export const POSITIONAL_LINKS = {
  elgetopt: {
    table: {
      summary: "Parses the options among the positional parameters: ELGETOPT_a is set for -a.",
      usage: "[ -D default ] optstring prog...",
      options: [{
        short: "D",
        arg: "DEFAULT",
        text: "the value of an option that takes none; default 1",
      }],
      exits: [["1", "an option that is not in optstring, or lacks its value"], ...LINK_EXITS],
      example: "elgetopt vo: importas -D out FILE ELGETOPT_o s6-echo $FILE",
    },
    link: elgetopt,
  },
  runblock: {
    table: {
      summary: "Goes on with a block that stands in the positional parameters.",
      usage: "[ -P ] [ -n argshift ] [ -r ] n [ cmd... ]",
      options: [
        { short: "P", text: "keep the positional parameters" },
        { short: "n", arg: "N", text: "the blocks begin after so many parameters" },
        { short: "r", text: "go on with all that follows the first n blocks" },
      ],
      exits: LINK_EXITS,
      example: "foreground { runblock 1 } runblock -r 1",
    },
    link: runblock,
  },
  shift: {
    table: {
      summary: "Drops the first positional parameters.",
      usage: "[ -n arg# ] [ -b block# ] prog...",
      options: [{ short: "n", arg: "N", text: "so many; default 1" }, {
        short: "b",
        arg: "N",
        text: "so many blocks, after those",
      }],
      exits: LINK_EXITS,
      example: "shift -n 2 elgetpositionals s6-echo $@",
    },
    link: shift,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
