/**
 * Waiting for the state of services, for s6-svwait, s6-svlisten, s6-svlisten1 and `s6-svc -w`:
 * subscribe to `event`, read the status, then follow the events. In that order nothing can be
 * missed. Source: s6, supervision/s6_svlisten_loop.c, s6-svwait.c.
 */
import { EPIPE } from "../core/linux/errno.ts";
import type { Svstatus } from "./core/svstatus.ts";
import {
  waitState,
  type Wanted,
  type Watch,
  watchEvent,
  watchStatus,
} from "./core/svwait_state.ts";
import { listen } from "../fifodir/listen.ts";
import { makeFifodir } from "../fifodir/make.ts";
import { SyscallError } from "../libc/bind.ts";
import { getegid } from "../libc/process.ts";
import { readStatus } from "./client.ts";

/** The exit code that says so. */
export const TIMED_OUT = 99;
const MAX_EXIT_CODE = 255;

export interface WaitOptions {
  readonly wanted: Wanted;
  /** One service is enough. */
  readonly any: boolean;
  /** 0 for no limit. */
  readonly timeoutMs: number;
  /**
   * Called when no event can be missed any more and the states are known: the moment to send a
   * command.
   */
  onSubscribed(): Promise<void> | void;
}

/**
 * Waits until the services are in the wanted state. Returns s6-svwait's exit code: 0, 99 if the
 * time was up, or how many services failed for good or lost their supervisor.
 *
 * @throws {SyscallError} If the events or the status of a service are out of reach; and whatever
 *   `onSubscribed` throws.
 */
export async function waitForServices(
  dirs: readonly string[],
  options: WaitOptions,
): Promise<number> {
  const { wanted, any, timeoutMs } = options;
  const watches: Watch[] = [];
  const current = () => waitState(watches, wanted, any);
  for (const dir of dirs) prepareEventDir(dir);
  const inTime = await listen(dirs.map((dir) => `${dir}/event`), {
    timeoutMs,
    async onSubscribed(): Promise<boolean> {
      for (const dir of dirs) watches.push(watchStatus(readWholeStatus(dir)));
      await options.onSubscribed();
      return current().kind !== "waiting";
    },
    onEvents(index, events): boolean {
      // byte by byte: a state that was reached counts, though the same read brought its end
      for (const byte of events) {
        watches[index] = watchEvent(watches[index]!, String.fromCharCode(byte), wanted);
        if (current().kind !== "waiting") return true;
      }
      return false;
    },
  });
  if (!inTime) return TIMED_OUT;
  const result = current();
  return result.kind === "failed" ? Math.min(result.services, MAX_EXIT_CODE) : 0;
}

/** What to tell the user about a code of `waitForServices` that is not 0. */
export function waitFailureText(code: number): string {
  return code === TIMED_OUT
    ? "timed out"
    : "some services reported permanent failure or their supervisor died";
}

/**
 * The supervisor makes `event`; before its first start a client with the right to do so makes it.
 */
function prepareEventDir(dir: string): void {
  try {
    makeFifodir(`${dir}/event`, { gid: getegid() });
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    // subscribing tells what is wrong, if anything is
  }
}

function readWholeStatus(dir: string): Svstatus {
  try {
    return readStatus(dir);
  } catch (error) {
    if (error instanceof RangeError) throw new SyscallError(`read status for ${dir}`, EPIPE);
    throw error;
  }
}
