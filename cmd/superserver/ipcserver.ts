/** s6-ipcserver: a Unix super-server. Source: s6, doc/s6-ipcserver.html, conn-tools/s6-ipcserver.c. */
import { ipcserver } from "../../lib/superserver/bind_link.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Listens on a Unix socket and starts a program for each client; the client is the program's standard input and output.",
  usage:
    "[ -q | -Q | -v ] [ -d | -D ] [ -P | -p ] [ -1 ] [ -c maxconn ] [ -C localmaxconn ] [ -b backlog ] [ -a socketperms ] [ -G gid,gid,... ] [ -g gid ] [ -u uid ] [ -U ] path prog...",
  options: [
    { short: "q", text: "say nothing" },
    { short: "Q", text: "say what goes wrong (the default)" },
    { short: "v", text: "say who connects and how programs end, too" },
    { short: "d", text: "remove what is at the path (the default)" },
    { short: "D", text: "do not: something there is an error" },
    { short: "P", text: "do not look up who the client is" },
    { short: "p", text: "look it up (the default)" },
    { short: "1", text: "write a newline to standard output as soon as clients are accepted" },
    { short: "c", arg: "MAXCONN", text: "serve so many clients at a time; default: 40" },
    { short: "C", arg: "LOCALMAXCONN", text: "serve so many of the same user; default: 40" },
    { short: "b", arg: "BACKLOG", text: "let so many wait to be accepted; default: 4096" },
    { short: "a", arg: "PERMS", text: "permissions of the socket, in octal; default: 0777" },
    { short: "G", arg: "GIDS", text: "become a member of these groups, with commas between them" },
    { short: "g", arg: "GID", text: "change to this group id" },
    { short: "u", arg: "UID", text: "change to this user id" },
    { short: "U", text: "take the ids from UID, GID and GIDLIST, and unset these" },
  ],
  exits: [["0", "told to end by SIGTERM, SIGQUIT or SIGABRT"], ...CHAIN_EXITS.slice(0, 2)],
  example: "s6-ipcserver -1 -a 0700 /run/clock/s s6-clock",
};

export const link = ipcserver;
