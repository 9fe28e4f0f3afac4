/**
 * trap: a program under a process that runs others when signals come. Source: execline,
 * doc/trap.html, trap.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { signalName, signalNumber, SIGNALS } from "../core/linux/signals.ts";
import type { Words } from "./core/words.ts";
import { kill } from "../libc/process.ts";
import { BlockReader } from "./blocks.ts";
import { canListen, ChildEvents } from "./child_events.ts";
import { exitStatus, startedPid } from "./child_status.ts";
import type { Call, Link, LinkResult } from "./link.ts";
import { LinkFailure } from "./link_failure.ts";

/** The number under which the block for all other signals is kept. */
const DEFAULT = 0;

/** trap [ -x ] { signal { block } ... } prog... */
export const trap: Link = {
  nature: "process",
  async run(call): Promise<LinkResult> {
    if (call.words.length === 0) throw new UsageError("a block of directives is needed");
    const blocks = new BlockReader(call);
    const { block, rest } = blocks.takeNonEmpty(call.words);
    if (rest.length === 0) throw new UsageError("a program is needed");
    const handlers = directives(blocks, block);
    using events = new ChildEvents(wantedSignals(handlers, call.flag("x")));
    const pid = await startOrFail(call, rest);
    return await supervise(call, { pid, handlers, events });
  },
};

function directives(blocks: BlockReader, block: Words): ReadonlyMap<number, Words> {
  const handlers = new Map<number, Words>();
  for (let words = block; words.length > 0;) {
    const keyword = words.first!;
    const signal = keyword.toLowerCase() === "default" ? DEFAULT : signalNumber(keyword);
    if (signal === undefined) {
      throw new LinkFailure(EXIT_USAGE, `unrecognized directive: ${keyword}`);
    }
    const taken = blocks.tryTake(words.slice(1));
    if (taken === undefined) {
      throw new LinkFailure(EXIT_USAGE, `unterminated internal block for directive ${keyword}`);
    }
    if (handlers.has(signal)) throw new LinkFailure(EXIT_USAGE, `duplicate directive: ${keyword}`);
    if (signal !== DEFAULT && !canListen(signal)) {
      throw new LinkFailure(EXIT_USAGE, `${signalName(signal)} (${signal}) cannot be trapped`);
    }
    handlers.set(signal, taken.block);
    words = taken.rest;
  }
  return handlers;
}

function wantedSignals(handlers: ReadonlyMap<number, Words>, forward: boolean): number[] {
  const all = forward || handlers.has(DEFAULT);
  return Object.values(SIGNALS).filter((signal) => all ? canListen(signal) : handlers.has(signal));
}

async function startOrFail(
  call: Call,
  words: Words,
  environment: readonly (readonly [string, string])[] = [],
): Promise<number> {
  return startedPid(await call.start(words, (guest) => guest.env.change(environment)), words.first);
}

interface Trapped {
  readonly pid: number;
  readonly handlers: ReadonlyMap<number, Words>;
  readonly events: ChildEvents;
}

/** Until the program dies. Returns its exit code. */
async function supervise(call: Call, { pid, handlers, events }: Trapped): Promise<number> {
  /** The process that runs because of each signal. */
  const running = new Map<number, number>();
  for (;;) {
    const happening = await events.next();
    if (happening.kind === "death") {
      if (happening.death.pid === pid) return exitStatus(happening.death.wstat);
      for (const [signal, handler] of running) {
        if (handler === happening.death.pid) running.delete(signal);
      }
    } else if (happening.kind === "signal") {
      const { signal } = happening;
      const handler = handlers.get(signal) ?? handlers.get(DEFAULT);
      if (handler === undefined) kill(pid, signal);
      else if (!running.has(signal)) {
        running.set(
          signal,
          await startOrFail(call, handler, [["!", String(pid)], ["SIGNAL", String(signal)]]),
        );
      }
    }
  }
}
