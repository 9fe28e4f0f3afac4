/** s6-ipcclient: connects a program. Source: s6, doc/s6-ipcclient.html, conn-tools/s6-ipcclient.c. */
import { ipcclient } from "../../lib/superserver/client_links.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";
import { CLIENT_OPTIONS } from "./client_options.ts";

export const table: LinkModule["table"] = {
  summary:
    "Connects to a Unix socket and executes a program that reads from it on descriptor 6 and writes to it on 7.",
  usage: "[ -q | -Q | -v ] [ -p bindpath ] [ -l localname ] path prog...",
  options: CLIENT_OPTIONS,
  exits: CHAIN_EXITS,
  example: "s6-ipcclient /run/clock/s fdmove 0 6 s6-cat",
};

export const link = ipcclient;
