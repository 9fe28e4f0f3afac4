/**
 * A log service whose `run` only becomes `logutil-service` gets a `logscript` instead, so that it
 * needs no process. User, directives and directory stay the same; the log host is the one for all
 * logs of the user nobody. A `run` that does more is left as it is.
 */
import { quoteForExecline } from "../core/shell/quoting.ts";
import { loggingScriptWords, logutilDirectory, MAX_LOGUTIL_RUN } from "./core/logutil_script.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { rememberedAccount } from "../credentials/remembered_account.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { isRegular, tryStat } from "../libc/stat.ts";
import { LOGSCRIPT } from "../servicedir/hosted_log.ts";

const USER = "nobody";
/** Used if the user nobody is in no file. */
const NOBODY = "65534:65534";
const MAX_STATUS = 16384;
/** The capabilities SETGID and SETUID. */
const NEEDED = (1n << 6n) | (1n << 7n);
/** Files that ask for what a log host can't do: the service keeps its process. */
const NEED_A_PROCESS = ["lock-fd", "flag-newpidns", LOGSCRIPT];

/**
 * The logscript for the log service in `directory`, or undefined if it is to run as it is.
 *
 * @param script S6_LOGGING_SCRIPT as it is now. @throws {SyscallError} If it can't be read.
 */
export function logscriptFor(directory: string, script: () => string): string | undefined {
  const logdir = directoryOf(`${directory}/run`);
  if (
    logdir === undefined ||
    NEED_A_PROCESS.some((name) => access(`${directory}/${name}`, F_OK) === 0)
  ) return undefined;
  const user = userWords();
  if (user === undefined) return undefined;
  return `${
    [...user, "-b", "--", ...loggingScriptWords(script()), logdir].map(quoteForExecline).join(" ")
  }\n`;
}

function directoryOf(run: string): string | undefined {
  const record = tryStat(run);
  if (typeof record === "number" || !isRegular(record.mode)) return undefined;
  try {
    return logutilDirectory(readSmallFile(run, MAX_LOGUTIL_RUN + 1) ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof SyscallError) return undefined; // whatever runs it will report that
    throw error;
  }
}

/** Undefined: only logutil-service can find out which user it can run as. */
function userWords(): readonly string[] | undefined {
  if (geteuid() !== 0) return []; // as logutil-service does
  if (!mayChangeUser()) return undefined;
  const { uid } = rememberedAccount(USER, { form: "account", numeric: false });
  return [`user:${uid === undefined ? NOBODY : USER}`];
}

let mayChange: boolean | undefined;

/** Checked once: nothing adds or removes capabilities of a running process from outside. */
function mayChangeUser(): boolean {
  return mayChange ??= hasNeededCapabilities();
}

function hasNeededCapabilities(): boolean {
  const status = readSmallFile("/proc/self/status", MAX_STATUS);
  const effective = status === undefined
    ? undefined
    : /^CapEff:\s*([0-9a-f]+)$/m.exec(decodePath(status))?.[1];
  return effective !== undefined && (BigInt(`0x${effective}`) & NEEDED) === NEEDED;
}
