/** s6-setlock: executes a program that holds a lock. Source: s6, doc/s6-setlock.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { setlock } from "../../lib/credentials/setlock.ts";

export const table = {
  summary:
    "Takes a lock on a file, creating it if need be, and executes a program that holds the lock until it ends.",
  usage: "[ -r | -w ] [ -n | -N ] [ -t timeout ] [ -d fd ] lockfile prog...",
  options: [
    { short: "r", text: "shared lock" },
    { short: "w", text: "exclusive lock (the default)" },
    { short: "n", text: "don't wait for the lock" },
    { short: "N", text: "wait for the lock (the default)" },
    { short: "t", arg: "MS", text: "wait no longer than so many milliseconds; 0: no limit" },
    { short: "d", arg: "FD", text: "let the program have the lock's file open as descriptor FD" },
  ],
  exits: [
    ["1", "the lock is somebody else's"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-setlock -t 5000 /run/lock/backup ./backup",
} as const satisfies CommandTable;

export const link = setlock;
