/**
 * Every number that lib knows of the kernel's and the C library's interfaces, asked of the C
 * compilers of both machines. What is found in the sources is either a name of C, or is explained
 * here by an expression of C, or is listed as our own choice: a new number that is none of these
 * fails to compile.
 */
import { assert, assertEquals } from "@std/assert";
import { type Machine, MACHINES } from "../../lib/core/linux/machine.ts";
import { run } from "../../tools/command.ts";
import { makeTree } from "../fixture/tree.ts";
import { ROOT } from "../fixture/toolset.ts";

const DIRECTORIES = ["lib/libc", "lib/libc/machine", "lib/libc/socket", "lib/core/linux"];

/** Numbers that no header decides. */
const OWN = new Set([
  "ALL_BITS",
  // of struct pidfd_info, which is younger than the headers of many machines
  "GET_INFO",
  "INFO_EXIT",
  "INFO_EXIT_CODE",
  "SIZEOF_INFO",
  "TO_THE_GROUP",
  "BACKLOG",
  "BUFFER_BYTES",
  "CARRIAGE_RETURN",
  "HURRY_MS",
  "JUST_LOOK",
  "LAST_STANDARD_FD",
  "LAST_VICTIM",
  "LIMBS",
  "MAX_ERROR_TEXT",
  "MAX_EVENTS",
  "MAX_PASSED",
  "MAX_UINT",
  "MISHAP_REST_MS",
  "MOST_THREADS",
  "MOST_TRIES",
  "NEWLINE",
  "NEW_FILE_MODE",
  "NOTHING_WANTED",
  "NUL",
  "PAGE", // of x86-64: on arm64 it may be more, and then memory is kept that could be given back
  "PF_KTHREAD", // of the kernel alone
  "REAPING_BUDGET",
  "SELF",
  "SIGNAL_MASK",
  "STOPPED",
  "UNKNOWN_WSTAT",
  "UNTIL_SOMETHING",
]);

/** In the words of C, by our name, or by file and name. */
const MEANS: Readonly<Record<string, string>> = {
  ALL_SEALS: "F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE",
  BLKFLSBUF: "_IO(0x12, 97)",
  CLOCK_TICKS_PER_SECOND: "sysconf(_SC_CLK_TCK)",
  DEV_NULL: "makedev(1, 3)",
  DIRENT_NAME: "offsetof(struct dirent64, d_name)",
  DIRENT_RECLEN: "offsetof(struct dirent64, d_reclen)",
  HOSTNAME_BYTES: "HOST_NAME_MAX + 1",
  EVENT_BYTES: "sizeof(struct inotify_event)",
  F_FLAG_OFFSET: "offsetof(struct statvfs, f_flag)",
  MSG_CONTROLLEN_AT: "offsetof(struct msghdr, msg_controllen)",
  MSG_FLAGS_AT: "offsetof(struct msghdr, msg_flags)",
  NSUB_OFFSET: "offsetof(regex_t, re_nsub)",
  SIN6_ADDR: "offsetof(struct sockaddr_in6, sin6_addr)",
  SIN_ADDR: "offsetof(struct sockaddr_in, sin_addr)",
  SIN_PORT: "offsetof(struct sockaddr_in, sin_port)",
  SIZEOF_ACTIONS: "sizeof(posix_spawn_file_actions_t)",
  SIZEOF_ATTR: "sizeof(posix_spawnattr_t)",
  SIZEOF_CMSGHDR: "sizeof(struct cmsghdr)",
  SIZEOF_FLOCK: "sizeof(struct flock)",
  SIZEOF_GLOB: "sizeof(glob_t)",
  SIZEOF_IOVEC: "sizeof(struct iovec)",
  SIZEOF_MSGHDR: "sizeof(struct msghdr)",
  SIZEOF_REGEX: "sizeof(regex_t)",
  SIZEOF_SIGACTION: "sizeof(struct sigaction)",
  SIZEOF_SIGINFO: "sizeof(siginfo_t)",
  SIZEOF_SIGSET: "sizeof(sigset_t)",
  SIZEOF_SOCKADDR_IN: "sizeof(struct sockaddr_in)",
  SIZEOF_SOCKADDR_IN6: "sizeof(struct sockaddr_in6)",
  SIZEOF_SOCKADDR_UN: "sizeof(struct sockaddr_un)",
  SIZEOF_SUN_PATH: "sizeof(((struct sockaddr_un *)0)->sun_path)",
  SIZEOF_TERMIOS: "sizeof(struct termios)",
  SIZEOF_TM: "sizeof(struct tm)",
  SIZEOF_UCRED: "sizeof(struct ucred)",
  PID_OFFSET: "offsetof(struct flock, l_pid)",
  SIG_IGN: "(long)SIG_IGN",
  SUN_PATH: "offsetof(struct sockaddr_un, sun_path)",
  TM_ISDST: "offsetof(struct tm, tm_isdst) / sizeof(int)",
};

/** What the table of machines says, in the words of C. */
const OF_MACHINE: readonly (readonly [string, (machine: Machine) => number])[] = [
  ["O_DIRECTORY", ({ open }) => open.directory],
  ["O_NOFOLLOW", ({ open }) => open.noFollow],
  ["SYS_getcwd", ({ calls }) => calls.getcwd],
  ["sizeof(struct epoll_event)", ({ epollEvent }) => epollEvent.size],
  ["offsetof(struct epoll_event, data)", ({ epollEvent }) => epollEvent.data],
  ["sizeof(struct stat)", ({ stat }) => stat.size],
  ["offsetof(struct stat, st_mode)", ({ stat }) => stat.mode],
  ["offsetof(struct stat, st_uid)", ({ stat }) => stat.uid],
  ["offsetof(struct stat, st_gid)", ({ stat }) => stat.gid],
  ["offsetof(struct stat, st_rdev)", ({ stat }) => stat.rdev],
  ["offsetof(struct stat, st_nlink)", ({ stat }) => stat.links],
  ["sizeof(((struct stat *)0)->st_nlink)", ({ stat }) => stat.sizeofLinks],
];

/** Offsets that lib/libc/stat.ts takes to be the same on both. */
const SAME: readonly (readonly [string, number])[] = [
  ["offsetof(struct stat, st_dev)", 0],
  ["offsetof(struct stat, st_ino)", 8],
  ["offsetof(struct stat, st_size)", 48],
  ["offsetof(struct stat, st_atim)", 72],
  ["offsetof(struct stat, st_mtim)", 88],
  ["offsetof(struct stat, st_ctim)", 104],
  ["offsetof(struct termios, c_cc)", 17],
  ["offsetof(siginfo_t, si_pid)", 16],
];

interface Known {
  /** Where it stands, for whoever reads the failure. */
  readonly place: string;
  readonly expression: string;
  readonly value: bigint;
}

const DECLARATION =
  /^(?:export )?const ([A-Z][A-Za-z0-9_]*)(?:: number)? = (-?(?:0[xo])?[0-9a-f_]+)n?( << \d+)?;/gm;

function knownIn(path: string): Known[] {
  const text = Deno.readTextFileSync(`${ROOT}/${path}`);
  return Array.from(text.matchAll(DECLARATION)).flatMap(
    ([, name = "", number = "", shift = ""]) => {
      if (OWN.has(name) || /^(HIGHEST|LOWEST|LAST|FIRST|MAX|MIN|MOST)(_|$)/.test(name)) return [];
      const digits = number.replaceAll("_", "");
      const value = digits.startsWith("-") ? -BigInt(digits.slice(1)) : BigInt(digits);
      return [{
        place: `${path}: ${name}`,
        expression: MEANS[name] ?? name,
        value: value << BigInt(shift.replace(" << ", "") || 0),
      }];
    },
  );
}

function allKnown(): Known[] {
  return DIRECTORIES.flatMap((directory) =>
    Array.from(Deno.readDirSync(`${ROOT}/${directory}`), ({ name }) => `${directory}/${name}`)
      .filter((path) => path.endsWith(".ts")).sort()
  ).flatMap(knownIn);
}

const HEADERS = `#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
`;

/** Compiles and runs a program that prints each expression's value. */
async function valuesOf(
  expressions: readonly string[],
  compiler: string,
  runner: readonly string[],
): Promise<bigint[]> {
  const lines = expressions.map((each) => `  printf("%lld\\n", (long long)(${each}));`);
  using tree = makeTree({
    "probe.c": `${HEADERS}int main(void) {\n${lines.join("\n")}\n  return 0;\n}\n`,
  });
  const program = tree.path("probe");
  await run(compiler, ["-static", "-w", "-o", program, tree.path("probe.c")], {
    doing: "compile the probe",
    showErrors: true,
  });
  const [command = program, ...args] = [...runner, program];
  return (await run(command, args)).trimEnd().split("\n").map(BigInt);
}

async function compareOn(
  machine: Machine,
  compiler: string,
  runner: readonly string[],
): Promise<void> {
  const known: Known[] = [
    ...allKnown(),
    ...OF_MACHINE.map(([expression, value]) => ({
      place: `the table of machines, ${machine.name}`,
      expression,
      value: BigInt(value(machine)),
    })),
    ...SAME.map(([expression, value]) => ({
      place: "the same on both",
      expression,
      value: BigInt(value),
    })),
  ];
  const values = await valuesOf(known.map(({ expression }) => expression), compiler, runner);
  const asUnsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
  assertEquals(
    known.flatMap(({ place, expression, value }, at) =>
      asUnsigned(values[at]!) === asUnsigned(value)
        ? []
        : [`${place} is ${value}, but ${expression} is ${values[at]}`]
    ),
    [],
  );
  assert(known.length > 150, `only ${known.length} numbers were found`);
}

Deno.test("the numbers of lib are those of C on x86-64", () =>
  compareOn(MACHINES.x86_64, "gcc", []));

Deno.test("the numbers of lib are those of C on arm64", () =>
  compareOn(MACHINES.aarch64, "aarch64-linux-gnu-gcc", ["qemu-aarch64-static"]));
