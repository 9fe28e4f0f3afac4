/** The arguments of `deno task release`. Pure. */
import { type Architecture, ARCHITECTURES, architecturesOf } from "../build/architecture.ts";
import { Fatal } from "../fatal.ts";

export interface ReleaseOptions {
  readonly architectures: readonly Architecture[];
  /** A tag of the commit that is checked out. */
  readonly tag: string | undefined;
  /** The version of a commit that has no tag. */
  readonly version: string | undefined;
  /** Only writes this version and its changes into the tree. */
  readonly prepare: string | undefined;
  /** 0 to 9. */
  readonly xzLevel: number;
}

export const USAGE =
  "deno task release [--arch x86_64|arm64|all] [--xz-level 0-9] [vVERSION | --version VERSION], or deno task release --prepare VERSION";

const OPTIONS = ["arch", "xz-level", "version", "prepare"];

/** @throws {Fatal} If a word is not known, or its value is wrong. */
export function parseReleaseOptions(args: readonly string[]): ReleaseOptions {
  const values = new Map<string, string>();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name, joined] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const key = name ?? "tag";
    if (name === undefined ? word.startsWith("-") : !OPTIONS.includes(name)) {
      throw new Fatal(`unknown argument: ${word} (usage: ${USAGE})`);
    }
    const value = name === undefined ? word : joined ?? rest.shift();
    if (value === undefined || value === "") throw new Fatal(`--${key} needs a value`);
    if (values.has(key)) {
      throw new Fatal(`there are two of ${name === undefined ? key : `--${key}`}`);
    }
    values.set(key, value);
  }
  const [tag, version, prepare] = ["tag", "version", "prepare"].map((key) => values.get(key));
  if (tag !== undefined && version !== undefined) {
    throw new Fatal(`${tag} and --version exclude each other: a tag says which version it is`);
  }
  if (prepare !== undefined && values.size > 1) {
    throw new Fatal(`--prepare makes no release, so nothing goes with it (usage: ${USAGE})`);
  }
  const level = values.get("xz-level") ?? "9";
  if (!/^[0-9]$/.test(level)) throw new Fatal(`--xz-level is 0 to 9, not ${level}`);
  const arch = values.get("arch");
  return {
    architectures: arch === undefined ? ARCHITECTURES : architecturesOf(arch),
    tag,
    version,
    prepare,
    xzLevel: Number(level),
  };
}
