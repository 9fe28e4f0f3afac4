/**
 * One of `hexad`'s own commands, for whatever is made of its table: completions, manual pages,
 * help. Pure.
 */
import type { NamedOption, NamedTable, ValueKind } from "./option_table.ts";

export interface DescribedCommand {
  /** After `hexad`. */
  readonly name: string;
  /** What it does, in few words. */
  readonly text: string;
  readonly table: NamedTable;
}

/** `hexad` itself: what stands in the place of a command. */
export interface DescribedProgram {
  /** What it takes in the place of a command. */
  readonly table: NamedTable;
  readonly commands: readonly DescribedCommand[];
  /** Names of s6's commands, which it runs too. */
  readonly others: readonly string[];
}

/** What every command answers. */
const ANSWERS: readonly NamedOption[] = [
  { short: "h", long: "help", text: "show its options and exit codes" },
  { long: "version", text: "show the version of hexad and of its runtime" },
];

export function allOptions({ options }: NamedTable): readonly NamedOption[] {
  return [...options, ...ANSWERS];
}

/** `-S` and `--scandir`. */
export function spellings({ short, long }: NamedOption): readonly string[] {
  return [...(short === undefined ? [] : [`-${short}`]), `--${long}`];
}

/** How a shell completes a value: out of words, or by looking for something. */
export type Completion = { readonly kind: "words"; readonly words: readonly string[] } | {
  readonly kind: "services" | "directories" | "files" | "nothing";
};

export function completionOf(kind: ValueKind | "none" | undefined): Completion {
  if (typeof kind === "object") return { kind: "words", words: kind };
  switch (kind) {
    case "service":
      return { kind: "services" };
    case "directory":
      return { kind: "directories" };
    case "file":
      return { kind: "files" };
    default:
      return { kind: "nothing" };
  }
}
