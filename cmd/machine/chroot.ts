/** s6-chroot: another root for a program. Source: s6-linux-utils, doc/s6-chroot.html, s6-chroot.c. */
import { chrootLink } from "../../lib/machine/new_root.ts";
import type { LinkModule } from "../context.ts";
import { CHAIN_EXITS } from "../usual_exits.ts";

export const table: LinkModule["table"] = {
  summary:
    "Enters a directory, makes it the root, and executes a program that is looked for there.",
  usage: "newroot prog...",
  options: [],
  exits: CHAIN_EXITS,
  example: "s6-chroot /srv/jail /bin/daemon",
};

export const link = chrootLink;
