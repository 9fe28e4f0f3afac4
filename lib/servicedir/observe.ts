/**
 * Reading what can be known about a service, whatever state its directory is in: a fault of one
 * service becomes a fact about it, and no exception, so that a table of many can be shown.
 */
import { healthOf, type HealthRecord, MAX_HEALTH_RECORD } from "../health/core/health_record.ts";
import { HEALTH_FILENAME, LOCK_FILENAME, STATUS_FILENAME } from "./core/supervise_files.ts";
import { firstLine } from "../core/linux/config_file.ts";
import { MAX_DEATH_TALLY } from "./core/dtally.ts";
import { HEXAD_FILES, usualValue } from "./core/servicedir_files.ts";
import { VALUE_KINDS } from "./core/small_value.ts";
import { isUp } from "./core/svstat_line.ts";
import type { Svstatus } from "./core/svstatus.ts";
import type { Death } from "./core/dtally.ts";
import { ENOENT } from "../core/linux/errno.ts";
import type { Tain } from "../core/time/tain.ts";
import type { ServiceFacts } from "../status/core/service_state.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK } from "../libc/file.ts";
import { isHeldByC } from "../procfs/lock_holder.ts";
import { readSmallFile } from "../libc/small_file.ts";
import type { NamedService } from "./named_service.ts";
import { isSupervised, readStatus } from "./client.ts";
import { readReasons } from "./death_reasons.ts";
import { readDtally } from "./death_tally.ts";
import { isHostedLog } from "./hosted_log.ts";
import { readLife } from "./life.ts";

const NUMBER_LIMIT = 64;

/** What a health check needs. Reads the death history only if the service is down. */
export function observeState(service: NamedService): ServiceFacts {
  const { directory } = service;
  const notifies = access(`${directory}/notification-fd`, F_OK) === 0;
  const isHosted = !notifies && isHostedLog(directory);
  const base = {
    ...service,
    tellsReadiness: notifies || isHosted,
    isHosted,
    normallyUp: true,
    deaths: [],
    maxDeaths: usualValue("max-death-tally"),
    reasons: [],
  };
  try {
    if (!isSupervised(directory)) return { ...base, supervised: false };
    const status = readStatus(directory);
    const adopted = status.pid === 0 ? undefined : adoptionOf(directory, status);
    const health = isUp(status) ? readHealth(directory, status) : undefined;
    return {
      ...base,
      supervised: true,
      status,
      ...(health === undefined ? {} : { health }),
      ...(adopted === undefined ? {} : { adopted }),
      reasons: status.pid === 0 ? readReasons(directory) : [],
    };
  } catch (error) {
    return { ...base, supervised: false, fault: faultOf(error) };
  }
}

/** When its supervisor adopted the process that the status is about. */
function adoptionOf(directory: string, { pid }: Svstatus): Tain | undefined {
  const record = readLife(directory, { own: false });
  return record?.status.pid === pid ? record.life.adopted : undefined;
}

/** What the health checks of its present life have found; a record that can't be read is none. */
function readHealth(directory: string, { stamp }: Svstatus): HealthRecord | undefined {
  try {
    const bytes = readSmallFile(`${directory}/${HEALTH_FILENAME}`, MAX_HEALTH_RECORD);
    return bytes === undefined ? undefined : healthOf(bytes, stamp);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

/** All that its directory tells. */
export function observeService(service: NamedService): ServiceFacts {
  const facts = {
    ...observeState(service),
    normallyUp: access(`${service.directory}/down`, F_OK) !== 0,
    maxDeaths: maxDeaths(service.directory),
  };
  if (facts.status === undefined) return facts;
  const { directory } = service;
  const withoutEffect = filesWithoutEffect(directory);
  return {
    ...facts,
    deaths: deathsOf(directory),
    reasons: readReasons(directory),
    ...(withoutEffect.length === 0 ? {} : { withoutEffect }),
  };
}

/** Of a service that C's supervisor has: the files that only ours knows. */
function filesWithoutEffect(directory: string): readonly string[] {
  if (!isHeldByC(`${directory}/${LOCK_FILENAME}`)) return [];
  return HEXAD_FILES.filter((name) => access(`${directory}/${name}`, F_OK) === 0);
}

/** The tally is history, and a history that can't be read is no fault of the service. */
function deathsOf(directory: string): Death[] {
  try {
    return readDtally(directory);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

function maxDeaths(directory: string): number {
  const usual = usualValue("max-death-tally");
  try {
    const bytes = readSmallFile(`${directory}/max-death-tally`, NUMBER_LIMIT);
    const max = bytes === undefined ? undefined : VALUE_KINDS.tally.parse(firstLine(bytes));
    return Math.min(max ?? usual, MAX_DEATH_TALLY);
  } catch (error) {
    if (error instanceof SyscallError) return usual;
    throw error;
  }
}

function faultOf(error: unknown): string {
  if (error instanceof SyscallError) {
    return error.errno === ENOENT ? `${STATUS_FILENAME} is missing` : error.reason;
  }
  if (error instanceof RangeError) return error.message;
  throw error;
}
