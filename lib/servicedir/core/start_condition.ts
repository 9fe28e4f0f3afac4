/** The lines of a `condition` file, on which it depends whether a service starts. Pure. */

/**
 * One line of a `condition` file. If any condition is not met, the service is skipped and counts as
 * up.
 */
export type StartCondition =
  | { readonly kind: "set"; readonly variable: string }
  | { readonly kind: "unset"; readonly variable: string }
  | { readonly kind: "equal"; readonly variable: string; readonly value: string }
  | { readonly kind: "exists"; readonly path: string };

/** Undefined if it is none. */
export function parseCondition(line: string): StartCondition | undefined {
  const exists = /^exists[ \t]+(\/.*)$/.exec(line);
  if (exists !== null) return { kind: "exists", path: exists[1]! };
  const found = /^(!?)([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/.exec(line);
  if (found === null) return undefined;
  const [, not, variable, value] = found;
  if (value === undefined) return { kind: not === "" ? "set" : "unset", variable: variable! };
  return not === "" ? { kind: "equal", variable: variable!, value } : undefined;
}
