/**
 * The names of files that have a meaning in a definition, by its type, and suggestions for misspelt
 * ones. Pure.
 */
import { editDistance } from "../../../core/text/edit_distance.ts";
import { SERVICEDIR_ROWS } from "../../../servicedir/core/servicedir_files.ts";
import type { ServiceType } from "./definition.ts";

/** The files that are copied from a longrun's definition into its service directory. */
const COPIED = SERVICEDIR_ROWS.filter(([, { rc }]) => rc !== undefined).map(([name]) => name);
const ATOMIC = [
  "type",
  "dependencies.d",
  "dependencies",
  "timeout-up",
  "timeout-down",
  "flag-essential",
  "flag-recommended",
  "wants.d",
  "after.d",
  "before.d",
  "restarts-with.d",
  "condition",
];
const NAMES: Readonly<Record<ServiceType, readonly string[]>> = {
  oneshot: [...ATOMIC, "up", "down", "reload", "timeout-kill"],
  longrun: [
    ...ATOMIC,
    ...COPIED,
    ...[
      "producer-for",
      "consumer-for",
      "pipeline-name",
      "ready-tcp",
      "ready-http",
      "ready-log",
      "max-start-failures",
    ],
  ],
  bundle: ["type", "contents.d", "contents", "flag-essential", "flag-recommended"],
};
const EVERY_NAME: ReadonlySet<string> = new Set(Object.values(NAMES).flat());
/** Shorter names resemble too many others. */
const SHORT = 5;

/** Whether the file has a meaning, but not in a definition of this type. */
export function isMisplaced(name: string, type: ServiceType): boolean {
  return EVERY_NAME.has(name) && !NAMES[type].includes(name);
}

/**
 * The file that a name was probably meant to be; undefined if it resembles none, or has a meaning
 * itself.
 */
export function meantDefinitionFile(
  name: string,
  type: ServiceType,
): { readonly name: string; readonly sure: boolean } | undefined {
  const known = NAMES[type];
  if (EVERY_NAME.has(name) || name.startsWith(".") || name.length > 32) return undefined;
  const plain = name.toLowerCase().replaceAll("_", "-").replace(/\.(?:sh|txt)$/, "");
  if (plain !== name && known.includes(plain)) return { name: plain, sure: true };
  const dotted = `${name}.d`;
  if (known.includes(dotted)) return { name: dotted, sure: true };
  if (name.length < SHORT) return undefined;
  const near = known.filter((each) => each.length >= SHORT && editDistance(plain, each) <= 2);
  return near.length === 1
    ? { name: near[0]!, sure: editDistance(plain, near[0]!) === 1 }
    : undefined;
}
