/**
 * `%(name)s` in values of supervisord.conf, as in Python's % operator. A value that is known only
 * from supervisord's environment stays a variable. Source: Python, "printf-style String
 * Formatting"; supervisor, options.py, expand(). Pure.
 */
import type { WordVariable } from "./planned_word.ts";
import { Refusal } from "../../grammars/core/refusal.ts";
import { type Entry, placeIn } from "../../grammars/core/section_file.ts";

/** The value of each `%(name)s`, by name. */
export type Expansions = ReadonlyMap<string, string | number>;

/** A piece of an expanded value, and its position in the original value. */
export interface ExpandedPart {
  readonly at: number;
  readonly part: string | WordVariable;
}

const FORMAT = /%(?:\(([^)]*)\)([-0 +#]*)(\d*)(?:\.\d+)?[hlL]?([a-zA-Z%])?|(%))?/g;
const MAX_WIDTH = 1000;

/** @throws {Refusal} If Python would throw. */
export function expandParts(entry: Entry, values: Expansions): ExpandedPart[] {
  const text = entry.value;
  const parts: ExpandedPart[] = [];
  let done = 0;
  const refuse = (at: number, reason: string): never => {
    throw new Refusal(placeIn(entry, at), `${entry.key}: ${reason}`);
  };
  for (const match of text.matchAll(FORMAT)) {
    const at = match.index;
    const [whole, name, flags = "", width = "", type, percent] = match;
    parts.push({ at: done, part: text.slice(done, at) });
    done = at + whole.length;
    if (percent !== undefined) parts.push({ at, part: "%" });
    else if (name === undefined || type === undefined) {
      refuse(at, "a % that is not %(NAME)s; one that means itself is written %%");
    } else {
      const value = valueOf(name, values);
      if (value === undefined) refuse(at, `%(${name})s is nothing that supervisord knows`);
      else if (typeof value === "object") parts.push({ at, part: value });
      else {
        const shown = formatted(value, { flags, width, type });
        if (shown === undefined) refuse(at, `${whole} can't show ${value}`);
        else parts.push({ at, part: shown });
      }
    }
  }
  parts.push({ at: done, part: text.slice(done) });
  return parts.filter(({ part }) => part !== "");
}

/** The value as plain text; undefined if it has a variable of the container. */
export function expandText(entry: Entry, values: Expansions): string | undefined {
  const parts = expandParts(entry, values).map(({ part }) => part);
  return parts.every((part) => typeof part === "string") ? parts.join("") : undefined;
}

function valueOf(name: string, values: Expansions): string | number | WordVariable | undefined {
  const known = values.get(name);
  if (known !== undefined) return known;
  // container engines set HOSTNAME to the container's name
  if (name === "host_node_name") return { variable: "HOSTNAME", isNeeded: true };
  const variable = /^ENV_([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1];
  return variable === undefined ? undefined : { variable, isNeeded: true };
}

interface Conversion {
  readonly flags: string;
  readonly width: string;
  readonly type: string;
}

function formatted(value: string | number, conversion: Conversion): string | undefined {
  const { flags, type } = conversion;
  const width = Math.min(MAX_WIDTH, Number(conversion.width));
  if (!"sdi".includes(type)) return undefined;
  if (type !== "s" && typeof value !== "number") return undefined;
  const text = `${flags.includes("+") && type !== "s" ? "+" : ""}${value}`;
  if (flags.includes("-")) return text.padEnd(width);
  return text.padStart(width, flags.includes("0") && type !== "s" ? "0" : " ");
}
