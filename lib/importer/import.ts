/** Turns the configuration of any other supported supervisor into services. */
import { Notes } from "./core/import_notes.ts";
import { baseName } from "../core/text/path_name.ts";
import { importProcfile } from "./core/procfile.ts";
import { importRunit } from "./core/runit_service.ts";
import { Refusal } from "../grammars/core/refusal.ts";
import type { ImportOptions, Language } from "./core/language.ts";
import { type Imported, type LogForm, serviceName } from "./core/service_plan.ts";
import { importSupervisord } from "./core/supervisord_conf.ts";
import { importUnit } from "./core/systemd_unit.ts";
import { dirName } from "../core/text/path_name.ts";
import { tryStat } from "../libc/stat.ts";
import {
  absolutePath,
  filesEnding,
  isPathOfDirectory,
  rcTypeFile,
  readConfiguration,
  runitDirectories,
  runitSource,
  supervisordSource,
  unitSource,
} from "./source.ts";

export const FORMATS = ["supervisord", "procfile", "runit", "systemd"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * The format that a file or a directory seems to have; undefined if it has none of them. @throws
 * {SyscallError} If stat fails.
 */
export function formatOf(path: string): Format | undefined {
  const name = baseName(path);
  if (isPathOfDirectory(path)) {
    refuseRc(path);
    if (runitDirectories(path).length > 0) return "runit";
    if (filesEnding(path, ".service").length > 0) return "systemd";
    return filesEnding(path, ".conf").some((file) =>
        looksLike(readConfiguration(file)) === "supervisord"
      )
      ? "supervisord"
      : undefined;
  }
  if (name.endsWith(".service")) return "systemd";
  return /^Procfile(?:\.|$)/.test(name) ? "procfile" : looksLike(readConfiguration(path));
}

function looksLike(text: string): Format | undefined {
  if (/^\uFEFF?\[(?:program|supervisord|include|eventlistener|fcgi-program|group)\b/m.test(text)) {
    return "supervisord";
  }
  if (/^\uFEFF?\[Service\]/m.test(text)) return "systemd";
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return lines.length > 0 && lines.every((line) => /^[A-Za-z0-9_-]+:\s*\S/.test(line))
    ? "procfile"
    : undefined;
}

/**
 * @param language The language of scripts and the form of loggers; absent: loggers have no process
 * @throws {SyscallError} If something can't be read.
 * @throws {Refusal} If its origin would refuse it too, or if there is nothing to import.
 */
export function importFrom(
  path: string,
  format: Format,
  language: Language & { readonly logForm?: LogForm },
): Imported {
  const options: ImportOptions = { logForm: "logscript", ...language };
  switch (format) {
    case "supervisord":
      return together(
        filesOf(path, ".conf"),
        (file) => importSupervisord(supervisordSource(file), options),
      );
    case "procfile": {
      const directory = dirName(absolutePath(path));
      const hasEnv = typeof tryStat(`${directory}/.env`) !== "number";
      const env = hasEnv ? readConfiguration(`${directory}/.env`) : undefined;
      return importProcfile({ file: path, text: readConfiguration(path), directory, env }, options);
    }
    case "systemd":
      return together(
        filesOf(path, ".service"),
        (file) => importUnit(unitSource(file), options),
      );
    case "runit":
      refuseRc(path);
      return together(runitDirectories(path.replace(/\/+$/, "")), importRunitDirectory);
    default:
      return format satisfies never;
  }
}

/** Refuses a tree of s6-rc. It looks like one of runit, but /init can boot it as it is. */
function refuseRc(path: string): void {
  const place = rcTypeFile(path.replace(/\/+$/, ""));
  if (place === undefined) return;
  throw new Refusal(
    { file: `${place}/type`, line: 1 },
    "this is of s6-rc: /init boots such a tree as it is, and there is nothing to import",
  );
}

function filesOf(path: string, end: string): string[] {
  return isPathOfDirectory(path) ? filesEnding(path.replace(/\/+$/, ""), end) : [path];
}

function importRunitDirectory(path: string): Imported {
  const notes = new Notes();
  const files = importRunit(runitSource(path), notes);
  return {
    services: [{
      name: serviceName(baseName(absolutePath(path))),
      files,
      directory: absolutePath(path),
    }],
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
