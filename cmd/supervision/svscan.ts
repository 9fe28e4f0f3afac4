/**
 * s6-svscan: supervises all services of a scan directory, inside this one process. Source: s6,
 * doc/s6-svscan.html.
 */
import { SVSCAN_CTLDIR } from "../../lib/scandir/core/svscan_names.ts";
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { ENOENT, strerror } from "../../lib/core/linux/errno.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { monotonicMs } from "../../lib/libc/clock.ts";
import { acceptSignals, execFailureCode, execInto } from "../../lib/libc/exec.ts";
import { dup2, setCloexec } from "../../lib/libc/fd.ts";
import { close, fchdir, write } from "../../lib/libc/file.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { trySetChildSubreaper } from "../../lib/libc/process.ts";
import {
  goOnWithNofileLimit,
  inheritedNofileLimit,
  nofileLimit,
  raiseNofileLimit,
} from "../../lib/libc/resource_limit.ts";
import { openEntrance } from "../../lib/rc/entrance.ts";
import { CAN_ADOPT_OPTION } from "../../lib/scandir/core/can_adopt.ts";
import type { Handover } from "../../lib/scandir/core/handover.ts";
import { takeHeritage } from "../../lib/scandir/heritage.ts";
import type { Successor } from "../../lib/scandir/reexec.ts";
import { recordReexec } from "../../lib/scandir/reexec_record.ts";
import { ScandirProcess } from "../../lib/scandir/scandir_process.ts";
import {
  LINE_PREFIXES,
  type OutputForm,
  outputFormNamed,
} from "../../lib/logreader/core/service_line.ts";
import type { ScandirControl } from "../../lib/scandir/system.ts";
import { spawnFailureText } from "../../lib/core/diagnosis/spawn_diagnosis.ts";
import { tryLstat } from "../../lib/libc/stat.ts";
import { outliveChildren } from "../../lib/supervise/outlive_children.ts";
import { gatherSpawnFacts } from "../../lib/supervise/spawn_facts.ts";
import { takeScandir } from "../../lib/scandir/system.ts";
import { UnsuitableError } from "../../lib/supervise/control.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { logHostCommand } from "../log/log_host_command.ts";
import { sayLine } from "../messages.ts";
import { allowScriptsHere } from "../run_scripts_here.ts";
import { selfCommand, successorCommand } from "../self.ts";
import { VERSION } from "../version_number.ts";

export const table = {
  summary: "supervise the services of a scan directory; reap orphans; stop everything in order",
  usage:
    "[ -C services_max ] [ -L name_max ] [ -t timeout ] [ -d notif ] [ -X consoleholder ] [ --logging-prefix=name|time|json ] [ scandir ]",
  options: [
    {
      short: "C",
      long: "services-max",
      arg: "services_max",
      text: "supervise at most so many services, loggers included (1000; 4 to 160000)",
      means: servicesMaxOf,
    },
    {
      short: "L",
      long: "name-max",
      arg: "name_max",
      text: "length of the longest name of a service, in bytes (251; 11 to 1019)",
      means: (text: string) => ({ nameMax: clamp(numberOf(text, "name_max"), 11, 1019) }),
    },
    {
      short: "t",
      long: "timeout",
      arg: "timeout",
      text: "scan again every so many milliseconds (0: only when told to)",
      means: (text: string) => ({ rescanMs: numberOf(text, "timeout") }),
    },
    {
      short: "d",
      long: "notification-fd",
      arg: "notif",
      text: "write a newline to this descriptor when commands are accepted",
      means: (text: string) => ({ notificationFd: descriptorOf(text, "notif") }),
    },
    {
      short: "X",
      long: "console-holder",
      arg: "consoleholder",
      text: "give this descriptor to the service s6-svscan-log as its standard error",
      means: (text: string) => ({ consoleFd: descriptorOf(text, "consoleholder") }),
    },
    {
      long: "logging-prefix",
      arg: LINE_PREFIXES.join("|"),
      text:
        "write what services without a logger say to standard output with their names, with the time of day too, or as JSON objects with time and name",
      means: (text: string) => ({ outputForm: outputFormOf(text) }),
    },
    {
      short: "c",
      arg: "services_max",
      text: "the same as -C, as s6 called it up to 2.14",
      means: servicesMaxOf,
    },
  ],
  exits: [
    ["0", "told to end, everything has stopped, and there is no .s6-svscan/finish"],
    [
      "N",
      "a service with flag-essential has ended for good, with exit code N or by the signal N - 128",
    ],
    ["100", "wrong usage, or another s6-svscan runs on the directory"],
    ["111", "a system call failed at the start"],
    ["126, 127", ".s6-svscan/crash could not be executed after a fatal error"],
  ],
  example: "s6-svscan /run/service",
} as const satisfies CommandTable;

/** Before a descriptor and a limit, in place of the first option. No user types it. */
const TAKE_OVER = "--take-over";

interface Settings {
  readonly servicesMax: number;
  readonly nameMax: number;
  /** 0: never. */
  readonly rescanMs: number;
  readonly notificationFd?: number;
  readonly consoleFd?: number;
  readonly outputForm?: OutputForm;
}

const DEFAULTS: Settings = { servicesMax: 1000, nameMax: 251, rescanMs: 0 };

function servicesMaxOf(text: string): Partial<Settings> {
  return { servicesMax: clamp(numberOf(text, "services_max"), 4, 160000) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function numberOf(text: string, what: string): number {
  const value = parseUint(text);
  if (value === undefined) throw new Failure(EXIT_USAGE, `${what} must be an unsigned integer`);
  return value;
}

function descriptorOf(text: string, what: string): number {
  const fd = numberOf(text, what);
  if (fd < 3) throw new Failure(EXIT_USAGE, `${what} must be 3 or more`);
  if (!isInherited(fd)) {
    throw new Failure(EXIT_USAGE, `invalid ${what}: descriptor ${fd} is not open`);
  }
  return fd;
}

function outputFormOf(value: string): OutputForm {
  const form = outputFormNamed(value);
  if (form !== undefined) return form;
  throw new Failure(
    EXIT_USAGE,
    `logging-prefix must be ${LINE_PREFIXES.join(" or ")}, not ${value}`,
  );
}

function openScandir(path: string): ScandirControl {
  try {
    return takeScandir(path, { withEntrance: true });
  } catch (error) {
    throw error instanceof UnsuitableError ? new Failure(EXIT_USAGE, error.message) : error;
  }
}

function restoreConsole(consoleFd: number | undefined): void {
  if (consoleFd === undefined) return;
  dup2(consoleFd, 2);
  dup2(2, 1);
}

/**
 * Becomes `program`. Returns only if it can't: why, in words, or `undefined` if there is no such
 * file.
 */
function execOr(
  program: string,
  ...args: readonly string[]
): { readonly errno: number; readonly reason: string | undefined } {
  const errno = -execInto([program, ...args]);
  const missing = errno === ENOENT && typeof tryLstat(program) === "number";
  return {
    errno,
    reason: missing ? undefined : spawnFailureText(gatherSpawnFacts(program, errno)),
  };
}

/**
 * After a fatal error: becomes `.s6-svscan/crash`. Returns an exit code only if that can't be
 * executed.
 */
function panic(context: Context, dirFd: number, reason: string): number {
  const crash = `${SVSCAN_CTLDIR}/crash`;
  sayLine(`${context.program}: fatal: ${reason}`);
  context.warn(`executing into ${crash}`);
  fchdir(dirFd);
  const failure = execOr(crash);
  sayLine(
    `${context.program}: fatal: ${
      failure.reason ?? `unable to exec ${crash}: ${strerror(failure.errno)}`
    }`,
  );
  return execFailureCode(failure.errno);
}

/**
 * The orderly end: becomes `.s6-svscan/finish`, if there is one; that is told the exit code, if an
 * essential service has left one.
 */
function finish(context: Context, dirFd: number, exitCode: number | undefined): number {
  fchdir(dirFd);
  const { reason } = execOr(
    `${SVSCAN_CTLDIR}/finish`,
    ...(exitCode === undefined ? [] : [String(exitCode)]),
  );
  return reason === undefined ? exitCode ?? 0 : panic(context, dirFd, reason);
}

/** What was handed over, or why it can't be used; absent: this is a beginning. */
type Heritage = Handover | string | undefined;

interface Place {
  /** As it was named. */
  readonly scandir: string;
  readonly control: ScandirControl;
  readonly heritage: Heritage;
}

async function run(
  context: Context,
  settings: Settings,
  { scandir, control, heritage }: Place,
): Promise<number> {
  const { notificationFd, rescanMs, ...rest } = settings;
  const process = new ScandirProcess({
    ...rest,
    ...(rescanMs === 0 ? {} : { rescanMs }),
    control,
    successor: successorOf(context, settings, scandir),
    ...(typeof heritage === "object" ? { heritage } : {}),
    setlock: (args) => selfCommand("s6-setlock", args),
    logHost: logHostCommand,
    distantSupervisor: (args) => selfCommand("s6-supervise", args),
    warn: context.warn,
    warnOfService: (name, text) => sayLine(`s6-supervise ${name}: warning: ${text}`),
  });
  allowScriptsHere();
  process.listen();
  openEntrance(process, control, (text) => sayLine(`s6-rc: warning: ${text}`));
  if (heritage !== undefined) acceptFrom(context, heritage);
  if (notificationFd !== undefined) {
    write(notificationFd, new Uint8Array([10]));
    close(notificationFd);
  }
  await process.run();
  restoreConsole(rest.consoleFd);
  return finish(context, control.dirFd, process.scandir.exitCode);
}

/**
 * The same s6-svscan again. Its directory is its current one by then; who lists processes sees it
 * as it was named.
 */
function successorOf({ program }: Context, settings: Settings, scandir: string): Successor {
  const { servicesMax, nameMax, rescanMs, consoleFd, outputForm } = settings;
  const words = [
    `-C${servicesMax}`,
    `-L${nameMax}`,
    `-t${rescanMs}`,
    ...(consoleFd === undefined ? [] : [`-X${consoleFd}`]),
    ...(outputForm === undefined ? [] : [`--logging-prefix=${outputForm.kind}`]),
    "--",
    scandir,
  ];
  return {
    version: VERSION,
    asking: (form) => successorCommand("hexad", ["reexec", CAN_ADOPT_OPTION, String(form)]),
    goingOn: (stateFd) =>
      successorCommand(program, [
        TAKE_OVER,
        String(stateFd),
        String(inheritedNofileLimit()),
        ...words,
      ]),
  };
}

/** Says how the change went, in the log and to the client that waits. */
function acceptFrom(context: Context, heritage: Handover | string): void {
  if (typeof heritage === "string") {
    const refused = `version ${VERSION} can't read what was handed over: ${heritage}`;
    context.warn(`${refused} (beginning from what is on disk)`);
    acceptSignals();
    return recordReexec({ refused });
  }
  const pauseMs = Math.round(monotonicMs() - heritage.atMs);
  context.info(`version ${VERSION} goes on in the place of version ${heritage.from}`);
  recordReexec({ from: heritage.from, to: VERSION, pauseMs });
}

/** The descriptor of a state, and the limit of descriptors that children get. */
interface HandedOver {
  readonly stateFd: number;
  readonly nofile: number;
}

/** Absent: this is a beginning. What is wrong with it must not end this process. */
function handedOver([word, fd = "", nofile = ""]: readonly string[]): HandedOver | undefined {
  if (word !== TAKE_OVER) return undefined;
  return { stateFd: parseUint(fd) ?? -1, nofile: parseUint(nofile) ?? nofileLimit() };
}

export function main(context: Context): Promise<number> {
  const given = handedOver(context.argv);
  const { rows, operands } = readCommandLine(
    given === undefined ? context.argv : context.argv.slice(3),
    table,
  );
  if (operands.length > 1) throw new UsageError(`unexpected argument: ${operands[1]}`);
  const settings = settingsOf<Settings>(rows(), DEFAULTS);
  const [scandir = "."] = operands;
  const { consoleFd } = settings;
  const heritage = given === undefined
    ? undefined
    : takeHeritage(given.stateFd, consoleFd === undefined ? [] : [consoleFd]);
  if (given !== undefined) goOnWithNofileLimit(given.nofile);
  if (consoleFd !== undefined) setCloexec(consoleFd, true);
  outliveFileSizeLimit();
  const control = typeof heritage === "object"
    ? heritage
    : openScandir(given === undefined ? scandir : ".");
  raiseNofileLimit();
  outliveChildren();
  const reaper = trySetChildSubreaper();
  if (reaper < 0) context.warn(`unable to become the reaper of orphans: ${strerror(-reaper)}`);
  return run(context, settings, { scandir, control, heritage });
}
