/**
 * s6-ipcserver-access: rules about clients. Source: s6, doc/s6-ipcserver-access.html,
 * conn-tools/s6-ipcserver-access.c.
 */
import { access } from "../../lib/superserver/access_link.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Executes a program if rules let the client of s6-ipcserver in, with what they say of its environment.",
  usage: "[ -v verbosity ] [ -e | -E ] [ -l localname ] [ -i rulesdir | -x rulesfile ] prog...",
  options: [
    {
      short: "v",
      arg: "VERBOSITY",
      text: "0: say what goes wrong; 1, the default: who is let in, too; 2: who is not, too",
    },
    { short: "e", text: "set ${PROTO}LOCALPATH to the name of the socket (the default)" },
    { short: "E", text: "unset PROTO, and what s6-ipcserver has told of the client" },
    { short: "l", arg: "LOCALNAME", text: "the value of ${PROTO}LOCALPATH, in place of that name" },
    { short: "i", arg: "RULESDIR", text: "a directory says who may do what" },
    { short: "x", arg: "RULESFILE", text: "a database of s6-accessrules-cdb-from-fs says it" },
  ],
  exits: [["1", "the client is not let in"], ...CHAIN_EXITS],
  example: "s6-ipcserver /run/s s6-ipcserver-access -i rules ./serve",
};

export const link = access;
