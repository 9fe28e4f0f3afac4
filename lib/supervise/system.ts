/**
 * The supervisor's port on libc. Before each file access or spawn, the process enters the service
 * directory by its descriptor. Nothing else runs meanwhile, so many supervisors can share one
 * process, and each sees its directory as C's does, even if the directory is renamed.
 */
import type { LifeStage } from "../servicedir/core/life_record.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { spawnFailureText } from "../core/diagnosis/spawn_diagnosis.ts";
import type { Moment } from "./core/machine.ts";
import type { LivingChild } from "./core/ongoing.ts";
import type { Program } from "./core/spawn_intent.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { type Pipe, pipe } from "../libc/fd.ts";
import { O_RDWR } from "../core/linux/open_flags.ts";
import { access, close, F_OK, fchdir, tryOpen } from "../libc/file.ts";
import { kill } from "../libc/process.ts";
import { isNameless } from "../libc/stat.ts";
import { inheritedNofileLimit } from "../libc/resource_limit.ts";
import { startProgram } from "../launch/start_program.ts";
import type { SpawnRequest } from "../libc/spawn.ts";
import { isHostedLog } from "../servicedir/hosted_log.ts";
import { AdoptedChild } from "./adopted_child.ts";
import { descriptorsOf, setOomScore } from "./child_properties.ts";
import { Alarm } from "./alarm.ts";
import type { Control } from "./control.ts";
import { releaseControl } from "./control.ts";
import { DirectoryFiles } from "./directory_files.ts";
import type { HeldByPort } from "./core/held_supervisor.ts";
import { LateFiles } from "./late_files.ts";
import { HostedRun } from "./hosted_run.ts";
import { Listeners } from "./listeners.ts";
import type { ChildPipes, LifeMarks } from "./life_marks.ts";
import type { LogHosting } from "./log_hosting.ts";
import type { RunOptions, SpawnResult, Stdio, SupervisePort, SweepListener } from "./port.ts";
import { readCommands } from "./read_commands.ts";
import { ReadinessPipe } from "./readiness_pipe.ts";
import { openServiceLock, SERVICE_LOCK } from "./service_lock.ts";
import type { SlowDisk } from "./slow_disk.ts";
import { gatherSpawnFacts } from "./spawn_facts.ts";
import type { SuperviseOptions } from "./supervise_options.ts";
import { Sweep } from "./sweep.ts";
import type { Supervisor } from "./supervisor.ts";
import type { World } from "./world.ts";

type ChildOptions =
  & Pick<SpawnRequest, "newPidNamespace" | "oomScore">
  & Pick<ChildPipes, "notification">;

export class SystemSupervisePort implements SupervisePort {
  readonly #world: World;
  readonly #control: Control;
  readonly #name: string;
  readonly #stdio: Stdio;
  #supervisor: Supervisor | undefined;
  /** The living process that was spawned here, or taken over. */
  #child: number | undefined;
  /** That process, if it is not our child. */
  #adopted: AdoptedChild | undefined;
  readonly #readiness: ReadinessPipe;
  readonly #life: LifeMarks;
  readonly #alarm = new Alarm(() => this.#supervisor?.handle("TIMEOUT"));
  #stdioClosed = false;
  /** Created when the directory is first found to have a logscript. */
  #hosted: HostedRun | undefined;
  #sweep: Sweep | undefined;
  readonly #listeners: Listeners;
  /** Absent: the disk can't hang, or not while everything else goes on. */
  readonly #disk: SlowDisk | undefined;
  readonly #late: LateFiles | undefined;
  readonly #files: DirectoryFiles;

  constructor(
    world: World,
    control: Control,
    { name, stdio, disk, life }: Pick<SuperviseOptions, "name" | "stdio" | "disk"> & {
      readonly life: LifeMarks;
    },
  ) {
    this.#life = life;
    this.#world = world;
    this.#control = control;
    this.#name = name;
    this.#stdio = stdio;
    this.#disk = disk;
    const onError = (error: unknown): void => this.#failedLate(error);
    this.#late = disk && new LateFiles({ answers: () => disk.answers(control.dirFd), onError });
    this.#files = new DirectoryFiles(control.dirFd, this.#late);
    this.#readiness = new ReadinessPipe(world.poller, {
      onReady: () => this.#supervisor?.becameReady(),
      warn: (text) => this.warn(text),
    });
    this.#listeners = new Listeners(world.poller.portions, {
      warn: (text) => this.warn(text),
      onMishap: (error) => this.#supervisor?.mishap(error),
    });
  }

  attach(supervisor: Supervisor): void {
    this.#supervisor = supervisor;
    const { controlFd } = this.#control;
    const warn = (text: string): void => this.warn(text);
    this.#world.poller.watch(controlFd, () => readCommands(controlFd, supervisor, warn));
  }

  /** The supervisor has ended: releases everything, once everything is written. */
  release(onReleased: () => void): void {
    this.#world.poller.unwatch(this.#control.controlFd);
    if (this.#late === undefined) this.#release(onReleased);
    else this.#late.whenDone(() => this.#release(onReleased));
  }

  #release(onReleased: () => void): void {
    try {
      this.#guard(() => this.#listeners.finish()); // with the directory still open
      releaseControl(this.#control);
      this.#hosted?.abandon();
      this.#adopted?.abandon();
    } catch (error) {
      this.#supervisor?.mishap(error);
    }
    onReleased();
  }

  #failedLate(error: unknown): void {
    if (error instanceof SyscallError) this.warn(error.message);
    else this.#supervisor?.mishap(error);
  }

  /** Guards what the runtime calls: an unexpected exception is reported in this service's name. */
  #guard(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      this.#supervisor?.mishap(error);
    }
  }

  moment(): Moment {
    return { monotonicMs: monotonicMs(), wallclock: wallclock() };
  }

  #enter(): void {
    fchdir(this.#control.dirFd);
  }

  names(): ReadonlySet<string> | undefined {
    return this.#files.names();
  }

  read(name: string): Uint8Array | undefined {
    return this.#files.read(name);
  }

  exists(name: string): boolean {
    return this.#files.exists(name);
  }

  isGone(): boolean {
    return isNameless(this.#control.dirFd);
  }

  createEmpty(name: string): void {
    this.#files.createEmpty(name);
  }

  remove(name: string): void {
    this.#files.remove(name);
  }

  replace(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#files.replace(name, bytes);
  }

  notify(events: string): void {
    this.#world.onEvents?.(this.#name, events);
    if (this.#late === undefined) this.#tell(events);
    else this.#late.later(() => this.#tell(events)); // the status comes first
  }

  #tell(events: string): void {
    this.#enter();
    this.#listeners.tell(events);
  }

  descriptorLimit(): number {
    return inheritedNofileLimit();
  }

  spawnRun(options: RunOptions): SpawnResult {
    let lock = -1;
    let notification: Pipe | undefined;
    let isHeard = false;
    const hear = (): void => {
      if (notification === undefined || isHeard) return;
      isHeard = true;
      this.#readiness.listen(notification.readFd);
    };
    try {
      this.#enter();
      const { logHosting } = this.#world;
      if (logHosting !== undefined && isHostedLog(".")) {
        return this.#hostedBy(logHosting).start();
      }
      if (options.lockFd !== undefined && this.#disk?.isStuck) {
        return { missing: false, reason: "unable to open the service's lock: its disk is stuck" };
      }
      if (options.lockFd !== undefined) lock = openServiceLock((text) => this.warn(text));
      if (options.notificationFd !== undefined) notification = pipe();
      const result = this.#spawnWith(options, lock, notification);
      if ("pid" in result) {
        hear();
        return result;
      }
      const missing = access("./run", F_OK) === -ENOENT;
      this.#world.onUnspawnable?.(
        this.#name,
        missing ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC,
        result.reason,
      );
      return { ...result, missing };
    } catch (error) {
      if (this.#child !== undefined) hear(); // it is running nevertheless
      return this.#failedSpawn(error);
    } finally {
      if (lock >= 0) close(lock);
      if (notification !== undefined) close(notification.writeFd);
      if (notification !== undefined && !isHeard) close(notification.readFd);
    }
  }

  /** The failure may have happened after the start: then the service is running. */
  #failedSpawn(error: unknown): SpawnResult {
    if (!(error instanceof SyscallError)) throw error;
    if (this.#child === undefined) return { missing: false, reason: error.message };
    this.warn(`${error.message} (the service runs nevertheless)`);
    return { pid: this.#child };
  }

  #hostedBy(logHosting: LogHosting): HostedRun {
    this.#life.forget();
    return this.#hosted ??= new HostedRun(logHosting, {
      name: this.#name,
      stdio: this.#stdio,
      directoryFd: this.#control.dirFd,
      supervisor: () => this.#supervisor,
      warn: (text) => this.warn(text),
    });
  }

  #spawnWith(options: RunOptions, lock: number, notification: Pipe | undefined): SpawnResult {
    const { lockFd, notificationFd, newPidNamespace, oomScoreAdj } = options;
    const run = ["./run", this.#name];
    const fds: [number, number][] = [];
    // s6-setlock opens the lock file itself. Because the number is taken from the start, its
    // runtime can't use it for something else.
    if (lockFd !== undefined) fds.push([lockFd, lock]);
    if (notificationFd !== undefined && notification !== undefined) {
      fds.push([notificationFd, notification.writeFd]);
    }
    const program = lockFd === undefined
      ? { path: "./run", argv: run }
      : this.#world.setlock(["-d", String(lockFd), "--", SERVICE_LOCK, ...run]);
    const result = this.#spawn("run", program, fds, {
      newPidNamespace,
      ...(notification && { notification: { readFd: notification.readFd, fd: notificationFd! } }),
      ...(oomScoreAdj === undefined ? {} : { oomScore: "caller's" }),
    });
    if (oomScoreAdj !== undefined && "pid" in result) {
      setOomScore(result.pid, oomScoreAdj, (text) => this.warn(text));
    }
    return result;
  }

  spawnFinish(args: readonly string[]): SpawnResult {
    try {
      this.#enter();
      if (access("./finish", F_OK) === -ENOENT) return { missing: true, reason: "" };
      return this.#spawn("finish", { path: "./finish", argv: ["finish", ...args] });
    } catch (error) {
      return this.#failedSpawn(error);
    }
  }

  #spawn(
    what: Program,
    program: { readonly path: string; readonly argv: readonly string[] },
    extra: readonly (readonly [number, number])[] = [],
    { notification, ...options }: ChildOptions = {},
  ): SpawnResult {
    const nullFd = this.#stdioClosed ? tryOpen("/dev/null", O_RDWR) : -1;
    const fds = descriptorsOf(this.#stdio, nullFd);
    const request: SpawnRequest = {
      ...program,
      fds: [...fds, ...extra],
      newSession: true,
      ...options,
    };
    const start = (): number => startProgram(request);
    const pipeFd = this.#stdio.stdin ?? this.#stdio.stdout;
    const result = this.#life.start(what, start, { notification, pipeFd });
    if (nullFd >= 0) close(nullFd);
    if (result < 0) {
      return { missing: false, reason: spawnFailureText(gatherSpawnFacts(program.path, -result)) };
    }
    this.#child = result;
    this.#world.reaper.own(result, (wstat) => this.#childDied(wstat));
    return { pid: result };
  }

  livingChild(): number | undefined {
    return this.#hosted?.isRunning ? this.#hosted.pid : this.#child;
  }

  record(status: Svstatus, stage: LifeStage): void {
    const write = (): void => this.#life.record(status, stage, (text) => this.warn(text));
    if (this.#late === undefined) write();
    else this.#late.later(write);
  }

  goOnWith({ pid, ours, pidfd, notificationFd, mark, log }: LivingChild): void {
    const { logHosting } = this.#world;
    if (log !== undefined && logHosting !== undefined) return this.#hostedBy(logHosting).goOn(log);
    if (ours || pidfd === undefined) {
      this.#world.reaper.own(pid, (wstat) => this.#childDied(wstat));
    } else {
      const onDeath = (wstat: number): void => this.#guard(() => this.#childDied(wstat));
      this.#adopted = new AdoptedChild(this.#world.poller, { pidfd, onDeath });
    }
    this.#child = pid;
    if (mark !== undefined) this.#life.adopt(mark);
    if (notificationFd !== undefined) this.#readiness.listen(notificationFd);
  }

  /** What another program needs to go on; or why it can't, in words. */
  held(): HeldByPort | string {
    if (this.#disk !== undefined) return "its disk may hang";
    this.#listeners.finish();
    const { lockKey: _lockKey, ...held } = this.#control;
    const [pid, notificationFd, log] = [this.#child, this.#readiness.fd, this.#hosted?.held];
    const [mark, pidfd, stdioClosed] = [this.#life.mark, this.#adopted?.pidfd, this.#stdioClosed];
    return { ...held, pid, pidfd, notificationFd, log, mark, stdioClosed };
  }

  #childDied(wstat: number): void {
    this.#child = undefined;
    this.#adopted = undefined;
    // A service that reports readiness and dies at once has been ready, so its report is handled
    // before its death.
    this.#guard(() => this.#readiness.catchUp());
    this.#supervisor?.childDied(wstat);
  }

  closeNotification(): void {
    this.#readiness.close();
  }

  kill(pid: number, signal: number): void {
    if (this.#hosted?.isRunning) this.#hosted.signal(signal);
    else if (this.#adopted !== undefined) this.#adopted.kill(pid, signal);
    else kill(pid, signal);
  }

  sweep(pid: number, signal: number, onLeftovers: SweepListener): void {
    this.#sweep ??= new Sweep(this.#world, {
      id: pid,
      onLeftovers,
      warn: (text) => this.warn(text),
      onMishap: (error) => this.#supervisor?.mishap(error),
    });
    this.#sweep.send(signal);
  }

  endSweep(): void {
    this.#sweep?.stop();
    this.#sweep = undefined;
  }

  claimOomKill(): boolean {
    return this.#world.oom.claim(monotonicMs());
  }

  setTimer(atMs: number | undefined): void {
    this.#alarm.set(atMs);
  }

  closeStdio(): void {
    this.#stdioClosed = true;
  }

  warn(text: string): void {
    this.#world.warn(this.#name, text);
  }
}
