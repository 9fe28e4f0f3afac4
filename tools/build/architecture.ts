/** The machines that hexad is built for, and their names in various tools. */
import { MACHINES } from "../../lib/core/linux/machine.ts";
import { Fatal } from "../fatal.ts";

export const ARCHITECTURES = ["x86_64", "aarch64"] as const;
/** The names in tarballs, which Deno and the kernel use too. */
export type Architecture = typeof ARCHITECTURES[number];

/** The architecture that the build runs on. */
export const NATIVE: Architecture = "x86_64";

interface Names {
  /** The name in Deno's downloads and in `deno compile --target`. */
  readonly target: string;
  /** The name in Debian's packages, Docker and OCI. */
  readonly debian: string;
  /** The directory where Debian keeps its libraries. */
  readonly multiarch: string;
  /** e_machine of its ELF files. */
  readonly elf: number;
}

export const NAMES: Readonly<Record<Architecture, Names>> = {
  x86_64: {
    target: "x86_64-unknown-linux-gnu",
    debian: "amd64",
    multiarch: "x86_64-linux-gnu",
    elf: MACHINES.x86_64.elf,
  },
  aarch64: {
    target: "aarch64-unknown-linux-gnu",
    debian: "arm64",
    multiarch: "aarch64-linux-gnu",
    elf: MACHINES.aarch64.elf,
  },
};

/**
 * The architectures that `--arch WORD` stands for: `x86_64`, `arm64`, or `all`. Docker's and the
 * kernel's names work too.
 * @throws {Fatal} If it is not a known name.
 */
export function architecturesOf(word: string): readonly Architecture[] {
  if (word === "all") return ARCHITECTURES;
  const found = ARCHITECTURES.filter((each) => each === word || NAMES[each].debian === word);
  if (found.length === 0) throw new Fatal(`unknown architecture: ${word} (x86_64, arm64, all)`);
  return found;
}
