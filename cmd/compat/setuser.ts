/** setuser: executes a program as another user. Source: baseimage-docker, image/bin/setuser. */
import { setuser } from "../../lib/compat/setuser.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";

export const table = {
  summary:
    "Executes a program as another user, with its groups and with USER, HOME and UID, as setuser of phusion's base image does.",
  usage: "username command [args..]",
  options: [],
  exits: [["1", "wrong usage, no such user, or the program can't be executed"]],
  example: "setuser www-data ./server",
} as const satisfies CommandTable;

export const link = setuser;
