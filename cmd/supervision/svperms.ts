/**
 * s6-svperms: shows or sets who may see and control services. Source: s6, doc/s6-svperms.html,
 * supervision/s6-svperms.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { CommandTable, ParsedOption } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
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
    },
    { short: "u", text: "only the owner may read the status and control the service" },
    { short: "g", arg: "GROUP", text: "the group may read the status, only the owner may control" },
    { short: "G", arg: "GROUP", text: "the group may read the status and control" },
    { short: "o", text: "everybody may read the status, only the owner may control" },
    { short: "O", arg: "GROUP", text: "everybody may read the status, the group may control" },
    { short: "e", text: "everybody may listen to events" },
    {
      short: "E",
      arg: "GROUP",
      text: "the group may listen to events (a group is a name, or :NUMBER)",
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

const STATUS_AND_CONTROL: Readonly<Record<string, StatusAndControl>> = {
  u: { status: "owner", control: "owner" },
  g: { status: "group", control: "owner" },
  G: { status: "group", control: "group" },
  o: { status: "public", control: "owner" },
  O: { status: "public", control: "group" },
};

interface Request {
  readonly show: boolean;
  readonly statusAndControl: (StatusAndControl & { readonly gid: number }) | undefined;
  /** The group that may listen; "public" for everybody. */
  readonly events: number | "public" | undefined;
}

export function main(context: Context): number {
  const { options, operands } = readCommandLine(context.argv, table);
  const { show, statusAndControl, events } = parseRequest(options);
  if (operands.length === 0) throw new UsageError("no service directory given");
  let code = 0;
  for (const dir of operands) {
    if (statusAndControl !== undefined) setStatusAndControl(dir, statusAndControl, context.warn);
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

function parseRequest(options: readonly ParsedOption[]): Request {
  let show = options.length === 0;
  let statusAndControl: Request["statusAndControl"];
  let events: Request["events"];
  let gid = 0;
  for (const { name, value } of options) {
    if (name === "v") show = true;
    else if (name === "e") events = "public";
    else if (name === "E") events = parseGroup(value);
    else {
      if (name !== "u" && name !== "o") gid = parseGroup(value);
      statusAndControl = { ...STATUS_AND_CONTROL[name]!, gid };
    }
  }
  return { show, statusAndControl, events };
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
