/** The tiers of tests: where they are, what they may do and what they need. */
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
   * How many files run at the same time, each in its own process. For tests that mostly wait and do
   * not affect the machine. Default: all in one process, one after the other.
   */
  readonly besides?: number;
  /** Deno.args of the tests. */
  readonly args?: readonly string[];
}

export interface Tier {
  readonly runs: readonly TestRun[];
  /** The architectures of the builds that the tests run; absent if none. */
  readonly builds?: readonly Architecture[];
  readonly packages: readonly DebianPackage[];
  /**
   * Whether a few failed tests are run again, because the behaviour of processes depends on
   * everything else on the machine.
   */
  readonly secondAttempt: boolean;
  /**
   * After this time the tier is stopped and counts as failed. The sum is less than the 90 minutes
   * that CI allows.
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
/** For a repository of Dockerfiles. */
const GIT: DebianPackage = { name: "git", command: "git" };
/** For checks of our completions and manual pages. */
const SHELLS: readonly DebianPackage[] = [
  { name: "bash", command: "bash" },
  { name: "zsh", command: "zsh" },
  { name: "fish", command: "fish" },
  { name: "mandoc", command: "mandoc" },
];
/** It scrapes and judges metrics; promtool comes with it. */
const PROMETHEUS: DebianPackage = { name: "prometheus", command: "promtool" };
const SERVICES: readonly DebianPackage[] = [{ name: "nginx", command: "nginx" }, {
  name: "redis-server",
  command: "redis-server",
}];

/** For compiling the programs that report what they see. */
const GCC: DebianPackage = { name: "gcc", command: "gcc" };

/** Programs for arm64, and the emulator that runs them here. */
const ARM64: readonly DebianPackage[] = [
  { name: "gcc-aarch64-linux-gnu", command: "aarch64-linux-gnu-gcc" },
  { name: "libc6-dev-arm64-cross", command: "aarch64-linux-gnu-gcc" },
  { name: "qemu-user-static", command: "qemu-aarch64-static" },
];

/** For the page of hexad serve. */
const BROWSER: DebianPackage = { name: "chromium", command: "chromium" };

/** The supervisors that hexad import imports from. */
const ORIGINS: readonly DebianPackage[] = [
  { name: "runit", command: "runsv" },
  { name: "supervisor", command: "supervisord" },
  { name: "ruby-foreman", command: "foreman" },
];

const CONTAINERS: readonly DebianPackage[] = [
  { name: "podman", command: "podman" },
  { name: "runc", command: "runc" },
  // what the containers run: a shell, and a program compiled for an image without a C library and
  // for one with musl
  { name: "busybox-static", command: "busybox" },
  GCC,
  { name: "musl-tools", command: "musl-gcc" },
  // for a release
  GIT,
  { name: "xz-utils", command: "xz" },
  { name: "minisign", command: "minisign" },
  // for the base image of an example
  { name: "nginx", command: "nginx" },
  // for an image with real services
  { name: "redis-server", command: "redis-server" },
  { name: "redis-tools", command: "redis-cli" },
  { name: "php8.2-fpm", command: "php-fpm8.2" },
  { name: "cron", command: "cron" },
  // for images that are built, pushed and pulled
  { name: "buildah", command: "buildah" },
  { name: "docker-registry", command: "docker-registry" },
];

const CORES = navigator.hardwareConcurrency;

/** Files that mostly wait: twice as many run at a time as there are cores. */
const WAITING_FILES = 2 * CORES;

/** Files of the fault tier that affect the whole machine. */
const ALONE_FAULT = [
  // sets the machine's clock
  "tests/fault/clock_test.ts",
];

/**
 * The files of the interop tier that take longest. They come first, so that no core has to wait for
 * one at the end.
 */
const LONG_INTEROP = [
  "tests/interop/pairings",
  "tests/interop/execline_differential_test.ts",
];

/** The same for the fault tier. */
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
    return false; // a room without its own tests
  }
}

export const TIERS: Readonly<Record<TierName, Tier>> = {
  unit: {
    runs: [
      // without any permission, a pure room that reads a file, examines the system or calls dlopen
      // fails
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
      PROMETHEUS,
      BROWSER,
      GCC,
      GIT,
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
    // with the same seeds, so a real fault is found again
    secondAttempt: true,
    limitMinutes: 8,
  },
  // in an emulator, where each start takes a few seconds
  arm64: {
    runs: [{ flags: ["--allow-all"], paths: ["tests/arm64"], besides: CORES }],
    builds: ARCHITECTURES,
    packages: [...ARM64, ...CONTAINERS],
    secondAttempt: true,
    limitMinutes: 15,
  },
};

/** The programs that the benchmark compares us with. */
export const BENCH_PACKAGES: readonly DebianPackage[] = [
  ...S6,
  ...OBSERVERS,
  GCC,
  { name: "runit", command: "runsv" },
  { name: "supervisor", command: "supervisord" },
];
