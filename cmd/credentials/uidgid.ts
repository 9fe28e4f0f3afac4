/**
 * The commands that find out who somebody is and become that user. Source: s6,
 * doc/s6-setuidgid.html, s6-envuidgid.html, s6-applyuidgid.html.
 */
import { applyuidgid, envuidgid, setuidgid } from "../../lib/credentials/uidgid_links.ts";
import type { LinkModule } from "../context.ts";
import { LINK_EXITS } from "../execline/exits.ts";

const UNKNOWN_EXIT = ["1", "there is no such user or group"] as const;

export const UIDGID_LINKS = {
  "s6-applyuidgid": {
    table: {
      summary: "Takes on ids, given as numbers, and executes a program.",
      usage: "[ -z ] [ -u uid ] [ -g gid ] [ -G gidlist ] [ -U ] prog...",
      options: [
        { short: "z", text: "remove UID, GID and GIDLIST from the environment" },
        { short: "u", arg: "UID", text: "the user; 0 leaves it as it is" },
        { short: "g", arg: "GID", text: "the group; 0 leaves it as it is" },
        {
          short: "G",
          arg: "GIDS",
          text:
            "the supplementary groups, numbers or names, with commas between them; +GIDS: besides those of -U",
        },
        { short: "U", text: "all of them from the variables UID, GID and GIDLIST" },
      ],
      exits: LINK_EXITS,
      example: "s6-envuidgid www-data s6-applyuidgid -Uz ./server",
    },
    link: applyuidgid,
  },
  "s6-envuidgid": {
    table: {
      summary: "Sets UID, GID and GIDLIST to the numbers of an account, and executes a program.",
      usage: "[ -u | -g | -B ] [ -n | -N ] [ -i | -D uid:gid:gidlist ] account prog...",
      options: [
        { short: "u", text: "the account is a user: set UID only" },
        { short: "g", text: "the account is a group: set GID only" },
        { short: "B", text: "the account is user:group: set UID and GID" },
        { short: "n", text: "what no file knows may be a number" },
        {
          short: "N",
          text:
            "what no file knows may be a number: the user who has it, or itself, user and group",
        },
        { short: "i", text: "an account that is not known is an error (the default)" },
        { short: "D", arg: "UID:GID:GIDS", text: "what to set where the account is not known" },
      ],
      exits: [UNKNOWN_EXIT, ...LINK_EXITS],
      example: "s6-envuidgid -D 65534:65534: nobody ./server",
    },
    link: envuidgid,
  },
  "s6-setuidgid": {
    table: {
      summary: "Executes a program as another user, with its groups.",
      usage: "account prog...",
      options: [],
      exits: [UNKNOWN_EXIT, ...LINK_EXITS],
      example: "s6-setuidgid nobody ./server",
    },
    link: setuidgid,
  },
} as const satisfies Readonly<Record<string, LinkModule>>;
