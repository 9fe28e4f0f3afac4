/**
 * s6-ipcserver-socketbinder: a socket for a program. Source: s6,
 * doc/s6-ipcserver-socketbinder.html, conn-tools/s6-ipcserver-socketbinder.c.
 */
import { socketbinder } from "../../lib/superserver/bind_link.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary: "Binds a Unix socket, listens on it, and executes a program whose standard input it is.",
  usage: "[ -d | -D ] [ -b backlog ] [ -M | -m ] [ -a perms ] [ -B ] path prog...",
  options: [
    { short: "d", text: "remove what is at the path (the default)" },
    { short: "D", text: "do not: something there is an error" },
    {
      short: "b",
      arg: "BACKLOG",
      text: "let so many connections wait to be accepted; default: 4096; 0: do not listen",
    },
    { short: "M", text: "a socket for streams (the default)" },
    { short: "m", text: "a socket for datagrams, which needs -b 0" },
    { short: "a", arg: "PERMS", text: "its permissions, in octal; default: 0777" },
    { short: "B", text: "a socket that blocks" },
  ],
  exits: CHAIN_EXITS,
  example: "s6-ipcserver-socketbinder -a 0700 /run/app/s ./server",
};

export const link = socketbinder;
