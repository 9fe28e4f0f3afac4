/**
 * s6-notifyoncheck: gives readiness notification to a daemon that must be polled for it. Source:
 * s6, doc/s6-notifyoncheck.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { notifyoncheck } from "../../lib/servicedir/notifyoncheck.ts";

export const table = {
  summary:
    "Becomes a daemon; beside it, runs ./data/check until that succeeds and then tells the supervisor that the daemon is ready.",
  usage:
    '[ -d ] [ -3 fd ] [ -s initialsleep ] [ -T globaltimeout ] [ -t localtimeout ] [ -w waitingtime ] [ -n tries ] [ -c "checkprog..." ] prog...',
  options: [
    { short: "d", long: "doublefork", text: "poll in a process that is not the daemon's child" },
    {
      short: "3",
      long: "notification-fd",
      arg: "FD",
      text: "descriptor to notify on; default: the number in ./notification-fd",
    },
    {
      short: "s",
      long: "initial-sleep",
      arg: "MS",
      text: "time before the first check; default 10",
    },
    {
      short: "T",
      long: "global-timeout",
      arg: "MS",
      text: "give up after so long; 0, the default, is never",
    },
    {
      short: "t",
      long: "local-timeout",
      arg: "MS",
      text: "end a check that takes longer; 0, the default, is never",
    },
    { short: "w", long: "waiting-time", arg: "MS", text: "time between two checks; default 1000" },
    {
      short: "n",
      long: "tries",
      arg: "N",
      text: "give up after so many checks; 0 is never; default 7",
    },
    {
      short: "c",
      long: "check-program",
      arg: "LINE",
      text: "a command line for execlineb to run in place of ./data/check",
    },
  ],
  exits: [["100", "wrong usage, or no supervisor"], ["111", "system call failed"], [
    "126",
    "prog can't be executed",
  ], [
    "127",
    "prog was not found",
  ]],
  example: "s6-notifyoncheck -t 2000 -c 'redis-cli ping' redis-server /etc/redis.conf",
} as const satisfies CommandTable;

export const link = notifyoncheck;
