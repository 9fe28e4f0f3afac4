/**
 * runit's sv, on service directories of s6's kind. Source: runit, sv(8), sv.c.
 *
 * Whether a `check` script is content can only be asked again and again, so waiting is looking; as
 * often as in runit where there is such a script, oftener where looking costs nothing.
 */
import { ENOENT, ENXIO } from "../core/linux/errno.ts";
import type { Tain } from "../core/time/tain.ts";
import { wexitstatus, wifsignaled } from "../core/linux/wstat.ts";
import { access, F_OK } from "../libc/file.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { waitFor } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import { djbReason } from "./core/djb_reason.ts";
import { type OldStatus, runitLine } from "./core/old_status.ts";
import { isNeedless, isReached, s6Letters, type SvAction } from "./core/sv_action.ts";
import { enterErrno, normallyUp, send, statusOf, supervisionErrno } from "./old_service.ts";

const CHECK_INTERVAL_MS = 420;
const LOOK_INTERVAL_MS = 50;
const MAX_EXIT_CODE = 99;

export interface SvService {
  /** As it stood on the command line. */
  readonly name: string;
  readonly directory: string;
}

export interface SvRequest {
  readonly action: SvAction | "status";
  readonly services: readonly SvService[];
  readonly waitSeconds: number;
}

/** Where sv tells its answers, and what went wrong besides. */
export interface SvOutput {
  out(text: string): void;
  complain(line: string): void;
}

/** One call of sv. */
export class Sv {
  readonly #request: SvRequest;
  readonly #output: SvOutput;
  readonly #begun: Tain = wallclock();
  readonly #begunMs = monotonicMs();
  #faults = 0;

  constructor(request: SvRequest, output: SvOutput) {
    this.#request = request;
    this.#output = output;
  }

  /** Returns the exit code: how many times something went wrong. */
  async run(): Promise<number> {
    const { action, services } = this.#request;
    if (action === "status") {
      for (const service of services) if (this.#isThere(service)) this.#showStatus(service);
      return this.#code;
    }
    let waiting = services.filter((service) =>
      this.#isThere(service) && this.#control(service, action.letters)
    );
    while (action.waits !== "") {
      waiting = waiting.filter((service) => this.#isWaitingFor(service, action));
      if (waiting.length === 0) break;
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, waiting.some(hasCheck) ? CHECK_INTERVAL_MS : LOOK_INTERVAL_MS);
      await promise;
    }
    return this.#code;
  }

  get #code(): number {
    return Math.min(this.#faults, MAX_EXIT_CODE);
  }

  #say(kind: "ok" | "fail" | "warning", name: string, text: string, errno = 0): void {
    if (kind !== "ok") this.#faults++;
    const reason = errno === 0 ? "" : `: ${djbReason(errno)}`;
    this.#output.out(`${kind}: ${name}: ${text}${reason}\n`);
  }

  #isThere({ name, directory }: SvService): boolean {
    const errno = enterErrno(directory);
    if (errno !== 0) this.#say("fail", name, "unable to change to service directory", errno);
    return errno === 0;
  }

  /**
   * The status; "unsupervised" or "unreadable" after saying so. @param expected That nobody
   * supervises it is what was asked for.
   */
  #status(
    { name, directory }: SvService,
    expected = false,
  ): OldStatus | "unsupervised" | "unreadable" {
    const errno = supervisionErrno(directory);
    if (errno === ENXIO) {
      this.#say(expected ? "ok" : "fail", name, "runsv not running");
      return "unsupervised";
    }
    if (errno !== 0) {
      this.#say("warning", name, "unable to open supervise/ok", errno);
      return "unreadable";
    }
    const status = statusOf(directory);
    if (typeof status === "object") return status;
    if (status === "bad format") {
      this.#say("warning", name, "unable to read supervise/status: bad format");
    } else this.#say("warning", name, "unable to open supervise/status", status);
    return "unreadable";
  }

  /** What follows `run: NAME`, without a newline. */
  #line(label: string, { name, directory }: SvService, status: OldStatus): string {
    const isNormallyUp = normallyUp(directory);
    if (typeof isNormallyUp === "boolean") {
      return runitLine(label, { status, now: wallclock(), normallyUp: isNormallyUp });
    }
    this.#output.complain(
      `warning: unable to stat ${name}/down: ${djbReason(isNormallyUp)}`,
    );
    return "";
  }

  #showStatus(service: SvService): void {
    const { name, directory } = service;
    const status = this.#status(service);
    if (typeof status === "string") return;
    const line = this.#line(name, service, status);
    const log = { name: `${name}/log`, directory: `${directory}/log` };
    const errno = enterErrno(log.directory);
    if (errno === ENOENT) return this.#output.out(`${line}\n`);
    this.#output.out(`${line}; `);
    if (errno !== 0) return this.#say("warning", log.name, "unable to change directory", errno);
    const logStatus = this.#status(log);
    if (typeof logStatus === "object") {
      this.#output.out(`${this.#line("log", log, logStatus)}\n`);
    }
  }

  /** Sends what the action is. Returns whether there is something to wait for. */
  #control(service: SvService, letters: string): boolean {
    if (letters === "") return true;
    const expected = letters === "x";
    const status = this.#status(service, expected);
    if (typeof status === "string") return false;
    if (isNeedless(letters, status)) return true;
    const errno = send(service.directory, s6Letters(letters));
    if (errno === ENXIO) this.#say(expected ? "ok" : "fail", service.name, "runsv not running");
    else if (errno !== 0) {
      this.#say("warning", service.name, "unable to open supervise/control", errno);
    }
    return errno === 0;
  }

  /** Looks once whether the service has come where it was to come. False if it has, or can't. */
  #isWaitingFor(service: SvService, { waits, kills }: SvAction): boolean {
    if (!this.#isThere(service)) return false;
    const status = this.#status(service, waits === "x");
    if (typeof status === "string") return false;
    const isHealthy = (): boolean => this.#isHealthy(service, status);
    if (isReached(waits, status, this.#begun, isHealthy)) {
      this.#output.out(`ok: ${this.#line(service.name, service, status)}\n`);
      return false;
    }
    if (monotonicMs() - this.#begunMs <= this.#request.waitSeconds * 1000) return true;
    this.#faults++;
    const what = kills ? "kill" : "timeout";
    this.#output.out(`${what}: ${this.#line(service.name, service, status)}\n`);
    if (kills) this.#control(service, "k");
    return false;
  }

  /** What `check` says; without one, a service that tells its readiness says so by itself. */
  #isHealthy(service: SvService, status: OldStatus): boolean {
    const { name, directory } = service;
    if (!hasCheck(service)) {
      return access(`${directory}/notification-fd`, F_OK) < 0 || status.ready;
    }
    const pid = spawn({ path: "./check", argv: ["./check"], directory, close: [1] });
    if (pid < 0) {
      this.#output.complain(`warning: unable to run ${name}/check: ${djbReason(-pid)}`);
      return true;
    }
    const wstat = waitFor(pid);
    return !wifsignaled(wstat) && wexitstatus(wstat) === 0;
  }
}

function hasCheck({ directory }: SvService): boolean {
  return access(`${directory}/check`, F_OK) === 0;
}
