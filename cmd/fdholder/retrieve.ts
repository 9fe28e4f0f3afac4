/**
 * s6-fdholder-retrieve: a held descriptor for a program. Source: s6, doc/s6-fdholder-retrieve.html,
 * fdholder/s6-fdholder-retrieve.c.
 */
import { retrieve } from "../../lib/fdholder/links.ts";
import type { LinkModule } from "../context.ts";
import { CLIENT_CHAIN_EXITS, TIMEOUT_OPTION } from "./timeout_option.ts";

export const table: LinkModule["table"] = {
  summary: "Executes a program whose standard input is a descriptor that an fd-holder holds.",
  usage: "[ -D ] [ -t timeout ] path id prog...",
  options: [
    { short: "D", text: "have the holder let go of it" },
    TIMEOUT_OPTION,
  ],
  exits: CLIENT_CHAIN_EXITS,
  example: "s6-fdholder-retrieve /run/fdholder/s unix:/run/web s6-ipcserverd ./serve",
};

export const link = retrieve;
