/** Loops. Source: execline, doc/forx.html and the pages of the others. */
import { forbacktickx, forstdin, forx, loopwhilex } from "../../lib/execline/loops.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";
import { AUTOIMPORT, LOOP_CODES, LOOP_LINES, LOOP_PARALLEL } from "./shared_options.ts";

const LINE_USAGE =
  "[ -p | -P maxpar | -o codes | -x codes ] [ -E | -e ] [ -N | -n ] [ -C | -c ] [ -0 | -d delim ]";

export const LOOP_LINKS = {
  forbacktickx: {
    table: {
      summary: "Runs what follows for each line that a block writes.",
      usage: `${LINE_USAGE} var { block } prog...`,
      options: [...LOOP_PARALLEL, ...LOOP_CODES, ...AUTOIMPORT, ...LOOP_LINES],
      exits: [["0", "done"], ["1", "no line"], ...LINK_EXITS],
      example: "forbacktickx -E FILE { s6-ls /etc/cont-init.d } /etc/cont-init.d/${FILE}",
    },
    link: forbacktickx,
  },
  forstdin: {
    table: {
      summary: "Runs what follows for each line of standard input.",
      usage: `${LINE_USAGE} var prog...`,
      options: [...LOOP_PARALLEL, ...LOOP_CODES, ...AUTOIMPORT, ...LOOP_LINES],
      exits: [["0", "done"], ["1", "no line"], ...LINK_EXITS],
      example: "redirfd -r 0 hosts forstdin -E HOST s6-echo $HOST",
    },
    link: forstdin,
  },
  forx: {
    table: {
      summary: "Runs what follows for each of several values.",
      usage: "[ -E | -e ] [ -p | -P maxpar ] [ -o codes | -x codes ] var { values... } prog...",
      options: [...LOOP_PARALLEL, ...LOOP_CODES, ...AUTOIMPORT],
      exits: [["0", "done"], ...LINK_EXITS],
      example: "forx -E DIR { /run /tmp } s6-mkdir -p $DIR",
    },
    link: forx,
  },
  loopwhilex: {
    table: {
      summary: "Runs what follows as long as it succeeds.",
      usage: "[ -n ] [ -o codes | -x codes ] prog...",
      options: [
        { short: "n", text: "as long as it fails" },
        { short: "o", arg: "CODES", text: "as long as its exit code is one of these" },
        { short: "x", arg: "CODES", text: "until its exit code is one of these" },
      ],
      exits: [["128 + N", "it was killed by signal N"], ...LINK_EXITS],
      example: "loopwhilex -n ./try",
    },
    link: loopwhilex,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
