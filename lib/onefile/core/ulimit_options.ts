/**
 * `ulimits` as options of s6-softlimit. Source: Compose specification, 05-services.md, "ulimits";
 * s6, doc/s6-softlimit.html. Pure.
 */
import { suggestion } from "../../core/text/edit_distance.ts";
import type { FileFindings } from "./file_findings.ts";
import type { ServiceValues } from "./service_keys.ts";

/** The names of ulimits, and the letters of s6-softlimit. */
export const LIMIT_LETTERS: Readonly<Record<string, string>> = {
  as: "a",
  core: "c",
  cpu: "t",
  data: "d",
  fsize: "f",
  memlock: "l",
  nofile: "o",
  nproc: "p",
  rss: "r",
  rtprio: "P",
  stack: "s",
};

type Ulimits = NonNullable<ServiceValues["ulimits"]>["value"];

/** The options; hard limits come first, since the soft ones may be above the old hard ones. */
export function limitOptions(ulimits: Ulimits, findings: FileFindings): string[] {
  const both: string[] = [];
  const soft: string[] = [];
  for (const { name, place, value, isSound } of ulimits) {
    const letter = Object.hasOwn(LIMIT_LETTERS, name) ? LIMIT_LETTERS[name] : undefined;
    if (letter === undefined) {
      findings.error(
        place,
        `no limit that can be set: ${name}${suggestion(name, Object.keys(LIMIT_LETTERS))}`,
      );
      continue;
    }
    const limits = typeof value === "number"
      ? { soft: value, hard: value }
      : { soft: value.soft?.value, hard: value.hard?.value };
    if (limits.hard !== undefined) both.push(`-${letter}`, wordOf(limits.hard));
    if (limits.soft !== undefined && limits.soft !== limits.hard) {
      soft.push(`-${letter}`, wordOf(limits.soft));
    }
    if (!isSound) continue;
    if (limits.soft === undefined && limits.hard === undefined) {
      findings.error(place, `${name}: a number is needed, or soft and hard`);
    } else if (limits.soft === undefined) {
      findings.error(place, `${name}: soft is needed beside hard`);
    } else if (isAbove(limits.soft, limits.hard)) {
      findings.error(place, `${name}: soft is above hard`);
    }
  }
  if (both.length === 0) return soft;
  return ["-H", ...both, ...(soft.length === 0 ? [] : ["s6-softlimit", ...soft])];
}

function isAbove(soft: number, hard: number | undefined): boolean {
  return hard !== undefined && hard !== -1 && (soft === -1 || soft > hard);
}

/** `=` is no limit, or for a soft limit the hard one. */
function wordOf(limit: number): string {
  return limit === -1 ? "=" : String(limit);
}
