/** The configuration of another supervisor, whichever it is, as services. */
import { Notes } from "./core/import_notes.ts";
import { baseName } from "../core/text/path_name.ts";
import { importProcfile } from "./core/procfile.ts";
import { importRunit } from "./core/runit_service.ts";
import type { Language } from "./core/service_files_of.ts";
import { type Imported, serviceName } from "./core/service_plan.ts";
import { importSupervisord } from "./core/supervisord_conf.ts";
import { importUnit } from "./core/systemd_unit.ts";
import { dirName } from "../core/text/path_name.ts";
import { tryStat } from "../libc/stat.ts";
import {
  absolutePath,
  filesEnding,
  isPathOfDirectory,
  readText,
  runitDirectories,
  runitSource,
  supervisordSource,
} from "./source.ts";

export const FORMATS = ["supervisord", "procfile", "runit", "systemd"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * What a file or a directory looks like; undefined if like none of them. @throws {SyscallError} If
 * it can't be looked at.
 */
export function formatOf(path: string): Format | undefined {
  const name = baseName(path);
  if (isPathOfDirectory(path)) {
    if (runitDirectories(path).length > 0) return "runit";
    if (filesEnding(path, ".service").length > 0) return "systemd";
    return filesEnding(path, ".conf").some((file) => looksLike(readText(file)) === "supervisord")
      ? "supervisord"
      : undefined;
  }
  if (name.endsWith(".service")) return "systemd";
  return /^Procfile(?:\.|$)/.test(name) ? "procfile" : looksLike(readText(path));
}

function looksLike(text: string): Format | undefined {
  if (/^\[(?:program|supervisord|include|eventlistener|fcgi-program|group)\b/m.test(text)) {
    return "supervisord";
  }
  if (/^\[Service\]/m.test(text)) return "systemd";
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.length > 0 && lines.every((line) => /^[A-Za-z0-9_-]+:\s*\S/.test(line))
    ? "procfile"
    : undefined;
}

/** @throws {SyscallError} If something can't be read. */
export function importFrom(path: string, format: Format, language: Language): Imported {
  switch (format) {
    case "supervisord":
      return together(
        filesOf(path, ".conf"),
        (file) => importSupervisord(supervisordSource(file), language),
      );
    case "procfile": {
      const directory = dirName(absolutePath(path));
      const hasEnv = typeof tryStat(`${directory}/.env`) !== "number";
      return importProcfile({ file: path, text: readText(path), directory, hasEnv }, language);
    }
    case "systemd":
      return together(
        filesOf(path, ".service"),
        (file) => importUnit(file, readText(file), language),
      );
    case "runit":
      return together(runitDirectories(path.replace(/\/+$/, "")), importRunitDirectory);
    default:
      return format satisfies never;
  }
}

function filesOf(path: string, end: string): string[] {
  return isPathOfDirectory(path) ? filesEnding(path.replace(/\/+$/, ""), end) : [path];
}

function importRunitDirectory(path: string): Imported {
  const notes = new Notes();
  const files = importRunit(runitSource(path), notes);
  return {
    services: [{ name: serviceName(baseName(absolutePath(path))), files }],
    notes: notes.all,
  };
}

function together(paths: readonly string[], one: (path: string) => Imported): Imported {
  const all = paths.map(one);
  return {
    services: all.flatMap(({ services }) => services),
    notes: all.flatMap(({ notes }) => notes),
  };
}
