/**
 * s6-pivotchroot: another root for the whole namespace. Source: s6-linux-utils,
 * doc/s6-pivotchroot.html, s6-pivotchroot.c.
 */
import { pivotchrootLink } from "../../lib/machine/new_root.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Makes a mount point the root of its mount namespace, mounts the old root below it, and executes a program that is looked for in the new one.",
  usage: "newroot putold prog...",
  options: [],
  exits: CHAIN_EXITS,
  example: "s6-pivotchroot /newroot old /sbin/init",
};

export const link = pivotchrootLink;
