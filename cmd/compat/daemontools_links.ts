/** The programs of daemontools that execute another one, in one chunk. */
import {
  envdir,
  envuidgid,
  fghack,
  pgrphack,
  setlock,
  setuidgid,
  softlimit,
} from "../../lib/compat/daemontools_links.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import type { LinkModule } from "../context.ts";

const EXITS: CommandTable["exits"] = [
  ["100", "wrong usage"],
  ["111", "something failed, or the program can't be executed"],
];

export const DAEMONTOOLS_LINKS: Readonly<Record<string, LinkModule>> = {
  envdir: {
    table: {
      summary: "Makes each file of a directory a variable, as daemontools' envdir does.",
      usage: "dir child",
      options: [],
      exits: EXITS,
      example: "envdir ./env ./server",
    },
    link: envdir,
  },
  envuidgid: {
    table: {
      summary: "Sets UID and GID to the numbers of an account, and executes a program.",
      usage: "account child",
      options: [],
      exits: EXITS,
      example: "envuidgid www-data ./server",
    },
    link: envuidgid,
  },
  fghack: {
    table: {
      summary: "Runs a daemon that puts itself into the background, and ends when it does.",
      usage: "child",
      options: [],
      exits: [["N", "the program has exited so"], EXITS[0]!, ["111", "it crashed or can't be run"]],
      example: "fghack food --daemon",
    },
    link: fghack,
  },
  pgrphack: {
    table: {
      summary: "Executes a program in a session of its own.",
      usage: "child",
      options: [],
      exits: EXITS,
      example: "pgrphack ./server",
    },
    link: pgrphack,
  },
  setlock: {
    table: {
      summary: "Executes a program that holds a lock on a file, of flock(2)'s kind.",
      usage: "[ -nNxX ] file program [ arg ... ]",
      options: [
        { short: "n", text: "don't wait for the lock" },
        { short: "N", text: "wait for the lock (the default)" },
        { short: "x", text: "if the file can't be locked, exit 0 without a word" },
        { short: "X", text: "if it can't, say so and exit 111 (the default)" },
      ],
      exits: [["0", "with -x: the lock could not be had"], ...EXITS],
      example: "setlock -n /run/lock/backup ./backup",
    },
    link: setlock,
  },
  setuidgid: {
    table: {
      summary: "Executes a program as another user, with that user's own group alone.",
      usage: "account child",
      options: [],
      exits: EXITS,
      example: "setuidgid nobody ./server",
    },
    link: setuidgid,
  },
  softlimit: {
    table: {
      summary: "Sets soft limits of resources, and executes a program.",
      usage:
        "[-a allbytes] [-c corebytes] [-d databytes] [-f filebytes] [-l lockbytes] [-m membytes] [-o openfiles] [-p processes] [-r residentbytes] [-s stackbytes] [-t cpusecs] child",
      options: [
        { short: "a", arg: "BYTES", text: "address space; = is the hard limit, here and below" },
        { short: "c", arg: "BYTES", text: "size of a core file" },
        { short: "d", arg: "BYTES", text: "data segment" },
        { short: "f", arg: "BYTES", text: "size of a file" },
        { short: "l", arg: "BYTES", text: "locked memory" },
        { short: "m", arg: "BYTES", text: "data segment, stack, locked memory and address space" },
        { short: "o", arg: "N", text: "open descriptors" },
        { short: "p", arg: "N", text: "processes of the user" },
        { short: "r", arg: "BYTES", text: "resident set" },
        { short: "s", arg: "BYTES", text: "stack" },
        { short: "t", arg: "SECONDS", text: "CPU time" },
      ],
      exits: EXITS,
      example: "softlimit -o 4096 -c 0 ./server",
    },
    link: softlimit,
  },
};
