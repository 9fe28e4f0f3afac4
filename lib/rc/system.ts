/**
 * The port of s6-rc's loop in the supervising process: supervisors in this process, scripts as its
 * children, and the files of the live folder.
 */
import { startTimer } from "../fifodir/timer.ts";
import { secondsBetween } from "../core/time/tain.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { readEnvironment } from "../libc/environ.ts";
import { O_CREAT, O_RDWR } from "../core/linux/open_flags.ts";
import { access, close, F_OK } from "../libc/file.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { lockFd } from "../libc/lock.ts";
import type { SupervisorHandle } from "../scandir/port.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { LastLinesOf } from "../keptoutput/ask_last_lines.ts";
import { lastLine } from "../logdir/last_line.ts";
import { unmetCondition } from "./core/conditions.ts";
import type { Longrun, Oneshot, Service, ServiceNumber } from "./core/database.ts";
import { ONESHOT_RUNNER } from "./core/database.ts";
import type { LongrunNews, Script } from "./core/engine_state.ts";
import { outputLogdir } from "./core/live_record.ts";
import { STATE_FILE } from "./core/state_file.ts";
import { markDown } from "./live_folder.ts";
import type { OutputRelays } from "./output_relays.ts";
import type { AgedLine, RcPort, ScriptStdio } from "./port.ts";
import { Scripts } from "./scripts.ts";
import { StubbornFile } from "./stubborn_file.ts";

/** The exit code of s6-svc when there is no supervisor. */
const EXIT_NOT_SUPERVISED = 100;
const LOCK_MODE = 0o644;

export interface RcSystemOptions {
  readonly reaper: Reaper;
  /** The live folder: the path that users know, and the folder itself. */
  readonly live: string;
  readonly folder: string;
  /** The present supervisor of a longrun; undefined: there is none. */
  supervisorOf(service: Longrun): SupervisorHandle | undefined;
  /**
   * Takes an order for a service whose supervisor has not started yet. Returns whether the service
   * is in that state.
   */
  defer(service: Longrun, order: "up" | "down"): boolean;
  /** The environment that conditions look at; absent: our own. */
  environment?(): ReadonlyMap<string, string>;
  /**
   * Handles a script whose program is this process itself, and returns its exit code; undefined:
   * the script runs another program. Absent: there are no such scripts.
   */
  ownScript?(service: Oneshot, script: Script): Promise<number> | undefined;
  /** The last line of a longrun whose output is watched for readiness; absent: unknown. */
  lastLineOf?(name: string): string | undefined;
  /** Before each service's name in the scan directory. */
  readonly prefix: string;
  /** Calls back, later, with the last lines that are kept, by names in the scan directory. */
  lastLines(onLines: (lines: LastLinesOf) => void): void;
  /** Whether we write such a line into the output of services; absent: we write none. */
  isOurLine?(text: string): boolean;
  /** Relays the output of scripts that write to our own; absent: they write there directly. */
  readonly relays?: OutputRelays;
  scriptEnded(service: ServiceNumber, script: Script, code: number, line?: string): void;
  /** The timer has run out. */
  wake(): void;
  warn(text: string): void;
}

export class RcSystem implements RcPort {
  readonly #options: RcSystemOptions;
  readonly scripts: Scripts;
  #folder: string;
  readonly #stateFile = new StubbornFile(() => `${this.#folder}/${STATE_FILE}`, LOCK_MODE);
  #timer: Disposable | undefined;
  #isBusy = false;
  #lockFd = -1;

  constructor(options: RcSystemOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.scripts = new Scripts({
      reaper: options.reaper,
      directory: () => `${this.#folder}/servicedirs/${ONESHOT_RUNNER}`,
      relay: ({ name }, stdio) => options.relays?.begin(name, stdio),
      onEnd: options.scriptEnded,
    });
  }

  /** The live folder has been replaced by another one. */
  moveTo(folder: string): void {
    this.#unlock();
    this.#stateFile.end(); // it describes the services of the old folder
    this.#folder = folder;
    this.#takeLock();
  }

  monotonicMs(): number {
    return monotonicMs();
  }

  setTimer(atMs: number | undefined): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = atMs === undefined
      ? undefined
      : startTimer(Math.max(0, Math.ceil(atMs - monotonicMs())), () => this.#options.wake());
    this.#takeLock();
  }

  order(service: Longrun, order: "up" | "down" | "restart" | "kill"): readonly LongrunNews[] {
    const supervisor = this.#options.supervisorOf(service);
    if (supervisor === undefined) {
      if (order !== "up" && order !== "down") return [];
      if (this.#options.defer(service, order)) return order === "up" ? [] : [{ kind: "down" }];
      return [{ kind: "gone", code: EXIT_NOT_SUPERVISED }];
    }
    const { state, status } = supervisor;
    switch (order) {
      case "up": {
        supervisor.handle("u");
        if (state !== "UP") return [];
        return status.flagready ? [{ kind: "spawned" }, { kind: "ready" }] : [{ kind: "spawned" }];
      }
      case "down":
        supervisor.handle("d");
        return state === "DOWN" ? [{ kind: "down" }] : [];
      case "restart":
        supervisor.handle("r");
        return [];
      case "kill":
        // a service with its own limit is killed by its supervisor
        if (access(`${this.#folder}/servicedirs/${service.name}/timeout-kill`, F_OK) < 0) {
          supervisor.handle("K");
        }
        return [];
      default:
        return order satisfies never;
    }
  }

  reload(service: Longrun): number {
    const supervisor = this.#options.supervisorOf(service);
    supervisor?.handle("l");
    return supervisor === undefined ? EXIT_NOT_SUPERVISED : 0;
  }

  unmet({ conditions }: Service): string | undefined {
    if (conditions.length === 0) return undefined;
    const environment = this.#options.environment?.() ?? readEnvironment();
    return unmetCondition(conditions, { environment, exists: (path) => access(path, F_OK) === 0 });
  }

  lastOutput({ name, type }: Service): string | undefined {
    return type === "longrun"
      ? this.#options.lastLineOf?.(name)
      : lastLine(outputLogdir(this.#folder, name))?.text;
  }

  askLastOutputs(onAnswer: (outputOf: (service: Service) => AgedLine | undefined) => void): void {
    this.#options.lastLines((lines) => {
      const now = wallclock();
      onAnswer(({ name }) => {
        const line = lines.get(`${this.#options.prefix}${name}`)
          ?.findLast(({ text }) => this.#options.isOurLine?.(text) !== true);
        if (line === undefined) return undefined;
        return { text: line.text, ageMs: Number(secondsBetween(now, line.time ?? now)) * 1000 };
      });
    });
  }

  run(service: Oneshot, script: Script, stdio: ScriptStdio | undefined): void {
    const own = this.#options.ownScript?.(service, script);
    if (own === undefined) return this.scripts.run(service, script, stdio);
    void own.then((code) => this.#options.scriptEnded(service.number, script, code));
  }

  terminate(
    { number }: Oneshot,
    options: { readonly reload: boolean; readonly killAfterMs: number },
  ): void {
    this.scripts.terminate(number, options);
  }

  markDown({ name }: Longrun, isDown: boolean): string | undefined {
    return markDown(
      `${this.#folder}/servicedirs/${name}`,
      isDown,
      `${this.#options.live}/servicedirs/${name}`,
    );
  }

  soon(callback: () => void): void {
    queueMicrotask(callback);
  }

  saveState(bytes: Uint8Array<ArrayBuffer>): void {
    this.#stateFile.write(bytes);
  }

  setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    if (isBusy) this.#takeLock();
    else this.#unlock();
  }

  /**
   * While something is being changed, we hold `LIVE/lock`, as s6-rc does in C. A program that reads
   * the state may be holding it at this moment.
   */
  #takeLock(): void {
    if (!this.#isBusy || this.#lockFd >= 0) return;
    const fd = tryOpenFile(`${this.#folder}/lock`, O_RDWR | O_CREAT, { mode: LOCK_MODE });
    if (fd < 0) return;
    if (lockFd(fd, { exclusive: true, wait: false })) this.#lockFd = fd;
    else close(fd);
  }

  #unlock(): void {
    if (this.#lockFd >= 0) close(this.#lockFd);
    this.#lockFd = -1;
  }

  /** Releases everything; no more work is done. */
  release(): void {
    this.setTimer(undefined);
    this.#stateFile.end();
    this.setBusy(false);
    this.endOutput();
  }

  /** What oneshots have left behind writes nowhere any more. */
  endOutput(): void {
    this.#options.relays?.end();
  }

  warn(text: string): void {
    this.#options.warn(text);
  }
}
