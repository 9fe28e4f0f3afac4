/** The tiers of tests: where they are, what they may do, and what they need. */
import type { DebianPackage } from "../debian.ts";
import { ROOT } from "../layout.ts";
import { isPureRoom, ROOMS } from "../lint/rooms.ts";

export type TierName = "unit" | "interop" | "container" | "fault" | "fuzz";

/** One run of `deno test`. */
export interface TestRun {
  readonly flags: readonly string[];
  readonly paths: readonly string[];
  /** What the tests find in Deno.args. */
  readonly args?: readonly string[];
}

export interface Tier {
  readonly runs: readonly TestRun[];
  /** Whether the tests run what the build writes. */
  readonly needsBuild: boolean;
  readonly packages: readonly DebianPackage[];
  /**
   * Whether a few tests that fail are run once more: what processes do depends on all that the
   * machine does.
   */
  readonly secondAttempt: boolean;
  /**
   * After this the tier is stopped and counts as failed: the sum is less than the 90 minutes that
   * CI gives.
   */
  readonly limitMinutes: number;
}

const S6: readonly DebianPackage[] = [{ name: "s6", command: "s6-svscan" }, {
  name: "execline",
  command: "execlineb",
}];
const OBSERVERS: readonly DebianPackage[] = [{ name: "procps", command: "ps" }, {
  name: "strace",
  command: "strace",
}];
const TERMINALS: readonly DebianPackage[] = [{ name: "tmux", command: "tmux" }];
/** For which completions and manual pages are made. */
const SHELLS: readonly DebianPackage[] = [
  { name: "bash", command: "bash" },
  { name: "zsh", command: "zsh" },
  { name: "fish", command: "fish" },
  { name: "mandoc", command: "mandoc" },
];
const SERVICES: readonly DebianPackage[] = [{ name: "nginx", command: "nginx" }, {
  name: "redis-server",
  command: "redis-server",
}];

/** For the programs that tell what they see. */
const GCC: DebianPackage = { name: "gcc", command: "gcc" };

const CONTAINERS: readonly DebianPackage[] = [
  { name: "podman", command: "podman" },
  { name: "runc", command: "runc" },
  // what runs in the containers: a shell, and a program that is compiled for an image without a C
  // library and for one with musl
  { name: "busybox-static", command: "busybox" },
  GCC,
  { name: "musl-tools", command: "musl-gcc" },
  // what an example's base image has
  { name: "nginx", command: "nginx" },
];

/** The tests of the pure rooms: tests/unit mirrors lib. */
const PURE_TESTS: readonly string[] = [...new Set(ROOMS.filter(isPureRoom).map(testsOfRoom))]
  .filter(exists);

function testsOfRoom(room: string): string {
  return room.startsWith("lib/core/") ? "tests/unit/core" : room.replace(/^lib/, "tests/unit");
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(`${ROOT}/${path}`).isDirectory;
  } catch {
    return false; // a room without tests of its own
  }
}

export const TIERS: Readonly<Record<TierName, Tier>> = {
  unit: {
    runs: [
      // no permission at all: a file read, a look at the system or a dlopen in a pure room fails
      { flags: ["--no-prompt"], paths: PURE_TESTS },
      {
        flags: ["--allow-all", `--ignore=${PURE_TESTS.join(",")}`],
        paths: ["tests/unit", "tests/lint"],
      },
    ],
    needsBuild: false,
    packages: [],
    secondAttempt: false,
    limitMinutes: 10,
  },
  interop: {
    runs: [
      // mostly waiting, in directories of their own: beside each other
      { flags: ["--allow-all", "--parallel"], paths: ["tests/interop/pairings"] },
      { flags: ["--allow-all", "--ignore=tests/interop/pairings"], paths: ["tests/interop"] },
    ],
    needsBuild: true,
    packages: [...S6, ...OBSERVERS, ...SERVICES, ...TERMINALS, ...SHELLS, GCC],
    secondAttempt: true,
    limitMinutes: 25,
  },
  container: {
    runs: [{ flags: ["--allow-all"], paths: ["tests/container"] }],
    needsBuild: true,
    packages: CONTAINERS,
    secondAttempt: true,
    limitMinutes: 25,
  },
  fault: {
    runs: [{ flags: ["--allow-all"], paths: ["tests/fault"] }],
    needsBuild: true,
    packages: [...S6, ...OBSERVERS],
    secondAttempt: true,
    limitMinutes: 20,
  },
  fuzz: {
    // each in directories of its own: beside each other
    runs: [{ flags: ["--allow-all", "--parallel"], paths: ["tests/fuzz"] }],
    needsBuild: true,
    packages: [...S6, ...OBSERVERS],
    // with the same seeds: what is no accident of the machine is found again
    secondAttempt: true,
    limitMinutes: 8,
  },
};

/** What the benchmark measures us against. */
export const BENCH_PACKAGES: readonly DebianPackage[] = [
  ...S6,
  ...OBSERVERS,
  GCC,
  { name: "runit", command: "runsv" },
  { name: "supervisor", command: "supervisord" },
];
