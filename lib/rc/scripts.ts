/**
 * The scripts of oneshots: processes of the one that supervises, each the leader of a session of
 * its own. Source: contract 7; s6-rc-oneshot-run.c.
 */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND, EXIT_SYSTEM } from "../core/cli/exit_codes.ts";
import { EAGAIN, EMFILE, ENFILE, ENOENT, ENOMEM, strerror } from "../core/linux/errno.ts";
import { SIGCONT, SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { diagnoseSpawn } from "../core/diagnosis/spawn_diagnosis.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import { startTimer } from "../fifodir/timer.ts";
import { environmentStrings } from "../libc/environ.ts";
import { access, F_OK } from "../libc/file.ts";
import { kill } from "../libc/process.ts";
import { startProgram } from "../launch/start_program.ts";
import { readProcess } from "../procfs/processes.ts";
import type { Reaper } from "../processes/reaper.ts";
import { gatherSpawnFacts } from "../supervise/spawn_facts.ts";
import type { Oneshot, ServiceNumber } from "./core/database.ts";
import type { Script } from "./core/engine_state.ts";
import type { Relay } from "./output_relays.ts";
import type { ScriptStdio } from "./port.ts";

/** How far up a process is looked for among the children of scripts. */
const MAX_ANCESTORS = 64;

/** What the machine has too little of, so that no program can be started. */
const SHORTAGES = [EAGAIN, EMFILE, ENFILE, ENOMEM];

export interface ScriptWorld {
  readonly reaper: Reaper;
  /** Where scripts start. */
  directory(): string;
  /** Where the script's output goes by way of us; undefined: the script gets `stdio`. */
  relay(service: Oneshot, stdio: ScriptStdio | undefined): Relay | undefined;
  /** `line`: what s6-rc-oneshot-run would say. */
  onEnd(service: ServiceNumber, script: Script, code: number, line?: string): void;
}

interface Running {
  readonly service: ServiceNumber;
  readonly script: Script;
  readonly pid: number;
  killTimer: Disposable | undefined;
}

export class Scripts {
  readonly #world: ScriptWorld;
  readonly #running = new Map<number, Running>();

  constructor(world: ScriptWorld) {
    this.#world = world;
  }

  /**
   * Starts a script that has words; its end arrives as `onEnd`, which may be called before this
   * returns.
   */
  run(service: Oneshot, script: Script, stdio: ScriptStdio | undefined): void {
    const { number, name } = service;
    const argv = service[script];
    const program = argv[0]!;
    const relay = this.#world.relay(service, stdio);
    const given = relay?.stdio ?? stdio;
    const pid = startProgram({
      path: program,
      searchPath: !program.includes("/"),
      argv,
      env: [
        ...environmentStrings().filter((text) => !text.startsWith("RC_NAME=")),
        `RC_NAME=${name}`,
      ],
      directory: this.#world.directory(),
      newSession: true,
      fds: given === undefined ? [] : given.map((fd, target) => [target, fd] as const),
    });
    relay?.begun();
    if (pid < 0) return this.#notStarted(number, script, program, -pid);
    const running: Running = { service: number, script, pid, killTimer: undefined };
    this.#running.set(pid, running);
    this.#world.reaper.own(pid, (wstat) => {
      running.killTimer?.[Symbol.dispose]();
      this.#running.delete(pid);
      relay?.ended();
      this.#world.onEnd(number, script, exitStatusOf(wstat));
    });
  }

  #notStarted(service: ServiceNumber, script: Script, program: string, errno: number): void {
    if (SHORTAGES.includes(errno)) {
      const line = `s6-rc-oneshot-run: fatal: unable to spawn ${program}: ${strerror(errno)}`;
      return this.#world.onEnd(service, script, EXIT_SYSTEM, line);
    }
    const isThere = program.includes("/") && access(program, F_OK) === 0;
    // the kernel says of a script without its interpreter that there is no such file
    const why = isThere && errno === ENOENT
      ? diagnoseSpawn(gatherSpawnFacts(program, errno)).cause
      : strerror(errno);
    const code = errno === ENOENT && !isThere ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
    this.#world.onEnd(
      service,
      script,
      code,
      `s6-rc-oneshot-run: fatal: unable to exec ${program}: ${why}`,
    );
  }

  /**
   * SIGTERM to what a service runs, and SIGKILL to its group when it takes longer than that to end;
   * 0: never.
   */
  terminate(
    service: ServiceNumber,
    options: { readonly reload: boolean; readonly killAfterMs: number },
  ): void {
    for (const running of this.#running.values()) {
      if (running.service !== service || (running.script === "reload") !== options.reload) continue;
      kill(running.pid, SIGTERM);
      kill(running.pid, SIGCONT);
      if (options.killAfterMs === 0 || running.killTimer !== undefined) continue;
      running.killTimer = startTimer(options.killAfterMs, () => kill(-running.pid, SIGKILL));
    }
  }

  /**
   * The service whose script the process belongs to: it is in the session of it, or descends from
   * it.
   */
  ownerOf(pid: number): ServiceNumber | undefined {
    let next = pid;
    for (let i = 0; i < MAX_ANCESTORS && next > 1; i++) {
      const process = readProcess(next);
      const owner = this.#running.get(next) ??
        (process === undefined ? undefined : this.#running.get(process.session));
      if (owner !== undefined) return owner.service;
      if (process === undefined) return undefined;
      next = process.ppid;
    }
    return undefined;
  }
}
