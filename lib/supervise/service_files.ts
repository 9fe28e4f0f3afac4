/**
 * Reads the small files of a service directory whenever the supervisor needs them, so that edits
 * apply at once. An error in one leads to a warning in the service's name and to the documented
 * default.
 *
 * After a death a dozen files are needed, and most services have none of them. So the directory is
 * read once, and files that are not in it are not opened.
 */
import { firstLine } from "../core/linux/config_file.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import type { HEALTH_DIRECTORY } from "../health/core/health_files.ts";
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

const GONE =
  "its service directory was removed while it was supervised, so it can't be started again; s6-svscanctl -an SCANDIR ends its supervision (next time: s6-svunlink SCANDIR NAME, and then remove it)";

export class ServiceFiles {
  readonly #port: SupervisePort;
  readonly #mishaps: Mishaps;
  #names: ReadonlySet<string> | undefined;
  /** Nothing in the directory can be read or written ever again. */
  #isGone = false;

  constructor(port: SupervisePort, mishaps: Mishaps) {
    this.#port = port;
    this.#mishaps = mishaps;
  }

  /**
   * Reads the directory. Until `forget`, files that are not in it count as absent and are not
   * opened.
   */
  look(): void {
    this.#names = this.#mishaps.guard(() => this.#port.names(), undefined);
  }

  /** Forgets the directory's names because time has passed. Files are opened one by one again. */
  forget(): void {
    this.#names = undefined;
  }

  /** Whether the file is known to be absent. */
  isAbsent(name: FileName): boolean {
    return this.#names !== undefined && !this.#names.has(name);
  }

  exists(name: FlagFile | typeof HEALTH_DIRECTORY): boolean {
    return !this.isAbsent(name) &&
      this.guard(`access ${name}`, () => this.#port.exists(name), false);
  }

  #readLine(name: FileName): string | undefined {
    if (this.isAbsent(name)) return undefined;
    const bytes = this.guard(`read ${name}`, () => this.#port.read(name), undefined);
    return bytes === undefined ? undefined : firstLine(bytes);
  }

  /**
   * The value of the file, or its default. An invalid line leads to a warning and counts as a
   * missing file.
   */
  value<N extends ValueFile>(name: N): ValueOf<N> {
    const line = this.#readLine(name);
    if (line === undefined) return usualValue(name);
    const { parse, fault } = VALUE_KINDS[SERVICEDIR_FILES[name].kind];
    const value = parse(line);
    if (value !== undefined) return value as ValueOf<N>;
    this.warn(`invalid ${name}: ${fault(line).cause} (using the default)`);
    return usualValue(name);
  }

  /** A descriptor number that is valid for a service. */
  descriptor(name: "lock-fd" | "notification-fd"): number | undefined {
    const fd = this.value(name);
    if (
      fd === undefined ||
      (fd > 0 && fd < this.#mishaps.guard(() => this.#port.descriptorLimit(), Infinity))
    ) return fd;
    this.warn(`invalid ${name}: ${diagnosis("not-a-descriptor", String(fd)).cause} (ignoring it)`);
    return undefined;
  }

  restartRules(): RestartRules {
    const policy = this.value("restart-policy");
    const delayMs = this.value("restart-delay");
    const delayMaxMs = this.value("restart-delay-max");
    const maxRestarts = this.value("max-restarts");
    const exitCodesOk = policy === "always" ? undefined : this.value("exit-codes-ok");
    return {
      policy,
      ...(delayMs === undefined ? {} : { delayMs }),
      ...(delayMaxMs === undefined ? {} : { delayMaxMs }),
      ...(maxRestarts === undefined ? {} : { maxRestarts }),
      ...(exitCodesOk === undefined ? {} : { exitCodesOk }),
    };
  }

  /**
   * Reports an error of a file, a disk or a start. If the whole directory has been removed, that is
   * the error, and it is reported once. Never throws, because the work matters more than the
   * report.
   */
  warn(text: string): void {
    if (this.#isGone) return;
    this.#isGone = this.#mishaps.guard(() => this.#port.isGone(), false);
    this.#mishaps.survives(() => this.#port.warn(this.#isGone ? GONE : text));
  }

  /**
   * Returns the result of `attempt`. If a system call or anything else fails, prints a warning and
   * returns `otherwise`.
   */
  guard<T>(action: string, attempt: () => T, otherwise: T): T {
    try {
      return attempt();
    } catch (error) {
      if (error instanceof SyscallError) this.warn(`unable to ${action}: ${error.reason}`);
      else this.#mishaps.tell(error);
      return otherwise;
    }
  }
}
