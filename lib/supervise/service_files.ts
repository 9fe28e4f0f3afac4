/**
 * The small files of a service directory as its supervisor reads them: whenever it needs them, so
 * that edits apply at once. What is wrong with one is a warning in the service's name, and the
 * documented default.
 *
 * A death asks for a dozen files of which most services have none. So the directory is read once,
 * and what is not in it is not asked for.
 */
import { firstLine } from "../core/linux/config_file.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import {
  type FileName,
  type FlagFile,
  SERVICEDIR_FILES,
  usualValue,
  type ValueFile,
  type ValueOf,
} from "../servicedir/core/servicedir_files.ts";
import { VALUE_KINDS } from "../servicedir/core/small_value.ts";
import type { RestartRules } from "./core/restart_policy.ts";
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
  isAbsent(name: FileName): boolean {
    return this.#names !== undefined && !this.#names.has(name);
  }

  exists(name: FlagFile): boolean {
    return !this.isAbsent(name) &&
      this.guard(`access ${name}`, () => this.#port.exists(name), false);
  }

  #readLine(name: FileName): string | undefined {
    if (this.isAbsent(name)) return undefined;
    const bytes = this.guard(`read ${name}`, () => this.#port.read(name), undefined);
    return bytes === undefined ? undefined : firstLine(bytes);
  }

  /**
   * What the file says, or what holds without it. A line that says nothing is a warning, and as if
   * the file were not there.
   */
  value<N extends ValueFile>(name: N): ValueOf<N> {
    const line = this.#readLine(name);
    if (line === undefined) return usualValue(name);
    const { parse, fault } = VALUE_KINDS[SERVICEDIR_FILES[name].kind];
    const value = parse(line);
    if (value !== undefined) return value as ValueOf<N>;
    this.#warn(`invalid ${name}: ${fault(line).cause} (using the default)`);
    return usualValue(name);
  }

  /** The number of a descriptor that a service can have. */
  descriptor(name: "lock-fd" | "notification-fd"): number | undefined {
    const fd = this.value(name);
    if (
      fd === undefined ||
      (fd > 0 && fd < this.#mishaps.guard(() => this.#port.descriptorLimit(), Infinity))
    ) return fd;
    this.#warn(`invalid ${name}: ${diagnosis("not-a-descriptor", String(fd)).cause} (ignoring it)`);
    return undefined;
  }

  /** When the service is to be started again. */
  restartRules(): RestartRules {
    const policy = this.value("restart-policy");
    const delayMs = this.value("restart-delay");
    const delayMaxMs = this.value("restart-delay-max");
    const maxRestarts = this.value("max-restarts");
    return {
      policy,
      ...(delayMs === undefined ? {} : { delayMs }),
      ...(delayMaxMs === undefined ? {} : { delayMaxMs }),
      ...(maxRestarts === undefined ? {} : { maxRestarts }),
    };
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
