/**
 * The small files of a service directory as its supervisor reads them: whenever it needs them, so
 * that edits apply at once. What is wrong with one is a warning in the service's name, and the
 * documented default.
 *
 * A death asks for a dozen files of which most services have none. So the directory is read once,
 * and what is not in it is not asked for.
 */
import { firstLine, parseUint } from "../core/linux/config_file.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { parseOomScoreAdj } from "../core/linux/oom_score_adj.ts";
import type { MaxRestarts, RestartPolicy, RestartRules } from "./core/restart_policy.ts";
import {
  MAX_MAX_RESTARTS,
  parseMaxRestarts,
  parseRestartPolicy,
  USUAL_RULES,
} from "./core/restart_policy.ts";
import { signalNumber } from "../core/linux/signals.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import type { SupervisePort } from "./port.ts";

export class ServiceFiles {
  readonly #port: SupervisePort;
  readonly #mishaps: Mishaps;
  #names: ReadonlySet<string> | undefined;

  constructor(port: SupervisePort, mishaps: Mishaps) {
    this.#port = port;
    this.#mishaps = mishaps;
  }

  /**
   * Reads the directory: until `forget`, files that are not in it count as absent without being
   * asked for.
   */
  look(): void {
    this.#names = this.#mishaps.guard(() => this.#port.names(), undefined);
  }

  /** Time has passed since: files are asked for one by one. */
  forget(): void {
    this.#names = undefined;
  }

  /** Is the file known not to be there? */
  isAbsent(name: string): boolean {
    return this.#names !== undefined && !this.#names.has(name);
  }

  exists(name: string): boolean {
    return !this.isAbsent(name) &&
      this.guard(`access ${name}`, () => this.#port.exists(name), false);
  }

  #readLine(name: string): string | undefined {
    if (this.isAbsent(name)) return undefined;
    const bytes = this.guard(`read ${name}`, () => this.#port.read(name), undefined);
    return bytes === undefined ? undefined : firstLine(bytes);
  }

  /**
   * What `parse` makes of the file's first line; `undefined`, after a warning, if that is nothing.
   * `expected`: what it should be.
   */
  #parse<T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined {
    const text = this.#readLine(name);
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) this.#warn(`invalid ${name}: ${expected} (using the default)`);
    return value;
  }

  readUint(name: string): number | undefined {
    return this.#parse(name, diagnosis("not-a-number").cause, parseUint);
  }

  /** The number of a descriptor that a service can have. */
  readDescriptor(name: string): number | undefined {
    const fd = this.readUint(name);
    if (
      fd === undefined ||
      (fd > 0 && fd < this.#mishaps.guard(() => this.#port.descriptorLimit(), Infinity))
    ) return fd;
    this.#warn(`invalid ${name}: ${diagnosis("not-a-descriptor", String(fd)).cause} (ignoring it)`);
    return undefined;
  }

  readSignal(name: string, usual: number): number {
    const text = this.#readLine(name);
    if (text === undefined) return usual;
    const number = signalNumber(text.trim());
    if (number === undefined) {
      this.#warn(
        `invalid ${name}: ${
          diagnosis("not-a-signal", text.slice(0, 40)).cause
        } (using the default)`,
      );
    }
    return number ?? usual;
  }

  restartPolicy(): RestartPolicy {
    return this.#parse(
      "restart-policy",
      diagnosis("not-a-policy").cause,
      (text) => parseRestartPolicy(text.trim()),
    ) ??
      USUAL_RULES.policy;
  }

  /** How soon the kernel is to kill the service when memory is short, if the directory says so. */
  oomScoreAdj(): number | undefined {
    return this.#parse("oom-score-adj", diagnosis("not-an-oom-score-adj").cause, parseOomScoreAdj);
  }

  /** When the service is to be started again. */
  restartRules(): RestartRules {
    const policy = this.restartPolicy();
    const delayMs = this.readUint("restart-delay");
    const delayMaxMs = this.readUint("restart-delay-max");
    const maxRestarts = this.#maxRestarts();
    return {
      policy,
      ...(delayMs === undefined ? {} : { delayMs }),
      ...(delayMaxMs === undefined ? {} : { delayMaxMs }),
      ...(maxRestarts === undefined ? {} : { maxRestarts }),
    };
  }

  #maxRestarts(): MaxRestarts | undefined {
    return this.#parse(
      "max-restarts",
      diagnosis("not-max-restarts", String(MAX_MAX_RESTARTS)).cause,
      parseMaxRestarts,
    );
  }

  /**
   * Says what is wrong with a file or a disk. Never throws: what is to be done matters more than
   * that it is said.
   */
  #warn(text: string): void {
    this.#mishaps.survives(() => this.#port.warn(text));
  }

  /** `attempt`, and if a system call fails, or anything else does, a warning and `otherwise`. */
  guard<T>(action: string, attempt: () => T, otherwise: T): T {
    try {
      return attempt();
    } catch (error) {
      if (error instanceof SyscallError) this.#warn(`unable to ${action}: ${error.reason}`);
      else this.#mishaps.tell(error);
      return otherwise;
    }
  }
}
