/**
 * logutil-service: a logger that stores a service's output in a directory, as the user nobody. If a
 * script does nothing but call it, /init lets a log host do the work: hosted_logutil.ts. Source:
 * s6-overlay 3.2.3, logutil-service and libexec/logutil-service-main.
 */
import { ChainEnvironment } from "../execline/core/chain_environment.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { DEFAULT_LOGGING_SCRIPT, loggingScriptWords } from "./core/logutil_script.ts";
import { Words } from "../execline/core/words.ts";
import { findAccount } from "../credentials/account.ts";
import { becomeUser } from "../credentials/drop.ts";
import type { Call, Link, Next } from "../execline/link.ts";
import { openOrThrow } from "../execline/state.ts";
import { SyscallError } from "../libc/bind.ts";
import { setNonblocking } from "../libc/fd.ts";
import { O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { geteuid } from "../libc/process.ts";
import { containerVariable } from "./contenv.ts";

const USER = "nobody";
/** Used if the user nobody is in no file. */
const NOBODY = { uid: 65534, gid: 65534, gids: [] } as const;

/** logutil-service [ -f fifo ] directory */
export const logutilService: Link = {
  nature: "process",
  run(call): Next {
    const [directory, extra] = call.words.texts;
    if (directory === undefined) throw new UsageError("no directory for the log given");
    if (extra !== undefined) throw new UsageError(`more than one directory: ${extra}`);
    const script = containerVariable(call.state.env.toMap(), "S6_LOGGING_SCRIPT") ??
      DEFAULT_LOGGING_SCRIPT;
    const fifo = call.value("f");
    if (fifo !== undefined && fifo !== "") readFrom(fifo, call);
    becomeNobody(call);
    return {
      words: new Words(["s6-log", "-b", "--", ...loggingScriptWords(script), directory]),
      env: new ChainEnvironment([]),
    };
  },
};

/** Opens a FIFO without waiting for a writer, then reads it like any other. */
function readFrom(fifo: string, { state }: Call): void {
  const fd = openOrThrow(state, fifo, O_RDONLY | O_NONBLOCK);
  setNonblocking(fd, false);
  state.fds.put(0, fd);
}

function becomeNobody({ warn }: Call): void {
  // only root can change user; any other user has to log into its own directory
  if (geteuid() !== 0) return;
  const found = findAccount(USER, { form: "account", numeric: false });
  const account = found.uid === undefined ? NOBODY : found;
  try {
    becomeUser(account);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(
      `unable to become ${USER}: ${error.message}; logging as root: give the container the capabilities SETUID and SETGID`,
    );
  }
}
