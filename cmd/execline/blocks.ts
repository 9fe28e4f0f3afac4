/**
 * Links that run blocks, and decide by how they end. Source: execline, doc/foreground.html and the
 * pages of the others.
 */
import { background, foreground } from "../../lib/execline/foreground.ts";
import { caseLink } from "../../lib/execline/case.ts";
import { ifelse, ifLink, ifte, ifthenelse } from "../../lib/execline/conditions.ts";
import { pipeline } from "../../lib/execline/pipeline.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";

const CRASH = {
  short: "X",
  text: "a block that was killed by a signal has failed, and that is all; else it is the end",
};

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
  case: {
    table: {
      summary:
        "Goes on with the block of the first pattern that a value matches, or with what follows.",
      usage:
        "[ -s | -S ] [ -e | -E ] [ -n | -N ] [ -i ] value { pattern { prog... } ... } default...",
      options: [
        { short: "s", text: "shell patterns" },
        { short: "S", text: "regular expressions, for all of the value (the default)" },
        { short: "e", text: "basic ones; with -s: a backslash is nothing special" },
        { short: "E", text: "extended ones (the default)" },
        { short: "n", text: "don't tell what was matched (the default)" },
        {
          short: "N",
          text:
            "set #, 0 to the pattern, 1 and so on to its groups; with -s: a slash is matched by a slash only",
        },
        { short: "i", text: "in any case; with -s: a leading period is matched by a period only" },
      ],
      exits: LINK_EXITS,
      example: 'case $1 { "start|restart" { ./start } stop { ./stop } } s6-echo "what?"',
    },
    link: caseLink,
  },
  foreground: {
    table: {
      summary:
        "Runs a block to its end, then what follows; $? is the block's exit code, or 256 more than the signal that killed it.",
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
      summary:
        "Runs a block; if it succeeds goes on with the second block, else with what follows.",
      usage: "[ -n ] [ -X ] { if } { then... } else...",
      options: [{ short: "n", text: "the other way round" }, CRASH],
      exits: [["128 + N", "the first block was killed by signal N"], ...LINK_EXITS],
      example: "ifelse { eltest -e /etc/server.conf } { ./server /etc/server.conf } ./server",
    },
    link: ifelse,
  },
  ifte: {
    table: {
      summary:
        "Runs what follows; if that succeeds goes on with the first block, else with the second.",
      usage: "[ -X ] [ -n ] { then } { else } if...",
      options: [{ short: "n", text: "the other way round" }, CRASH],
      exits: [["128 + N", "what follows was killed by signal N"], ...LINK_EXITS],
      example: "ifte { s6-echo up } { s6-echo down } s6-svok /run/service/db",
    },
    link: ifte,
  },
  ifthenelse: {
    table: {
      summary:
        "Runs a block; if it succeeds runs the second, else the third; then goes on, with $? as after foreground.",
      usage: "[ -X ] [ -s ] { if } { then } { else } prog...",
      options: [CRASH, {
        short: "s",
        text: "go on with what follows behind the chosen block, as one command line",
      }],
      exits: [["128 + N", "the first block was killed by signal N"], ...LINK_EXITS],
      example: "ifthenelse { eltest -d /data } { s6-touch /data/seen } { s6-mkdir /data } ./server",
    },
    link: ifthenelse,
  },
  pipeline: {
    table: {
      summary: "Starts a block whose output is the input of what follows; $! is its pid.",
      usage: "[ -d ] [ -r | -w ] { block } prog...",
      options: [
        { short: "d", text: "make it an orphan: no child of what follows" },
        { short: "r", text: "read from the block (the default)" },
        { short: "w", text: "write to the block" },
      ],
      exits: LINK_EXITS,
      example: "pipeline { s6-echo hello } s6-cat",
    },
    link: pipeline,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
