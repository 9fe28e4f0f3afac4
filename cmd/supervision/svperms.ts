/**
 * s6-svperms: shows or sets who may see and control services. Source: s6, doc/s6-svperms.html,
 * supervision/s6-svperms.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import type { StatusAndControl } from "../../lib/servicedir/core/service_permissions.ts";
import { findGid } from "../../lib/servicedir/accounts.ts";
import {
  readPermissions,
  setEvents,
  setStatusAndControl,
} from "../../lib/servicedir/permissions.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";

export const table = {
  summary:
    "Shows, or sets, who may read the status of services, control them, and listen to their events.",
  usage: "[ -v ] [ -u | -g group | -G group | -o | -O group ] [ -e | -E group ] servicedir...",
  options: [
    {
      short: "v",
      text: "show the permissions, after setting them; the default if no other option is given",
      means: { show: true },
    },
    {
      short: "u",
      text: "only the owner may read the status and control the service",
      means: { statusAndControl: { status: "owner", control: "owner" } },
    },
    {
      short: "g",
      arg: "GROUP",
      text: "the group may read the status, only the owner may control",
      means: (group: string): Partial<Request> => ({
        gid: parseGroup(group),
        statusAndControl: { status: "group", control: "owner" },
      }),
    },
    {
      short: "G",
      arg: "GROUP",
      text: "the group may read the status and control",
      means: (group: string): Partial<Request> => ({
        gid: parseGroup(group),
        statusAndControl: { status: "group", control: "group" },
      }),
    },
    {
      short: "o",
      text: "everybody may read the status, only the owner may control",
      means: { statusAndControl: { status: "public", control: "owner" } },
    },
    {
      short: "O",
      arg: "GROUP",
      text: "everybody may read the status, the group may control",
      means: (group: string): Partial<Request> => ({
        gid: parseGroup(group),
        statusAndControl: { status: "public", control: "group" },
      }),
    },
    { short: "e", text: "everybody may listen to events", means: { events: "public" } },
    {
      short: "E",
      arg: "GROUP",
      text: "the group may listen to events (a group is a name, or :NUMBER)",
      means: (group: string) => ({ events: parseGroup(group) }),
    },
  ],
  exits: [
    ["0", "success"],
    ["1", "the permissions of a service directory could not be told"],
    ["100", "wrong usage, or no such group"],
    ["111", "system call failed"],
  ],
  example: "s6-svperms -v -G www-data /run/service/web",
} as const satisfies CommandTable;

interface Request {
  readonly show: boolean;
  readonly statusAndControl: StatusAndControl | undefined;
  readonly gid: number;
  /** The group that may listen; "public" for everybody. */
  readonly events: number | "public" | undefined;
}

export function main(context: Context): number {
  const { rows, operands } = readCommandLine(context.argv, table);
  const { show, statusAndControl, gid, events } = settingsOf<Request>(rows(), {
    show: rows().length === 0,
    statusAndControl: undefined,
    gid: 0,
    events: undefined,
  });
  if (operands.length === 0) throw new UsageError("no service directory given");
  let code = 0;
  for (const dir of operands) {
    if (statusAndControl !== undefined) {
      setStatusAndControl(dir, { ...statusAndControl, gid }, context.warn);
    }
    if (events !== undefined) {
      setEvents(dir, events === "public" ? undefined : events, context.warn);
    }
    if (!show) continue;
    const { lines, problems } = readPermissions(dir);
    context.out(lines.map((line) => `${line}\n`).join(""));
    problems.forEach(context.warn);
    if (problems.length > 0) code = 1;
  }
  return code;
}

function parseGroup(text: string): number {
  if (text.startsWith(":")) {
    const gid = parseUint(text.slice(1));
    if (gid === undefined) throw new UsageError(`invalid gid: ${text}`);
    return gid;
  }
  const gid = findGid(text);
  if (gid === undefined) {
    throw new Failure(EXIT_USAGE, `unable to find entry for ${text} in group database`);
  }
  return gid;
}
