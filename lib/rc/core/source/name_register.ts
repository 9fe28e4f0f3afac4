/**
 * The names that definitions define and mention, as s6-rc-compile keeps them. A name is known from
 * its first mention, gets its type when it is defined, and can be defined only once.
 *
 * Positions are those of C's string table, which its debug lines print. Source: s6-rc,
 * s6-rc-compile.c, add_name. Pure.
 */
import { encodePath } from "../../../core/text/path_bytes.ts";
import { FD_HOLDER, ONESHOT_RUNNER } from "../database.ts";
import type { ServiceType } from "./definition.ts";
import { fail, type Notes, say } from "./finding.ts";

export const INTERNALS = "s6-rc-compile internals";
const LEVEL = 4;

interface KnownName {
  readonly position: number;
  type: ServiceType | undefined;
  /** `SRC/NAME`, where it is defined. */
  path: string;
}

export interface NameRegister {
  /** The type of that name; `unknown` if it is only mentioned, or not known at all. */
  typeOf(name: string): ServiceType | "unknown";
  /** Where C keeps it; undefined if it is not known. */
  position(name: string): number | undefined;
  /** Defines a name. False if that is not possible, which has been reported. */
  define(
    name: string,
    type: ServiceType,
    place: { readonly source: string; readonly path: string },
  ): boolean;
  /** Mentions a name. False if that is not allowed, which has been reported. */
  mention(
    name: string,
    by: { readonly where: string; readonly file: string; readonly line?: number },
  ): boolean;
  /** Whether the name is reserved. If so, reports it. */
  isReserved(
    name: string,
    at: { readonly where: string; readonly file: string; readonly spoils: readonly string[] },
  ): boolean;
}

export function isReservedName(name: string): boolean {
  return name.startsWith("s6rc-") || name.startsWith("s6-rc-");
}

/** A register that knows the two internal services. */
export function nameRegister(notes: Notes): NameRegister {
  const known = new Map<string, KnownName>();
  let length = 0;

  function add(
    name: string,
    type: ServiceType | undefined,
    { from, path }: { readonly from: string; readonly path: string },
  ): boolean {
    say(
      notes,
      LEVEL,
      "tracing",
      `in add_name_nocheck: from ${from}: adding identifier ${name} of type ${type ?? "unknown"}`,
    );
    const found = known.get(name);
    if (found === undefined) {
      known.set(name, { position: length, type, path });
      length += encodePath(name).length + 1;
      return true;
    }
    if (type === undefined) {
      say(
        notes,
        LEVEL,
        "tracing",
        `in add_name_nocheck: identifier ${name} was already declared with type ${
          found.type ?? "unknown"
        }`,
      );
      return true;
    }
    if (found.type !== undefined) return false;
    found.type = type;
    found.path = path;
    say(
      notes,
      LEVEL,
      "tracing",
      `in add_name_nocheck: previously encountered identifier ${name} now has type ${type}`,
    );
    return true;
  }

  function isReserved(
    name: string,
    at: { readonly where: string; readonly file: string; readonly spoils: readonly string[] },
  ): boolean {
    if (!isReservedName(name)) return false;
    fail(notes, {
      text: `in ${at.where}: identifier ${name} starts with reserved prefix`,
      file: at.file,
      cause: `${name} begins with s6rc- or s6-rc-, and such names are s6-rc's own`,
      cure: "take another name",
      spoils: at.spoils,
    });
    return true;
  }

  for (const name of [ONESHOT_RUNNER, FD_HOLDER]) {
    add(name, "longrun", { from: INTERNALS, path: "" });
  }
  return {
    typeOf: (name) => known.get(name)?.type ?? "unknown",
    position: (name) => known.get(name)?.position,
    define(name, type, { source, path }): boolean {
      if (isReserved(name, { where: source, file: path, spoils: [] })) return false;
      if (add(name, type, { from: source, path })) return true;
      const first = known.get(name)!;
      fail(notes, {
        text:
          `duplicate service definition: ${name} defined in ${source} is already defined and has type ${first.type}`,
        file: path,
        cause: first.path === ""
          ? `${name} is a name that s6-rc has taken`
          : `${name} is defined in ${first.path} already`,
        cure: "remove one of them, or rename it",
        spoils: [],
      });
      return false;
    },
    mention(name, { where, file }): boolean {
      if (isReserved(name, { where, file, spoils: [where] })) return false;
      return add(name, undefined, { from: where, path: "" });
    },
    isReserved,
  };
}
