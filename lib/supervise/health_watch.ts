/** The health checks of a service, in the process that supervises it. */
import { spawnFailureText } from "../core/diagnosis/spawn_diagnosis.ts";
import { beginCheck } from "../health/begin_check.ts";
import type { HealthMoment } from "../health/core/health_machine.ts";
import { readHealthSettings } from "../health/read_settings.ts";
import { ServiceHealth } from "../health/service_health.ts";
import { SyscallError } from "../libc/bind.ts";
import { fchdir } from "../libc/file.ts";
import { HEALTH_FILENAME } from "../servicedir/core/supervise_files.ts";
import { Alarm } from "./alarm.ts";
import type { SupervisePort } from "./port.ts";
import { gatherSpawnFacts } from "./spawn_facts.ts";
import type { Supervisor } from "./supervisor.ts";
import type { World } from "./world.ts";

export interface HealthWatchOptions {
  readonly world: World;
  readonly name: string;
  readonly port: Pick<SupervisePort, "moment" | "replace" | "notify" | "warn">;
  readonly directoryFd: number;
  readonly supervisor: Pick<Supervisor, "becameUnhealthy" | "mishap">;
}

export function watchHealth(options: HealthWatchOptions): ServiceHealth {
  const { world: { poller, reaper }, name, directoryFd, port, supervisor } = options;
  const mishap = (error: unknown): void => supervisor.mishap(error);
  const warn = (text: string): void => port.warn(text);
  const attempt = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      warn(error.message);
    }
  };
  const alarm = new Alarm(() => health.timeout());
  const health = new ServiceHealth({
    moment: (): HealthMoment => ({ ...port.moment(), random: Math.random() }),
    settings: () => {
      fchdir(directoryFd);
      return readHealthSettings(warn);
    },
    begin: (check, onEnd) => {
      fchdir(directoryFd);
      return beginCheck(check, {
        poller,
        reaper,
        name,
        spawnFailure: (path, errno) => spawnFailureText(gatherSpawnFacts(path, errno)),
        onEnd,
        onMishap: mishap,
      });
    },
    setTimer: (atMs) => alarm.set(atMs),
    record: (bytes) => attempt(() => port.replace(HEALTH_FILENAME, bytes)),
    notify: (event) => attempt(() => port.notify(event)),
    warn,
    react: (reaction) => supervisor.becameUnhealthy(reaction),
    mishap,
  });
  return health;
}
