/** Links that run blocks, and decide by how they end. Source: execline, doc/foreground.html and the pages of the others. */
import { background, foreground } from "../../lib/execline/foreground.ts";
import { ifelse, ifLink, ifte, ifthenelse } from "../../lib/execline/conditions.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";

const CRASH = { short: "X", text: "a block that was killed by a signal has failed, and that is all; else it is the end" };

export const BLOCK_LINKS = {
  background: {
    table: {
      summary: "Starts a block beside what follows; $! is its pid.",
      usage: "[ -d ] { block } prog...",
      options: [{ short: "d", text: "make it an orphan: no child of what follows" }],
      exits: LINK_EXITS,
      example: "background { redirfd -w 1 report ./long-job } ./server",
    },
    link: background,
  },
  foreground: {
    table: {
      summary: "Runs a block to its end, then what follows; $? is the block's exit code, or 256 more than the signal that killed it.",
      usage: "{ block } prog...",
      options: [],
      exits: LINK_EXITS,
      example: 'foreground { s6-echo "about to start" } ./server',
    },
    link: foreground,
  },
  if: {
    table: {
      summary: "Runs a block, and goes on only if it succeeds; else exits with its exit code.",
      usage: "[ -n ] [ -X ] [ -t | -x exitcode ] { block } prog...",
      options: [
        { short: "n", text: "go on only if it fails, else exit 1" },
        CRASH,
        { short: "t", text: "when not going on, exit 0" },
        { short: "x", arg: "CODE", text: "when not going on, exit with this code" },
      ],
      exits: [["128 + N", "the block was killed by signal N"], ...LINK_EXITS],
      example: "if { eltest -d /data } ./server",
    },
    link: ifLink,
  },
  ifelse: {
    table: {
      summary: "Runs a block; if it succeeds goes on with the second block, else with what follows.",
      usage: "[ -n ] [ -X ] { if } { then... } else...",
      options: [{ short: "n", text: "the other way round" }, CRASH],
      exits: [["128 + N", "the first block was killed by signal N"], ...LINK_EXITS],
      example: "ifelse { eltest -e /etc/server.conf } { ./server /etc/server.conf } ./server",
    },
    link: ifelse,
  },
  ifte: {
    table: {
      summary: "Runs what follows; if that succeeds goes on with the first block, else with the second.",
      usage: "[ -X ] [ -n ] { then } { else } if...",
      options: [{ short: "n", text: "the other way round" }, CRASH],
      exits: [["128 + N", "what follows was killed by signal N"], ...LINK_EXITS],
      example: "ifte { s6-echo up } { s6-echo down } s6-svok /run/service/db",
    },
    link: ifte,
  },
  ifthenelse: {
    table: {
      summary: "Runs a block; if it succeeds runs the second, else the third; then goes on, with $? as after foreground.",
      usage: "[ -X ] [ -s ] { if } { then } { else } prog...",
      options: [CRASH, { short: "s", text: "go on with what follows behind the chosen block, as one command line" }],
      exits: [["128 + N", "the first block was killed by signal N"], ...LINK_EXITS],
      example: "ifthenelse { eltest -d /data } { s6-touch /data/seen } { s6-mkdir /data } ./server",
    },
    link: ifthenelse,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
