/**
 * The parts of a longrun's definition that go into its service directory, and the errors that C
 * finds only while it writes there. Source: s6-rc, s6-rc-compile.c, write_servicedirs. Pure.
 */
import { EXIT_SYSTEM } from "../../../core/cli/exit_codes.ts";
import { EINVAL, EISDIR, strerror } from "../../../core/linux/errno.ts";
import { SERVICEDIR_ROWS } from "../../../servicedir/core/servicedir_files.ts";
import type { Definition, LongrunDefinition } from "./definition.ts";
import { fail, type Notes, say } from "./finding.ts";
import type { RawDefinition, RawSource } from "./raw_definition.ts";
import { firstLineNumber } from "./small_value.ts";

export type ServicedirEntry =
  /** Copied as it is, with that mode. */
  | { readonly name: string; readonly kind: "copy"; readonly mode: number }
  /**
   * A number, which is rewritten; an empty file, whose presence counts; a directory, copied in
   * full. `from`: the file's name in the definition, where it is another one.
   */
  | {
    readonly name: string;
    readonly kind: "number" | "empty" | "directory";
    readonly from?: string;
  };

export const SERVICEDIR_ENTRIES: readonly ServicedirEntry[] = SERVICEDIR_ROWS.flatMap(
  ([name, { rc }]): ServicedirEntry[] => {
    if (rc === undefined) return [];
    if (typeof rc === "string") return [{ name, kind: rc }];
    return "from" in rc
      ? [{ name, kind: "empty", from: rc.from }]
      : [{ name, kind: "copy", mode: rc.mode }];
  },
);

/** The name that an entry has in a definition. */
export function nameInDefinition(entry: ServicedirEntry): string {
  return entry.kind === "copy" ? entry.name : entry.from ?? entry.name;
}

/** Lower numbers are the standard descriptors. */
const FIRST_OWN_FD = 3;

/** Reports errors in files that are copied, longrun by longrun. */
export function checkServicedirs(
  definitions: readonly Definition[],
  sources: readonly RawSource[],
  notes: Notes,
): void {
  const raws = new Map(
    sources.flatMap((source) => source.definitions).map((
      raw,
    ) => [`${raw.source}/${raw.name}`, raw]),
  );
  for (const definition of definitions) {
    const raw = definition.type === "longrun" ? raws.get(definition.path) : undefined;
    if (raw !== undefined) checkServicedir(definition as LongrunDefinition, raw, notes);
  }
}

function checkServicedir(
  { name, path }: LongrunDefinition,
  raw: RawDefinition,
  notes: Notes,
): void {
  const fds = new Map<string, number>();
  for (const entry of SERVICEDIR_ENTRIES) {
    const own = nameInDefinition(entry);
    const file = `${path}/${own}`;
    const found = raw.files.get(own);
    if (found === undefined) continue;
    if (entry.kind === "directory" && found.kind !== "directory") {
      fail(notes, {
        text: `${file} is not a directory`,
        file,
        cause: "it is not a directory",
        cure: "make it one, or remove it",
        spoils: [name],
      });
    }
    if (entry.kind !== "number") continue;
    const number = found.kind === "file" ? firstLineNumber(found.bytes) : undefined;
    if (number === undefined) {
      const errno = found.kind === "unreadable"
        ? found.errno
        : found.kind === "directory"
        ? EISDIR
        : EINVAL;
      fail(notes, {
        exitCode: EXIT_SYSTEM,
        text: `unable to read ${file}: ${strerror(errno)}`,
        file,
        line: 1,
        cause: errno === EINVAL
          ? "its first line is no unsigned number"
          : `it can't be read: ${strerror(errno)}`,
        cure: "write decimal digits and nothing else",
        spoils: [name],
      });
    } else if (entry.name === "notification-fd" || entry.name === "lock-fd") {
      if (number < FIRST_OWN_FD) {
        say(notes, 1, "warning", `longrun ${name} has a ${entry.name} of ${number}`);
      } else if (fds.get("notification-fd") === number) failSameFd(name, file, notes);
      else fds.set(entry.name, number);
    }
  }
}

function failSameFd(name: string, file: string, notes: Notes): void {
  fail(notes, {
    text: `longrun ${name} has the same value for notification-fd and lock-fd`,
    file,
    line: 1,
    cause: "it is the same descriptor as in notification-fd",
    cure: "take another number",
    spoils: [name],
  });
}
