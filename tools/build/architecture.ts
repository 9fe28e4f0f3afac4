/** The machines that hexad is built for, by the names that people and tools have for them. */
import { Fatal } from "../fatal.ts";

export const ARCHITECTURES = ["x86_64", "aarch64"] as const;
/** As in the names of tarballs; Deno and the kernel call them the same. */
export type Architecture = typeof ARCHITECTURES[number];

/** The one that the build runs on. */
export const NATIVE: Architecture = "x86_64";

interface Names {
  /** Of Deno's downloads and of `deno compile --target`. */
  readonly target: string;
  /** Of Debian's packages, Docker and OCI. */
  readonly debian: string;
  /** Where Debian keeps its libraries. */
  readonly multiarch: string;
  /** e_machine of its ELF files. */
  readonly elf: number;
}

export const NAMES: Readonly<Record<Architecture, Names>> = {
  x86_64: {
    target: "x86_64-unknown-linux-gnu",
    debian: "amd64",
    multiarch: "x86_64-linux-gnu",
    elf: 62,
  },
  aarch64: {
    target: "aarch64-unknown-linux-gnu",
    debian: "arm64",
    multiarch: "aarch64-linux-gnu",
    elf: 183,
  },
};

/**
 * Those that `--arch WORD` names: `x86_64`, `arm64`, or `all`; by Docker's and the kernel's names,
 * too.
 * @throws {Fatal} If it names none.
 */
export function architecturesOf(word: string): readonly Architecture[] {
  if (word === "all") return ARCHITECTURES;
  const found = ARCHITECTURES.filter((each) => each === word || NAMES[each].debian === word);
  if (found.length === 0) throw new Fatal(`unknown architecture: ${word} (x86_64, arm64, all)`);
  return found;
}
