/**
 * The init of phusion's base image: files that run at the start, services of runit's kind, a main
 * command, files that run before and after the services stop. Source: baseimage-docker, README.md,
 * image/bin/my_init.
 */
import { SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import type { Child } from "../overlay/port.ts";
import type { MyInitPort } from "./port.ts";

export interface MyInitRequest {
  /** The main command; empty: the container lives as long as its services. */
  readonly command: readonly string[];
  readonly runsStartupFiles: boolean;
  readonly runsServices: boolean;
  readonly killsAllOnExit: boolean;
  /** Only warnings and errors are said. */
  readonly isQuiet: boolean;
  /** Where the startup files are: /etc/my_init.d. */
  readonly startupDirectory: string;
  /** How long a program may take to end before it is killed; 0: as long as it likes. */
  readonly killProcessMs: number;
  /** The same for everything that is left at the end. */
  readonly killAllMs: number;
}

const EXIT_FAILED = 1;
const EXIT_ABORTED = 2;
const RC_LOCAL = "/etc/rc.local";
const PRE_SHUTDOWN = "/etc/my_init.pre_shutdown.d";
const POST_SHUTDOWN = "/etc/my_init.post_shutdown.d";

/** How long loggers have to store what they have read once everything else is dead. */
const LAST_LINES_MS = 3000;

export class MyInit {
  readonly #port: MyInitPort;
  readonly #request: MyInitRequest;
  readonly #interrupted = Promise.withResolvers<undefined>();
  #isInterrupted = false;

  constructor(port: MyInitPort, request: MyInitRequest) {
    this.#port = port;
    this.#request = request;
  }

  /** SIGTERM or SIGINT: the first one ends the container, others are ignored. */
  interrupt(): void {
    this.#isInterrupted = true;
    this.#interrupted.resolve(undefined);
  }

  /** The container's life. @returns its exit code */
  async run(): Promise<number> {
    const code = await this.#live();
    if (code === EXIT_ABORTED && this.#isInterrupted) this.#port.say("*** Init system aborted.");
    await this.#end();
    return code;
  }

  async #live(): Promise<number> {
    const { runsStartupFiles, runsServices } = this.#request;
    const port = this.#port;
    port.importEnvironment({ clears: false, overrides: false });
    port.exportEnvironment(true);
    const failed = runsStartupFiles ? await this.#runStartupFiles() : 0;
    if (failed !== 0) return failed;
    if (!runsServices) return await this.#runCommand();
    const servicesEnd = Promise.withResolvers<number>();
    this.#info("Booting runit daemon...");
    port.startServices(servicesEnd.resolve);
    this.#info(`Runit started as PID ${port.pid}`);
    const code = this.#request.command.length === 0
      ? await this.#outliveServices(servicesEnd.promise)
      : await this.#runCommand();
    return await this.#stopServices() ?? code;
  }

  #info(text: string): void {
    if (!this.#request.isQuiet) this.#port.say(`*** ${text}`);
  }

  #warn(text: string): void {
    this.#port.say(`*** ${text}`);
  }

  async #runStartupFiles(): Promise<number> {
    const port = this.#port;
    const paths = port.executables(this.#request.startupDirectory);
    for (const path of [...paths, RC_LOCAL]) {
      if (path === RC_LOCAL && !port.isExecutable(path)) continue;
      const code = await this.#runFile(path, true);
      if (code !== 0) return code;
      port.importEnvironment({ clears: true, overrides: true });
      port.exportEnvironment(false);
    }
    return 0;
  }

  /**
   * Runs a file that must succeed. @param isAbortable A signal ends it. @returns 0, or what my_init
   * exits with
   */
  async #runFile(path: string, isAbortable: boolean): Promise<number> {
    this.#info(`Running ${path}...`);
    const child = this.#port.start([path]);
    const wstat = isAbortable
      ? await Promise.race([child.ended, this.#interrupted.promise])
      : await child.ended;
    if (wstat === undefined) {
      this.#warn("An error occurred. Aborting.");
      await this.#stop(path, child);
      return EXIT_ABORTED;
    }
    const code = exitStatusOf(wstat);
    if (code === 0) return 0;
    this.#warn(`${path} failed with status ${code}`);
    return EXIT_FAILED;
  }

  async #outliveServices(end: Promise<number>): Promise<number> {
    const code = await Promise.race([end, this.#interrupted.promise]);
    if (code === undefined) return EXIT_ABORTED;
    this.#info(`Runit exited with status ${code}`);
    return code;
  }

  async #runCommand(): Promise<number> {
    const { command } = this.#request;
    const name = command[0]!;
    this.#info(`Running ${command.join(" ")}...`);
    const child = this.#port.start(command);
    const wstat = await Promise.race([child.ended, this.#interrupted.promise]);
    if (wstat === undefined) {
      await this.#stop(name, child);
      return EXIT_ABORTED;
    }
    const code = exitStatusOf(wstat);
    this.#info(`${name} exited with status ${code}.`);
    return code;
  }

  /** Ends a program, by force if it takes too long. */
  async #stop(name: string, child: Child): Promise<void> {
    this.#info(`Shutting down ${name} (PID ${child.pid})...`);
    this.#port.kill(child.pid, SIGTERM);
    if (await this.#within(child.ended, this.#request.killProcessMs)) return;
    this.#warn(`${name} (PID ${child.pid}) did not shut down in time. Forcing it to exit.`);
    this.#port.kill(child.pid, SIGKILL);
    await child.ended;
  }

  /**
   * Stops the services, between the files that run before and after that. A file that fails is the
   * last one. @returns the exit code then
   */
  async #stopServices(): Promise<number | undefined> {
    const port = this.#port;
    const before = await this.#runAll(PRE_SHUTDOWN);
    if (before !== 0) return before;
    this.#info("Shutting down runit services...");
    await port.stopServices(this.#request.killProcessMs);
    const after = await this.#runAll(POST_SHUTDOWN);
    return after === 0 ? undefined : after;
  }

  async #runAll(directory: string): Promise<number> {
    for (const path of this.#port.executables(directory)) {
      const code = await this.#runFile(path, false);
      if (code !== 0) return code;
    }
    return 0;
  }

  /** Nothing of ours outlives us; whether the rest does is what `killsAllOnExit` says. */
  async #end(): Promise<void> {
    const port = this.#port;
    const { killsAllOnExit, killAllMs } = this.#request;
    const ended = port.endSupervision();
    if (!killsAllOnExit) {
      await this.#within(ended, LAST_LINES_MS);
      return;
    }
    this.#info("Killing all processes...");
    port.signalAll(SIGTERM);
    if (await this.#within(ended, killAllMs)) return;
    this.#warn("Not all processes have exited in time. Forcing them to exit.");
    port.signalAll(SIGKILL);
    await this.#within(ended, LAST_LINES_MS);
  }

  /** Waits for an event, up to a limit; 0: no limit. @returns whether it has happened */
  async #within(event: Promise<unknown>, limitMs: number): Promise<boolean> {
    const over = Promise.withResolvers<false>();
    const cancel = limitMs === 0 ? undefined : this.#port.after(limitMs, () => over.resolve(false));
    const result = await Promise.race([event.then(() => true), over.promise]);
    cancel?.();
    return result;
  }
}
