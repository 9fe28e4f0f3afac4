/**
 * s6-fdholder-getdump: all held descriptors for a program. Source: s6,
 * doc/s6-fdholder-getdump.html, fdholder/s6-fdholder-getdump.c.
 */
import { getdump } from "../../lib/fdholder/links.ts";
import type { LinkModule } from "../context.ts";
import { CLIENT_CHAIN_EXITS, TIMEOUT_OPTION } from "./timeout_option.ts";

export const table: LinkModule["table"] = {
  summary:
    "Executes a program with all descriptors that an fd-holder holds, and variables that tell which is which.",
  usage: "[ -t timeout ] path prog...",
  options: [TIMEOUT_OPTION],
  exits: CLIENT_CHAIN_EXITS,
  example: "s6-fdholder-getdump /run/fdholder/s s6-fdholder-setdump /run/other/s",
};

export const link = getdump;
