/**
 * The port of a container's life with a guard around every call: an unexpected exception is
 * reported, and the life goes on as if that step had failed in the usual way. Examples are a script
 * that can't be started and attributes that can't be fixed; a wait that fails is over at once. So
 * PID 1 always finishes the boot, and always comes to an orderly end.
 */
import { mishapText } from "../mishap/core/mishap_text.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import type { Child, NotStarted, OverlayPort } from "./port.ts";

/** How long to wait before looking for deaths that the port can't report. */
const LOOK_AGAIN_MS = 1000;
const NOTHING = (): void => {};

export function guardedPort(port: OverlayPort, mishaps: Mishaps): OverlayPort {
  let lastMs = 0;
  let lastCode: number | undefined;
  const survives = (attempt: () => void): void => void mishaps.survives(attempt);
  /** For actions that may be repeated. */
  const insists = (attempt: () => void): void =>
    void (mishaps.survives(attempt) || mishaps.survives(attempt));
  const insisting = <T, U>(attempt: () => T, otherwise: U): T | U => {
    let result: T | U = otherwise;
    insists(() => result = attempt());
    return result;
  };
  const safely = <A extends unknown[]>(callback: (...args: A) => void) => (...args: A): void =>
    survives(() => callback(...args));
  /**
   * Living processes that were started here. They stand for the leftovers if the real list can't be
   * read.
   */
  const living = new Set<number>();
  const started = (
    argv: readonly string[],
    start: () => Child | NotStarted,
  ): Child | NotStarted => {
    try {
      const child = start();
      if ("reason" in child) return child;
      living.add(child.pid);
      void child.ended.then(() => living.delete(child.pid));
      return child;
    } catch (error) {
      return {
        reason: `unable to run ${argv[0]}: ${mishapText(error)}. Please report it`,
        code: 126,
      };
    }
  };
  const signalLiving = (signal: number): boolean => {
    for (const pid of living) survives(() => port.kill(pid, signal));
    return living.size > 0;
  };
  return {
    monotonicMs: () => lastMs = mishaps.guard(() => port.monotonicMs(), lastMs),
    after: (delayMs, callback) => {
      const cancel = mishaps.guard(() => port.after(delayMs, safely(callback)), undefined);
      if (cancel === undefined) queueMicrotask(safely(callback));
      return cancel === undefined ? NOTHING : safely(cancel);
    },
    say: (severity, who, text) => survives(() => port.say(severity, who, text)),
    endOfFile: (fd) => mishaps.guard(() => port.endOfFile(fd), Promise.resolve()),
    scripts: (directory) => insisting(() => port.scripts(directory), []),
    openTree: async (own) => await port.openTree(own), // the boot handles its exceptions itself
    orderServices: (names, order) => mishaps.guard(() => port.orderServices(names, order), []),
    startScript: (argv) => started(argv, () => port.startScript(argv)),
    startCommand: (argv) => started(argv, () => port.startCommand(argv)),
    booted: () => survives(() => port.booted()),
    settle: () => survives(() => port.settle()),
    commandEnded: () => survives(() => port.commandEnded()),
    sweep: (pid, onLeftovers) => {
      const nobodyLeft = safely(() => onLeftovers(0));
      const sweep = mishaps.guard(() => port.sweep(pid, safely(onLeftovers)), undefined);
      const send = (signal: number): void => {
        if (sweep === undefined || !mishaps.survives(() => sweep.send(signal))) nobodyLeft();
      };
      return { send, stop: () => survives(() => sweep?.stop()) };
    },
    kill: (pid, signal) => insists(() => port.kill(pid, signal)),
    fixAttributes: (directory) => mishaps.guard(() => port.fixAttributes(directory), false),
    applySysctl: () => survives(() => port.applySysctl()),
    installServices: (directory) => mishaps.guard(() => port.installServices(directory), []),
    startServices: () => survives(() => port.startServices()),
    onEvents: (callback) => survives(() => port.onEvents(safely(callback))),
    endServices: () => insisting(() => port.endServices(), new Promise<never>(() => {})),
    endLoggers: () => mishaps.guard(() => port.endLoggers(), Promise.resolve()),
    leftovers: () => insisting(() => port.leftovers(), undefined) ?? [...living],
    signalLeftovers: (signal) =>
      insisting(() => port.signalLeftovers(signal), undefined) ?? signalLiving(signal),
    signalLoggers: (signal) => insists(() => port.signalLoggers(signal)),
    onLeftoverEnd: (callback) => {
      const cancel = mishaps.guard(() => port.onLeftoverEnd(safely(callback)), undefined);
      return safely(
        cancel ?? mishaps.guard(() => port.after(LOOK_AGAIN_MS, safely(callback)), NOTHING),
      );
    },
    recordExitCode: (code) => {
      lastCode = code;
      insists(() => port.recordExitCode(code));
    },
    recordedExitCode: () => insisting(() => port.recordedExitCode(), lastCode),
    syncDisks: () => survives(() => port.syncDisks()),
  };
}
