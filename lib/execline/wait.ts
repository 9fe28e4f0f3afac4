/** wait: until children are dead. Source: execline, doc/wait.html, wait.c. */
import { EXIT_TIMED_OUT } from "../core/cli/exit_codes.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { hasChildren, waitForAny } from "../libc/process.ts";
import { parseNumber } from "./arguments.ts";
import { splitBlock } from "./core/el_semicolon.ts";
import { ChildEvents } from "./child_events.ts";
import { exitStatus } from "./child_status.ts";
import { type Call, goOn, type Link, type LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

const EXIT_NO_CHILD = 127;
const MAX_PID = 0x7fffffff;

/** A child that was waited for. */
interface Waited {
  readonly pid: number;
  readonly code: number;
}

interface Request {
  /** Empty: all children. */
  readonly pids: readonly number[];
  /** -o: the first of them will do. */
  readonly one: boolean;
}

/** Which deaths are still to come. */
class Awaited {
  readonly #request: Request;
  readonly #left: number[];
  /** Of the last pid of the list, or of the one that did. */
  result: Waited | undefined;

  constructor(request: Request) {
    this.#request = request;
    this.#left = [...request.pids];
  }

  /** Takes note of a death. True if nothing else is awaited. */
  note(pid: number, wstat: number): boolean {
    const { pids, one } = this.#request;
    const at = this.#left.indexOf(pid);
    if (pids.length > 0 && at === -1) return false;
    if (at !== -1) this.#left.splice(at, 1);
    if (one || pid === pids.at(-1)) this.result = { pid, code: exitStatus(wstat) };
    return one || (pids.length > 0 && this.#left.length === 0);
  }
}

/** wait [ -I | -i ] [ -a | -o ] [ -r | -t timeout ] { pids... } prog... */
export const wait: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    const split = splitBlock(call.words.texts);
    const texts = split?.block ??
      call.words.texts.map((text) => text.startsWith(" ") ? text.slice(1) : text);
    const request = { pids: texts.map(parsePid), one: call.last("a", "o") === "o" };
    const { result, complete } = await waited(call, request);
    if (split === undefined) {
      return result?.code ?? (request.pids.length === 0 && complete ? 0 : EXIT_NO_CHILD);
    }
    if (request.one) {
      const text = (number: number | undefined): string | undefined =>
        number === undefined ? undefined : String(number);
      call.state.env.change([["?", text(result?.code)], ["!", text(result?.pid)]]);
    }
    return goOn(call.words.slice(texts.length + 1));
  },
};

function parsePid(text: string): number {
  const pid = parseNumber("pid", text);
  if (pid > MAX_PID) throw new UsageError(`invalid pid: ${text}`);
  return pid;
}

function timeoutOption({ flag, value }: Call): number | undefined {
  if (flag("r")) return 0;
  const text = value("t");
  return text === undefined ? undefined : parseNumber("timeout", text);
}

interface Waiting {
  readonly result: Waited | undefined;
  /** All that could be waited for without a limit of time, or within it. */
  readonly complete: boolean;
}

async function waited(call: Call, request: Request): Promise<Waiting> {
  const awaited = new Awaited(request);
  const timeoutMs = timeoutOption(call);
  if (timeoutMs !== undefined) return await waitedWithin(call, awaited, timeoutMs);
  for (;;) {
    const death = waitForAny();
    if (death === undefined) return { result: awaited.result, complete: !request.one };
    if (awaited.note(death.pid, death.wstat)) return { result: awaited.result, complete: true };
  }
}

/** @throws {LinkFailure} If the time is up and -i is there. */
async function waitedWithin(call: Call, awaited: Awaited, timeoutMs: number): Promise<Waiting> {
  const deadlineMs = performance.now() + timeoutMs;
  using events = new ChildEvents([]);
  while (hasChildren()) {
    const happening = await events.next(Math.max(deadlineMs - performance.now(), 0));
    if (happening.kind === "timeout") {
      if (call.last("I", "i") === "i") {
        throw new LinkFailure(EXIT_TIMED_OUT, "unable to wait: timed out");
      }
      return { result: undefined, complete: false };
    }
    if (happening.kind === "death" && awaited.note(happening.death.pid, happening.death.wstat)) {
      break;
    }
  }
  return { result: awaited.result, complete: true };
}
