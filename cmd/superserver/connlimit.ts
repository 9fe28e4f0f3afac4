/** s6-connlimit: few connections of a client. Source: s6, doc/s6-connlimit.html, s6-connlimit.c. */
import { connlimit } from "../../lib/superserver/client_links.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Executes a program unless the client has more connections, as ${PROTO}CONNNUM says, than ${PROTO}CONNMAX allows.",
  usage: "prog...",
  options: [],
  exits: [["1", "the client has too many connections"], ...CHAIN_EXITS],
  example: "s6-ipcserver /run/s s6-connlimit ./serve",
};

export const link = connlimit;
