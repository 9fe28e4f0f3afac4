/**
 * s6-setsid: executes a program in a new session or process group. Source: s6, doc/s6-setsid.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { setsid } from "../../lib/credentials/setsid.ts";

export const table = {
  summary:
    "Executes a program as the leader of a new session, or of a new process group in the background or foreground of the terminal.",
  usage: "[ -s | -b | -f | -g ] [ -i | -I | -q ] [ -d ctty ] prog...",
  options: [
    { short: "s", long: "session", text: "new session (the default)" },
    { short: "b", long: "background-process-group", text: "new process group, in the background" },
    {
      short: "f",
      long: "foreground-process-group",
      text: "new process group in the foreground; it is stopped until the terminal is given to it",
    },
    {
      short: "g",
      long: "foreground-process-group-grab",
      text: "new process group in the foreground, taking the terminal at once",
    },
    { long: "process-group", text: "new process group" },
    { long: "foreground", text: "with a new process group: in the foreground" },
    { long: "grab", text: "with --foreground: take the terminal at once" },
    { short: "i", long: "strict", text: "if one of these can't be done, exit 111" },
    { short: "I", long: "no-strict", text: "if one can't be done, warn and go on (the default)" },
    { short: "q", long: "quiet", text: "don't warn" },
    {
      short: "d",
      long: "ctty",
      arg: "FD",
      text: "the terminal is open as descriptor FD; without it, /dev/tty is opened",
    },
  ],
  exits: [
    ["100", "wrong usage"],
    ["111", "system call failed"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-setsid ./daemon",
} as const satisfies CommandTable;

export const link = setsid;
