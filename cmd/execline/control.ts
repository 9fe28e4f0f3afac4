/**
 * execlineb, and links about where a chain goes. Source: execline, doc/execlineb.html,
 * doc/exec.html, doc/tryexec.html, doc/exit.html.
 */
import { exec, exit, tryexec } from "../../lib/execline/exec.ts";
import { execlineb } from "../../lib/execline/execlineb.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS, NEXT_EXITS, USAGE_EXIT } from "./exits.ts";

const ARGV0 = [
  { short: "c", text: "with an empty environment" },
  { short: "l", text: "with a dash before argv[0], as for a login shell" },
  { short: "a", arg: "ARGV0", text: "with this argv[0]" },
];

export const CONTROL_LINKS = {
  exec: {
    table: {
      summary: "Executes a program.",
      usage: "[ -c ] [ -l ] [ -a argv0 ] prog...",
      options: ARGV0,
      exits: [...USAGE_EXIT, ...NEXT_EXITS],
      example: "exec -c -a server ./server",
    },
    link: exec,
  },
  execlineb: {
    table: {
      summary: "Runs a script, or a command line, of the execline language.",
      usage: "[ -p | -P | -S nmin | -s nmin ] [ -q | -w | -W ] [ -c commandline ] script args...",
      options: [
        { short: "P", text: "leave the environment alone" },
        { short: "p", text: "set #, 0, 1 and so on, and keep nothing of those that were there" },
        {
          short: "S",
          arg: "N",
          text: "substitute $#, $@, $0, $1 and so on, at least N of them, in the script",
        },
        { short: "s", arg: "N", text: "the same, and $@ begins after the first N" },
        { short: "q", text: "words of a block need no leading space: EXECLINE_STRICT is unset" },
        { short: "w", text: "they are warned about: EXECLINE_STRICT is 1" },
        { short: "W", text: "they are errors: EXECLINE_STRICT is 2" },
        { short: "e", text: "does nothing, for those who take it for a shell" },
        { short: "c", arg: "LINE", text: "run this in place of a script" },
      ],
      exits: [["0", "the script is empty"], ...LINK_EXITS],
      example: "execlineb -Pc 'foreground { s6-echo hello } s6-echo world'",
    },
    link: execlineb,
  },
  exit: {
    table: {
      summary: "Ends the chain.",
      usage: "[ exitcode ]",
      options: [],
      exits: [["0", "without an exit code"], ...USAGE_EXIT],
      example: "if -n { ./ready } exit 3",
    },
    link: exit,
  },
  tryexec: {
    table: {
      summary: "Goes on with a block if its program can be executed, else with what follows.",
      usage: "[ -n ] [ -c ] [ -l ] [ -a argv0 ] { block } prog...",
      options: [
        { short: "n", text: "try what follows first, else go on with the block" },
        ...ARGV0,
      ],
      exits: [...USAGE_EXIT, ...NEXT_EXITS],
      example: "tryexec { /usr/local/bin/server } /usr/bin/server",
    },
    link: tryexec,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
