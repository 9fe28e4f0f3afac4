/**
 * s6-instance-control: s6-svc on an instance. Source: s6, doc/s6-instance-control.html,
 * instance/s6-instance-control.c.
 */
import { control } from "../../lib/instances/links.ts";
import type { LinkModule } from "../context.ts";
import { SVC_LETTERS } from "../supervision/svc_letters.ts";

export const table: LinkModule["table"] = {
  summary: "Sends commands to the supervisor of an instance, as s6-svc does.",
  usage:
    "[ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -s signal | -abqhkti12pcyrlPCK ] [ -oduDUxOQ ] service instancename",
  options: [
    ...SVC_LETTERS,
    { short: "s", arg: "SIGNAL", text: "send the signal of that name or number" },
    { short: "w", arg: "STATE", text: "wait until it is in that state: u, U, d, D, r or R" },
    { short: "T", arg: "MS", text: "with -w: give up after so many milliseconds; 0 is never" },
  ],
  exits: [["0", "success"], ["1", "its supervisor runs no more"], ["99", "timed out"], [
    "100",
    "wrong usage",
  ], ["111", "system call failed"]],
  example: "s6-instance-control -r /run/service/db primary",
};

export const link = control;
