/**
 * s6-fdholder-daemon: holds descriptors for clients. Source: s6, doc/s6-fdholder-daemon.html,
 * fdholder/s6-fdholder-daemon.c.
 */
import { daemon } from "../../lib/fdholder/links.ts";
import type { LinkModule } from "../context.ts";
import { HOLDER_EXITS, HOLDER_OPTIONS } from "./holder_options.ts";

export const table: LinkModule["table"] = {
  summary: "Binds a Unix socket and holds descriptors for those who connect to it.",
  usage:
    "[ -1 ] [ -v verbosity ] [ -d | -D ] [ -c maxconn ] [ -n maxfds ] [ -b backlog ] [ -G gid,gid,... ] [ -g gid ] [ -u uid ] [ -U ] [ -t clienttimeout ] [ -T lameducktimeout ] [ -i rulesdir | -x rulesfile ] path",
  options: [
    ...HOLDER_OPTIONS,
    { short: "d", text: "remove what is at the path (the default)" },
    { short: "D", text: "do not: something there is an error" },
    { short: "b", arg: "BACKLOG", text: "let so many wait to be accepted; default: 4096" },
    { short: "G", arg: "GIDS", text: "become a member of these groups, with commas between them" },
    { short: "g", arg: "GID", text: "change to this group id" },
    { short: "u", arg: "UID", text: "change to this user id" },
    { short: "U", text: "take the ids from UID, GID and GIDLIST, and unset these" },
  ],
  exits: HOLDER_EXITS,
  example: "s6-fdholder-daemon -1 -i rules /run/fdholder/s",
};

export const link = daemon;
