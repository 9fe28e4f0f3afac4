/**
 * The scripts of oneshots: children of the supervising process, each the leader of its own session.
 * Source: contract 7; s6-rc-oneshot-run.c.
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

/** How many ancestors of a process are compared with the scripts. */
const MAX_ANCESTORS = 64;

/** Errors that mean that the machine lacks resources to start a program. */
const SHORTAGES = [EAGAIN, EMFILE, ENFILE, ENOMEM];

export interface ScriptWorld {
  readonly reaper: Reaper;
  /** The working directory of scripts. */
  directory(): string;
  /** Relays the script's output; undefined: the script gets `stdio`. */
  relay(service: Oneshot, stdio: ScriptStdio | undefined): Relay | undefined;
  /** `line`: the message that s6-rc-oneshot-run would print. */
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
   * Starts a script that is not empty. Its end arrives as `onEnd`, which may be called before this
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
    // for a script whose interpreter is missing, the kernel reports ENOENT
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
   * Sends SIGTERM to a service's script, and SIGKILL to its group if it takes longer than that to
   * end; 0: never.
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
   * The service whose script the process belongs to: it is in the script's session or descends from
   * the script.
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
