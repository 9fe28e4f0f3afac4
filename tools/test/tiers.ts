/** The tiers of tests: where they are, what they may do, and what they need. */
import { type Architecture, ARCHITECTURES, NATIVE } from "../build/architecture.ts";
import type { DebianPackage } from "../debian.ts";
import { ROOT } from "../layout.ts";
import { isPureRoom, ROOMS } from "../lint/rooms.ts";

export type TierName = "unit" | "interop" | "container" | "fault" | "fuzz" | "arm64";

/** One run of `deno test`. */
export interface TestRun {
  readonly flags: readonly string[];
  readonly paths: readonly string[];
  /**
   * How many files run at the same time, each in a process of its own: for those that mostly wait,
   * and do nothing to the machine. Default: all in one process, one after the other.
   */
  readonly besides?: number;
  /** What the tests find in Deno.args. */
  readonly args?: readonly string[];
}

export interface Tier {
  readonly runs: readonly TestRun[];
  /** What the tests run of what the build writes; absent if nothing. */
  readonly builds?: readonly Architecture[];
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

/** Programs for arm64, and what runs them here. */
const ARM64: readonly DebianPackage[] = [
  { name: "gcc-aarch64-linux-gnu", command: "aarch64-linux-gnu-gcc" },
  { name: "libc6-dev-arm64-cross", command: "aarch64-linux-gnu-gcc" },
  { name: "qemu-user-static", command: "qemu-aarch64-static" },
];

/** What hexad import imports from. */
const ORIGINS: readonly DebianPackage[] = [
  { name: "runit", command: "runsv" },
  { name: "supervisor", command: "supervisord" },
  { name: "ruby-foreman", command: "foreman" },
];

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
  // and an image of real services
  { name: "redis-server", command: "redis-server" },
  { name: "redis-tools", command: "redis-cli" },
  { name: "php8.2-fpm", command: "php-fpm8.2" },
  { name: "cron", command: "cron" },
];

const CORES = navigator.hardwareConcurrency;

/** Where files mostly wait for others, twice as many run as there are cores. */
const WAITING_FILES = 2 * CORES;

/** Files of the fault tier that do something to the whole machine. */
const ALONE_FAULT = [
  // sets the machine's clock
  "tests/fault/clock_test.ts",
];

/** Files of the interop tier that take longest: they come first, so that no core waits for one. */
const LONG_INTEROP = [
  "tests/interop/pairings",
  "tests/interop/execline_differential_test.ts",
];

/** The same of the fault tier. */
const LONG_FAULT = [
  "tests/fault/planted_service_test.ts",
  "tests/fault/planted_log_test.ts",
  "tests/fault/storms_test.ts",
  "tests/fault/planted_scandir_test.ts",
  "tests/fault/svscan_kill_steps_test.ts",
  "tests/fault/log_kill_steps_test.ts",
];

function without(paths: readonly string[]): string[] {
  return paths.length === 0 ? [] : [`--ignore=${paths.join(",")}`];
}

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
      { flags: ["--no-prompt", "--parallel"], paths: PURE_TESTS },
      {
        flags: ["--allow-all", `--ignore=${PURE_TESTS.join(",")}`],
        paths: ["tests/unit", "tests/lint"],
      },
    ],
    packages: [],
    secondAttempt: false,
    limitMinutes: 10,
  },
  interop: {
    runs: [
      {
        flags: ["--allow-all"],
        paths: [...LONG_INTEROP, "tests/interop"],
        besides: WAITING_FILES,
      },
    ],
    builds: [NATIVE],
    packages: [
      ...S6,
      ...OBSERVERS,
      ...SERVICES,
      ...TERMINALS,
      ...SHELLS,
      ...ORIGINS,
      GCC,
      ...ARM64,
    ],
    secondAttempt: true,
    limitMinutes: 25,
  },
  container: {
    runs: [{ flags: ["--allow-all"], paths: ["tests/container"], besides: WAITING_FILES }],
    builds: [NATIVE],
    packages: CONTAINERS,
    secondAttempt: true,
    limitMinutes: 25,
  },
  fault: {
    runs: [
      {
        flags: ["--allow-all", ...without(ALONE_FAULT)],
        paths: [...LONG_FAULT, "tests/fault"],
        besides: WAITING_FILES,
      },
      { flags: ["--allow-all"], paths: ALONE_FAULT },
    ],
    builds: [NATIVE],
    packages: [...S6, ...OBSERVERS],
    secondAttempt: true,
    limitMinutes: 20,
  },
  fuzz: {
    runs: [{ flags: ["--allow-all"], paths: ["tests/fuzz"], besides: CORES }],
    builds: [NATIVE],
    packages: [...S6, ...OBSERVERS],
    // with the same seeds: what is no accident of the machine is found again
    secondAttempt: true,
    limitMinutes: 8,
  },
  // by an emulator, for which each start is a few seconds of work
  arm64: {
    runs: [{ flags: ["--allow-all"], paths: ["tests/arm64"] }],
    builds: ARCHITECTURES,
    packages: ARM64,
    secondAttempt: true,
    limitMinutes: 10,
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
