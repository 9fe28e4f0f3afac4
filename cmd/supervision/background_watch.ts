/**
 * s6-background-watch: stays in the foreground for a daemon that does not. Source: s6,
 * doc/s6-background-watch.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { backgroundWatch } from "../../lib/daemonising/background_watch.ts";

export const table = {
  summary:
    "Starts a daemon that puts itself into the background, hands signals on to it, and ends when it does.",
  usage: "[ -t timeout ] [ -d notif ] pidfile prog...",
  options: [
    {
      short: "t",
      long: "timeout-ready",
      arg: "MS",
      text: "kill the program if it has not gone into the background after so many milliseconds",
    },
    {
      short: "d",
      long: "notification-fd",
      arg: "FD",
      text: "write a newline to this descriptor when it has",
    },
  ],
  exits: [
    [
      "N",
      "the daemon, or the program before it, has exited so; 128 + N: it was killed by signal N",
    ],
    ["100", "wrong usage"],
    ["104", "the pidfile is missing, or there is no pid in it"],
    ["111", "a system call failed, or the pid is not of a process that the program has started"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-background-watch -d 3 /run/food.pid food --pidfile /run/food.pid",
} as const satisfies CommandTable;

export const link = backgroundWatch;
