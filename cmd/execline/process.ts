/**
 * Links about the process: its directory, mask and children; and what asks about files and users.
 * Source: execline, doc/.
 */
import { eltest } from "../../lib/execline/eltest.ts";
import { posixCd } from "../../lib/execline/posix_cd.ts";
import { cd, posixUmask, umaskLink } from "../../lib/execline/process_facts.ts";
import { trap } from "../../lib/execline/trap.ts";
import { wait } from "../../lib/execline/wait.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS, SYSTEM_EXIT } from "./exits.ts";

const CD = {
  table: {
    summary: "Enters a directory.",
    usage: "path prog...",
    options: [],
    exits: LINK_EXITS,
    example: "cd /var/lib/server ./server",
  },
  link: cd,
} as const satisfies LinkModule;

const UMASK = {
  table: {
    summary: "Sets the file mode creation mask.",
    usage: "value prog...",
    options: [],
    exits: LINK_EXITS,
    example: "umask 077 ./server",
  },
  link: umaskLink,
} as const satisfies LinkModule;

const ELTEST_EXITS = [
  ["0", "true"],
  ["1", "false"],
  ["100", "no expression"],
  ...SYSTEM_EXIT,
] as const;

export const PROCESS_LINKS = {
  cd: CD,
  "execline-cd": CD,
  eltest: {
    table: {
      summary: "Tests files, strings and numbers: exits 0 if the expression is true.",
      usage: "expression...",
      options: [],
      exits: ELTEST_EXITS,
      example: "if { eltest -d /data -a -w /data } ./server",
    },
    link: eltest,
  },
  "s6-test": {
    table: {
      summary:
        "Tests files, strings and numbers, as eltest does: for scripts of s6-portable-utils before 2.3.",
      usage: "expression...",
      options: [],
      exits: ELTEST_EXITS,
      example: "if { s6-test ${1} -ne 0 } s6-svscanctl -t /run/service",
    },
    link: eltest,
  },
  "posix-cd": {
    table: {
      summary: "Enters a directory as POSIX has it: CDPATH, PWD, OLDPWD.",
      usage: "[ -L | -P ] [ - | path ] [ prog... ]",
      options: [{ short: "L", text: "take .. by the text of the path (the default)" }, {
        short: "P",
        text: "follow symbolic links",
      }],
      exits: LINK_EXITS,
      example: "posix-cd -P /var/run s6-ls .",
    },
    link: posixCd,
  },
  "posix-umask": {
    table: {
      summary: "Sets the file mode creation mask, in symbols too, or prints it.",
      usage: "[ -S ] [ mask ] [ prog... ]",
      options: [{ short: "S", text: "print it in symbols" }],
      exits: [["1", "no mask"], ...LINK_EXITS],
      example: "posix-umask g-w,o= ./server",
    },
    link: posixUmask,
  },
  trap: {
    table: {
      summary:
        "Runs what follows as a child, and a block when a signal comes; $SIGNAL is the signal and $! the child.",
      usage: "[ -x ] { signal { block } ... [ default { block } ] } prog...",
      options: [{ short: "x", text: "pass on signals that have no block" }],
      exits: LINK_EXITS,
      example: "trap { SIGHUP { importas -u ! ! kill -USR1 $! } } ./server",
    },
    link: trap,
  },
  umask: UMASK,
  "execline-umask": UMASK,
  wait: {
    table: {
      summary: "Waits for children.",
      usage: "[ -I | -i ] [ -a | -o ] [ -r | -t timeout ] { [ pids... ] } prog...",
      options: [
        { short: "I", long: "no-insist", text: "go on when the time is up (the default)" },
        { short: "i", long: "insist", text: "exit 99 then" },
        { short: "a", long: "all", text: "wait for all of them (the default)" },
        { short: "o", long: "one", text: "wait for one of them; $! is its pid, $? its exit code" },
        { short: "r", long: "reap", text: "don't wait: -t 0" },
        {
          short: "t",
          long: "timeout",
          arg: "MS",
          text: "wait no longer than so many milliseconds",
        },
      ],
      exits: [["99", "with -i: timed out"], ...LINK_EXITS],
      example: "background { ./first } background { ./second } wait { } ./third",
    },
    link: wait,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
