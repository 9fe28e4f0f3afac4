/**
 * Links that rearrange descriptors. Source: execline, doc/fdmove.html and the pages of the others.
 */
import {
  fdblock,
  fdclose,
  fdmove,
  fdreserve,
  fdswap,
  piperw,
} from "../../lib/execline/descriptors.ts";
import { heredoc } from "../../lib/execline/heredoc.ts";
import { redirfd } from "../../lib/execline/redirfd.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "./exits.ts";

export const DESCRIPTOR_LINKS = {
  fdblock: {
    table: {
      summary: "Makes a descriptor blocking.",
      usage: "[ -n ] fd prog...",
      options: [{ short: "n", text: "non-blocking" }],
      exits: LINK_EXITS,
      example: "fdblock 0 ./program",
    },
    link: fdblock,
  },
  fdclose: {
    table: {
      summary: "Closes a descriptor.",
      usage: "fd prog...",
      options: [],
      exits: LINK_EXITS,
      example: "fdclose 0 ./program",
    },
    link: fdclose,
  },
  fdmove: {
    table: {
      summary: "Gives a descriptor another number.",
      usage: "[ -c ] to from prog...",
      options: [{ short: "c", text: "keep it under the old number too" }],
      exits: LINK_EXITS,
      example: "fdmove -c 2 1 ./program",
    },
    link: fdmove,
  },
  fdreserve: {
    table: {
      summary:
        "Finds descriptors that are free, and tells their numbers in the variables FD0, FD1 and so on.",
      usage: "n prog...",
      options: [],
      exits: LINK_EXITS,
      example: "fdreserve 2 importas -u R FD0 importas -u W FD1 piperw $R $W ./program",
    },
    link: fdreserve,
  },
  fdswap: {
    table: {
      summary: "Exchanges two descriptors.",
      usage: "fd1 fd2 prog...",
      options: [],
      exits: LINK_EXITS,
      example: "fdswap 1 2 ./program",
    },
    link: fdswap,
  },
  heredoc: {
    table: {
      summary: "Lets a string be read from a descriptor.",
      usage: "[ -d ] fd string prog...",
      options: [{ short: "d", text: "if that takes a process, make it an orphan" }],
      exits: LINK_EXITS,
      example: 'heredoc 0 "hello\\n" s6-cat',
    },
    link: heredoc,
  },
  piperw: {
    table: {
      summary: "Makes a pipe: its reading end is one descriptor, its writing end another.",
      usage: "fdr fdw prog...",
      options: [],
      exits: LINK_EXITS,
      example:
        "piperw 3 4 background { fdclose 3 fdmove 1 4 ./writer } fdclose 4 fdmove 0 3 ./reader",
    },
    link: piperw,
  },
  redirfd: {
    table: {
      summary: "Opens a file as a descriptor.",
      usage:
        "-[ r | w | u | a | x ] [ -n ] [ -b ] fd file prog...\n       redirfd -f -[ r | w | u | a | x ] [ -n ] [ -b ] [ -E | -e ] var file prog...",
      options: [
        { short: "r", text: "for reading" },
        { short: "w", text: "for writing; truncated if it exists" },
        { short: "u", text: "for reading and writing" },
        { short: "a", text: "for appending" },
        { short: "x", text: "for writing; it must not exist" },
        { short: "N", long: "block", text: "blocking (the default)" },
        { short: "n", long: "nonblock", text: "non-blocking" },
        { short: "b", long: "switch-block", text: "once it is open: the other way round" },
        {
          short: "f",
          long: "open",
          text: "take a free descriptor and tell its number in the variable",
        },
        {
          short: "e",
          long: "no-autoimport",
          text: "leave the variable in the environment (the default)",
        },
        { short: "E", long: "autoimport", text: "substitute the variable in what follows" },
        { long: "read", text: "O_RDONLY or O_RDWR; --no-read undoes it" },
        { long: "no-read", text: "not for reading" },
        { long: "write", text: "O_WRONLY or O_RDWR; --no-write undoes it" },
        { long: "no-write", text: "not for writing" },
        { long: "create", text: "O_CREAT; --no-create undoes it" },
        { long: "no-create", text: "the file must exist" },
        { long: "append", text: "O_APPEND; --no-append undoes it" },
        { long: "no-append", text: "not at the end" },
        { long: "trunc", text: "O_TRUNC; --no-trunc undoes it" },
        { long: "no-trunc", text: "the content stays" },
        { long: "excl", text: "O_EXCL; --no-excl undoes it" },
        { long: "no-excl", text: "the file may exist" },
      ],
      exits: LINK_EXITS,
      example: "redirfd -w 1 /var/log/start fdmove -c 2 1 ./program",
    },
    link: redirfd,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
