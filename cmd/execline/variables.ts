/** Links that change variables. Source: execline, doc/export.html and the pages of the others. */
import { exportArray, exportLink, unexport } from "../../lib/execline/export.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";

export const VARIABLE_LINKS = {
  export: {
    table: {
      summary: "Sets a variable.",
      usage: "variable value prog...",
      options: [],
      exits: LINK_EXITS,
      example: "export LANG C ./program",
    },
    link: exportLink,
  },
  "export-array": {
    table: {
      summary: "Sets a variable to several values.",
      usage: "[ -d delim ] variable { values... } prog...",
      options: [{ short: "d", arg: "DELIM", text: "write this byte behind each value; without it they are netstrings" }],
      exits: LINK_EXITS,
      example: "export-array -d , LIST { a b c } ./program",
    },
    link: exportArray,
  },
  unexport: {
    table: {
      summary: "Removes a variable.",
      usage: "variable prog...",
      options: [],
      exits: LINK_EXITS,
      example: "unexport LANG ./program",
    },
    link: unexport,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
