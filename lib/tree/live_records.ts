/**
 * The records that s6-rc's live folders have of their services (lib/rc/core/live_record.ts), found
 * by the scan directory: a folder `s6-rc` beside it, `/run/s6-rc`, and whatever live folder a
 * service of the scan directory is a link into.
 */
import { decodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK, readlink } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { distinctPlaces, placeKey } from "../libc/places.ts";
import type { LiveRecord } from "../rc/core/live_record.ts";
import { MAX_RECORD, parseRecord, RECORD_FILE } from "../rc/core/live_record.ts";
import type { NamedService } from "../servicedir/named_service.ts";

const USUAL = "/run/s6-rc";
const SERVICEDIRS = "/servicedirs/";

export interface FoundRecord {
  /** The live folder. */
  readonly live: string;
  readonly record: LiveRecord;
}

/** @param services Services of the scan directory */
export function liveRecords(scandir: string, services: readonly NamedService[]): FoundRecord[] {
  const base = withoutSlashes(scandir);
  const lives = usualLives(base).filter((live) => isLiveOf(live, base));
  const found = lives.length > 0 ? lives : linkedLives(services);
  return distinctPlaces(found, (live) => live).flatMap((live) => {
    const record = readRecord(live, RECORD_FILE);
    return record === undefined || access(`/proc/${record.pid}`, F_OK) < 0
      ? []
      : [{ live, record }];
  });
}

/** Where live folders of a scan directory are looked for first. */
export function usualLives(scandir: string): string[] {
  const base = withoutSlashes(scandir);
  const slash = base.lastIndexOf("/");
  const beside = slash < 0 ? "s6-rc" : `${base.slice(0, slash)}/s6-rc`;
  return beside === USUAL ? [USUAL] : [beside, USUAL];
}

function withoutSlashes(path: string): string {
  return path.replace(/(?<=.)\/+$/, "");
}

function isLiveOf(live: string, scandir: string): boolean {
  const target = readlink(`${live}/scandir`);
  if (typeof target === "number") return false;
  return target === scandir || placeKey(target) === placeKey(scandir);
}

function linkedLives(services: readonly NamedService[]): string[] {
  const lives = new Set<string>();
  for (const { directory, isLogger } of services) {
    const target = isLogger ? -1 : readlink(directory);
    if (typeof target === "number" || !target.startsWith("/")) continue;
    const at = target.lastIndexOf(SERVICEDIRS);
    if (at > 0) lives.add(target.slice(0, at));
  }
  return [...lives];
}

/** @param name RECORD_FILE or BOOT_FILE. Undefined if it is not there, or nothing that we know. */
export function readRecord(live: string, name: string): LiveRecord | undefined {
  try {
    const bytes = readSmallFile(`${live}/${name}`, MAX_RECORD);
    return bytes === undefined ? undefined : parseRecord(decodePath(bytes));
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
