/**
 * Turns Limit* of a unit into options of s6-softlimit. Source: systemd.exec(5), "Process
 * Properties"; s6, doc/s6-softlimit.html. Pure.
 */
import type { Notes } from "./import_notes.ts";
import type { Section } from "../../grammars/core/section_file.ts";

const OPTIONS: Readonly<Record<string, string>> = {
  LimitAS: "a",
  LimitCORE: "c",
  LimitDATA: "d",
  LimitFSIZE: "f",
  LimitMEMLOCK: "l",
  LimitNOFILE: "o",
  LimitNPROC: "p",
  LimitRSS: "r",
  LimitSTACK: "s",
  LimitCPU: "t",
  LimitRTPRIO: "P",
};

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
  T: 1024 ** 4,
};

/** A larger value means no limit. */
const MAX_VALUE = 2 ** 53;

/** The soft limits. s6-softlimit can't set a different hard limit at the same time. */
export function limitsOf(section: Section, notes: Notes): string[] {
  return Object.entries(OPTIONS).flatMap(([key, letter]) => {
    const entry = section.take(key);
    if (entry === undefined || entry.value === "") return [];
    const [soft = "", hard] = entry.value.split(":");
    if (hard !== undefined && hard !== soft) notes.entry(entry, "the hard limit stays what it is");
    if (soft === "infinity") return [`-${letter}`, "="];
    const match = /^(\d+)([KMGT]?)B?$/i.exec(soft);
    if (match === null) {
      notes.entry(entry, "no limit that can be read");
      return [];
    }
    const value = Number(match[1]) * UNITS[match[2]!.toUpperCase()]!;
    return [`-${letter}`, value > MAX_VALUE ? "=" : String(value)];
  });
}
