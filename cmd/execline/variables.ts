/** Links that change variables. Source: execline, doc/export.html and the pages of the others. */
import { backtick, withstdinas } from "../../lib/execline/backtick.ts";
import { emptyenv, envfile } from "../../lib/execline/environment.ts";
import { exportArray, exportLink, unexport } from "../../lib/execline/export.ts";
import { getcwd, getpidLink } from "../../lib/execline/process_facts.ts";
import type { LinkModule } from "../context.ts";
import { AUTOIMPORT } from "./shared_options.ts";
import { LINK_EXITS } from "./exits.ts";

const CHOMP = [
  { short: "N", text: "keep a newline at the end" },
  { short: "n", text: "drop it (the default)" },
];

export const VARIABLE_LINKS = {
  backtick: {
    table: {
      summary: "Sets a variable to what a block writes.",
      usage: "[ -i | -I | -x | -D default ] [ -N | -n ] [ -E | -e ] var { block } prog...",
      options: [
        {
          short: "i",
          text: "if the block fails or writes a NUL, exit with its code (the default)",
        },
        { short: "I", text: "take what it has written, up to a NUL; $? tells how it ended" },
        { short: "x", text: "remove the variable then; $? tells how it ended" },
        { short: "D", arg: "DEFAULT", text: "take this then; $? tells how it ended" },
        ...CHOMP,
        ...AUTOIMPORT,
      ],
      exits: [["124", "the block wrote a NUL"], ...LINK_EXITS],
      example: "backtick -E HERE { s6-dirname /etc/server/conf } s6-ls $HERE",
    },
    link: backtick,
  },
  emptyenv: {
    table: {
      summary: "Empties the environment.",
      usage: "[ -p | -l | -c | -o | -P ] prog...",
      options: [
        { short: "p", long: "keep-path", text: "keep PATH" },
        { short: "l", long: "keep-ld-library-path", text: "keep LD_LIBRARY_PATH" },
        {
          short: "c",
          long: "cleanup",
          text:
            "remove only what execline has set: !, ?, #, positional parameters, ELGETOPT_*, FD*",
        },
        {
          short: "o",
          long: "pop-elgetopt",
          text: "remove the variables of the last elgetopt; those before it are back",
        },
        {
          short: "P",
          long: "pop-execline",
          text: "remove the last positional parameters; those before them are back",
        },
      ],
      exits: LINK_EXITS,
      example: "emptyenv -p export HOME / ./program",
    },
    link: emptyenv,
  },
  envfile: {
    table: {
      summary: "Sets the variables that a file names.",
      usage: "[ -i | -I ] file prog...",
      options: [{ short: "i", text: "the file must exist (the default)" }, {
        short: "I",
        text: "it need not",
      }],
      exits: [["1", "the file has a line that is no assignment"], ...LINK_EXITS],
      example: "envfile /etc/default/server ./server",
    },
    link: envfile,
  },
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
      options: [{
        short: "d",
        arg: "DELIM",
        text: "write this byte behind each value; without it they are netstrings",
      }],
      exits: LINK_EXITS,
      example: "export-array -d , LIST { a b c } ./program",
    },
    link: exportArray,
  },
  getcwd: {
    table: {
      summary: "Sets a variable to the directory.",
      usage: "[ -E | -e ] variable prog...",
      options: [...AUTOIMPORT],
      exits: LINK_EXITS,
      example: "getcwd -E HERE s6-echo $HERE",
    },
    link: getcwd,
  },
  getpid: {
    table: {
      summary: "Sets a variable to the pid.",
      usage: "[ -E | -e ] [ -P | -p ] variable prog...",
      options: [...AUTOIMPORT, { short: "P", text: "the parent's" }, {
        short: "p",
        text: "its own (the default)",
      }],
      exits: LINK_EXITS,
      example:
        "getpid -E PID redirfd -w 3 server.pid foreground { fdmove 1 3 s6-echo $PID } fdclose 3 ./server",
    },
    link: getpidLink,
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
  withstdinas: {
    table: {
      summary: "Sets a variable to all of standard input.",
      usage: "[ -i | -I | -D default ] [ -N | -n ] [ -E | -e ] var prog...",
      options: [
        { short: "i", text: "if there is a NUL in it, exit 1" },
        { short: "I", text: "remove the variable then" },
        { short: "D", arg: "DEFAULT", text: "take this then" },
        ...CHOMP,
        ...AUTOIMPORT,
      ],
      exits: [["1", "with -i: a NUL"], ...LINK_EXITS],
      example: "redirfd -r 0 /etc/hostname withstdinas -E NAME s6-echo $NAME",
    },
    link: withstdinas,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
