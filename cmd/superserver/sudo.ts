/** s6-sudo: has a server run a program. Source: s6, doc/s6-sudo.html, conn-tools/s6-sudo.c. */
import { sudo } from "../../lib/superserver/sudo_link.ts";
import type { LinkModule } from "../context.ts";
import { CLIENT_OPTIONS } from "./client_options.ts";
import { SUDO_EXITS, SUDO_OPTIONS } from "./sudo_options.ts";

export const table: LinkModule["table"] = {
  summary:
    "Connects to a server of s6-sudod, which runs a program with the own standard descriptors, arguments and variables.",
  usage:
    "[ -q | -Q | -v ] [ -p bindpath ] [ -l localname ] [ -e ] [ -t timeoutconn ] [ -T timeoutrun ] path [ args... ]",
  options: [
    ...CLIENT_OPTIONS,
    ...SUDO_OPTIONS,
  ],
  exits: SUDO_EXITS,
  example: "s6-sudo /run/reload/s nginx",
};

export const link = sudo;
