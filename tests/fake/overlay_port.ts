/**
 * A container in memory: scripts that end when the test says so, services, processes that are left,
 * a clock that the test moves. What happens is recorded: `start /etc/cont-init.d/a = 100`, `kill
 * -100 15`, `CMD nginx = 101`, `info cont-init: running ...`.
 */
import type {
  Child,
  InstalledService,
  LeftoverSweep,
  NotStarted,
  OverlayPort,
  OwnSteps,
  ServiceTree,
  Severity,
} from "../../lib/overlay/port.ts";

const FIRST_PID = 100;
const TURNS = 60;

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export class FakeOverlayPort implements OverlayPort {
  readonly done: string[] = [];
  readonly said: string[] = [];
  /** Paths of the scripts of each directory. */
  readonly directories: Record<string, readonly string[]> = {};
  services: readonly InstalledService[] = [];
  /** Programs that can't be started, and the code for that. */
  readonly broken: Record<string, 126 | 127> = {};
  /** Scripts that end at once, and with what; others run until the test ends them. */
  readonly endsWith: Record<string, number> = {};
  attributesFail = false;
  /** Everything but the catch-all logger ends as soon as it is asked to. */
  servicesEndAtOnce = true;
  loggersEndAtOnce = true;
  /** What is left besides the scripts and the CMD that run. */
  readonly strays = new Set<number>();
  /** They have died, and nobody has been told yet. */
  readonly dead = new Set<number>();
  /** Those of them that no signal reaches. */
  readonly unreachable = new Set<number>();
  exitCode: number | undefined;
  hasBooted = false;
  nowMs = 1000;
  readonly closedFds = new Set<number>();
  /** Of each sweep that goes on, who hears how many are left. */
  readonly sweeps = new Map<number, (living: number) => void>();
  readonly #running = new Map<number, (wstat: number) => void>();
  readonly #timers = new Set<Timer>();
  readonly #endListeners = new Set<() => void>();
  readonly #services = Promise.withResolvers<number | undefined>();
  readonly #loggers = Promise.withResolvers<void>();
  #eventListener: (name: string, events: string) => void = () => {};
  #closed = new Map<number, () => void>();
  #nextPid = FIRST_PID;

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and everything happen that follows from it. */
  async elapse(durationMs: number): Promise<void> {
    const endMs = this.nowMs + durationMs;
    await this.settled();
    for (let due = this.#nextTimer(endMs); due !== undefined; due = this.#nextTimer(endMs)) {
      this.nowMs = due.atMs;
      this.#timers.delete(due);
      due.callback();
      await this.settled();
    }
    this.nowMs = endMs;
  }

  #nextTimer(endMs: number): Timer | undefined {
    return [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }

  /** All that can follow from what has happened has followed. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
  }

  say(severity: Severity, who: string, text: string): void {
    this.said.push(`${severity} ${who}: ${text}`);
  }

  endOfFile(fd: number): Promise<void> {
    this.done.push(`wait for the end of ${fd}`);
    return new Promise((resolve) => this.#closed.set(fd, resolve));
  }

  close(fd: number): void {
    this.#closed.get(fd)!();
  }

  scripts(directory: string): readonly string[] {
    return this.directories[directory] ?? [];
  }

  /** The services that s6-rc would work on; the steps of the boot are its oneshots then. */
  tree: ((own: OwnSteps) => ServiceTree) | undefined;

  openTree(own: OwnSteps): Promise<ServiceTree | undefined> {
    return Promise.resolve(this.tree?.(own));
  }

  orderServices(names: readonly string[], order: "up" | "down"): readonly string[] {
    this.done.push(`${names.join(" ")} ${order}`);
    return names;
  }

  startScript(argv: readonly string[]): Child | NotStarted {
    return this.#start("start", argv);
  }

  startCommand(argv: readonly string[]): Child | NotStarted {
    return this.#start("CMD", argv);
  }

  #start(word: string, argv: readonly string[]): Child | NotStarted {
    const code = this.broken[argv[0]!];
    if (code !== undefined) return { reason: `unable to run ${argv[0]}`, code };
    const pid = this.#nextPid++;
    this.done.push(`${word} ${argv.join("|")} = ${pid}`);
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#running.set(pid, resolve);
    const wstat = this.endsWith[argv[0]!];
    if (wstat !== undefined) this.end(pid, wstat);
    return { pid, ended: promise };
  }

  /** The process ends with this raw wait status. */
  end(pid: number, wstat: number): void {
    const resolve = this.#running.get(pid);
    if (resolve === undefined && !this.strays.has(pid)) {
      throw new Error(`${pid} ends, and it does not run`);
    }
    this.#running.delete(pid);
    this.strays.delete(pid);
    resolve?.(wstat);
    for (const listener of [...this.#endListeners]) listener();
  }

  get running(): number[] {
    return [...this.#running.keys()];
  }

  booted(): void {
    this.hasBooted = true;
  }

  settle(): void {
    this.done.push("settle");
  }

  commandEnded(): void {
    this.done.push("CMD ended");
  }

  sweep(pid: number, onLeftovers: (living: number) => void): LeftoverSweep {
    this.sweeps.set(pid, onLeftovers);
    return {
      send: (signal) => void this.done.push(`sweep ${pid} ${signal}`),
      stop: () => {
        this.sweeps.delete(pid);
        this.done.push(`end of sweep ${pid}`);
      },
    };
  }

  kill(pid: number, signal: number): void {
    this.done.push(`kill ${pid} ${signal}`);
    if (signal === 9 && this.#running.has(Math.abs(pid))) this.end(Math.abs(pid), signal);
  }

  fixAttributes(directory: string): boolean {
    this.done.push(`fix ${directory}`);
    return !this.attributesFail;
  }

  applySysctl(): void {
    this.done.push("sysctl");
  }

  installServices(directory: string): readonly InstalledService[] {
    this.done.push(`install ${directory}`);
    return this.services;
  }

  startServices(): void {
    this.done.push("start services");
  }

  onEvents(callback: (name: string, events: string) => void): void {
    this.#eventListener = callback;
  }

  /** A service tells events. */
  tell(name: string, events: string): void {
    this.#eventListener(name, events);
  }

  endServices(): Promise<number | undefined> {
    this.done.push("end services");
    if (this.servicesEndAtOnce) this.servicesEnded();
    return this.#services.promise;
  }

  /** Everything but the catch-all logger has ended. */
  servicesEnded(): void {
    this.#services.resolve(undefined);
  }

  endLoggers(): Promise<void> {
    this.done.push("end loggers");
    if (this.loggersEndAtOnce) this.#loggers.resolve();
    return this.#loggers.promise;
  }

  leftovers(): readonly number[] {
    return [...this.#running.keys(), ...this.strays].filter((pid) => !this.dead.has(pid));
  }

  signalLeftovers(signal: number): boolean {
    const reached = this.leftovers().filter((pid) => !this.unreachable.has(pid));
    this.done.push(`signal ${signal} to ${reached.join(" ")}`);
    // a death is told later, as a signal from the kernel is
    if (signal === 9) {
      queueMicrotask(() =>
        reached.filter((pid) => this.leftovers().includes(pid)).forEach((pid) =>
          this.end(pid, signal)
        )
      );
    }
    return reached.length > 0;
  }

  signalLoggers(signal: number): void {
    this.done.push(`signal ${signal} to the loggers`);
    if (signal === 9) this.#loggers.resolve();
  }

  onLeftoverEnd(callback: () => void): () => void {
    this.#endListeners.add(callback);
    return () => this.#endListeners.delete(callback);
  }

  recordExitCode(code: number): void {
    this.exitCode = code;
  }

  recordedExitCode(): number | undefined {
    return this.exitCode;
  }

  syncDisks(): void {
    this.done.push("sync");
  }
}
