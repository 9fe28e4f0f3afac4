/**
 * The commands that give a program its variables and its limits. Source: s6, doc/s6-envdir.html,
 * s6-softlimit.html.
 */
import { envdir } from "../../lib/credentials/envdir_link.ts";
import { softlimit } from "../../lib/credentials/softlimit.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "../execline/exits.ts";

export const SURROUNDING_LINKS = {
  "s6-envdir": {
    table: {
      summary: "Makes each file of a directory a variable, and executes a program.",
      usage: "[ -I | -i ] [ -n ] [ -f ] [ -L ] [ -c nullis ] dir prog...",
      options: [
        { short: "I", text: "a directory that is not there changes nothing" },
        { short: "i", text: "it is an error (the default)" },
        { short: "n", text: "keep blanks at the end of the line; with -f, the last newline" },
        { short: "f", text: "whole files, not only their first lines" },
        { short: "L", text: "however long; otherwise only the first 4095 bytes of each count" },
        { short: "c", arg: "C", text: "the character that a NUL becomes (a newline)" },
      ],
      exits: LINK_EXITS,
      example: "s6-envdir ./env ./server",
    },
    link: envdir,
  },
  "s6-softlimit": {
    table: {
      summary: "Sets limits of resources, and executes a program.",
      usage:
        "[ -H | -h ] [ -a mem ] [ -c core ] [ -d data ] [ -f fsize ] [ -l lock ] [ -m mem ] [ -o files ] [ -P prio ] [ -p procs ] [ -r res ] [ -s stack ] [ -t secs ] prog...",
      options: [
        { short: "H", text: "what follows sets hard limits too" },
        { short: "h", text: "what follows sets hard limits only" },
        { short: "a", arg: "BYTES", text: "address space; = is the hard limit, here and below" },
        { short: "c", arg: "BYTES", text: "size of a core file" },
        { short: "d", arg: "BYTES", text: "data segment" },
        { short: "f", arg: "BYTES", text: "size of a file" },
        { short: "l", arg: "BYTES", text: "locked memory" },
        { short: "m", arg: "BYTES", text: "data segment, stack, locked memory and address space" },
        { short: "o", arg: "N", text: "open descriptors" },
        { short: "P", arg: "N", text: "real-time priority" },
        { short: "p", arg: "N", text: "processes of the user" },
        { short: "r", arg: "BYTES", text: "resident set" },
        { short: "s", arg: "BYTES", text: "stack" },
        { short: "t", arg: "SECONDS", text: "CPU time" },
      ],
      exits: LINK_EXITS,
      example: "s6-softlimit -o 4096 -c 0 ./server",
    },
    link: softlimit,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
